from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from engagement import selectors
from engagement.kpis import SEES
from engagement.models import Measure


def compute(*, at: datetime) -> float | None:
    """The figure of the answers in the window; None with too few of them."""
    found = next(one for one in selectors.figures(at=at) if one.measure == Measure.NPS)
    return found.value


KPI = Kpi(
    name="engagement.nps",
    label=_("Recommendation (net promoters)"),
    definition=_(
        "How many more customers would recommend the bank than would not, in points of a hundred."
    ),
    unit="points",
    formula=_("Answers of 9 and 10 less answers up to 6, of all answers in 90 days; 20 at least"),
    source=_("The answers to surveys"),
    owner="manager",
    better="more",
    compute=compute,
    url=lambda: reverse("engagement:feedback"),
    permission=SEES,
)
