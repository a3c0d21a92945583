"""Analytics' pieces of other pages: the stages on a manager's Home."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from analytics import selectors
from clm.core.web.charts import Part, bars

# The five stages of the business, and the states of a customer that belong to each.
STAGES = (
    ("acquisition", ("PROSPECT",)),
    ("onboarding", ("ONBOARDING",)),
    ("engagement", ("ACTIVE",)),
    ("retention", ("AT_RISK", "DORMANT")),
    ("offboarding", ("OFFBOARDING", "CLOSED")),
)


def stages(request: HttpRequest, customer: None = None) -> Mapping[str, Any] | None:
    """How many customers stand in each of the five stages; nothing for an empty bank."""
    actor: Any = request.user
    counts = selectors.stage_counts(actor=actor)
    labels = {
        "acquisition": _("Acquisition"),
        "onboarding": _("Onboarding"),
        "engagement": _("Engagement"),
        "retention": _("Retention"),
        "offboarding": _("Offboarding"),
    }
    parts = [
        Part(labels[name], sum(counts.get(stage, 0) for stage in states)) for name, states in STAGES
    ]
    if not any(part.value for part in parts):
        return None
    scoring = selectors.last_scoring(actor=actor)
    return {
        "chart": bars(parts, title=_("Customers by stage"), width=640, unit=_("Customers")),
        "scoring": scoring,
        "high": scoring["bands"].get("high", 0),
    }
