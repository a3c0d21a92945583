from datetime import datetime

from django.utils.translation import gettext_lazy as _

from acquisition.lifecycle import LeadState
from acquisition.models import Lead
from analytics.figures import portfolio


def compute(*, at: datetime) -> float | None:
    """Of the leads that came to an end, the share that became customers' applications."""
    ended = Lead.objects.filter(
        state_since__gt=at - portfolio.YEAR,
        state_since__lte=at,
        state__in=(LeadState.CONVERTED, LeadState.LOST),
    )
    count = ended.count()
    return ended.filter(state=LeadState.CONVERTED).count() / count if count else None


KPI = portfolio.kpi(
    name="conversion",
    label=_("Conversion"),
    definition=_("How many leads become customers."),
    formula=_("Leads converted, of those converted or lost, in twelve months"),
    source=_("The leads and their states"),
    compute=compute,
    url="acquisition:results",
)
