from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from engagement import selectors
from engagement.kpis import SEES
from engagement.models import Measure


def compute(*, at: datetime) -> float | None:
    """The figure of the answers in the window; None with too few of them."""
    found = next(one for one in selectors.figures(at=at) if one.measure == Measure.CSAT)
    return found.value


KPI = Kpi(
    name="engagement.satisfaction",
    label=_("Satisfaction"),
    definition=_("How many of those asked are satisfied."),
    unit="share",
    formula=_("Answers of 4 and 5 of all answers in 90 days; 20 at least"),
    source=_("The answers to surveys"),
    owner="manager",
    better="more",
    compute=compute,
    url=lambda: reverse("engagement:feedback"),
    permission=SEES,
)
