from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from onboarding.kpis import SEES
from onboarding.selectors import adoption


def compute(*, at: datetime) -> float | None:
    """Of those activated a while ago, how many have paid with what they opened."""
    return adoption(at=at).shares["payment"]


KPI = Kpi(
    name="onboarding.adoption_rate",
    label=_("Adoption"),
    definition=_("How many new customers use what they opened within 30 days."),
    unit="share",
    formula=_("Activations 30 to 120 days ago with a payment within 30 days, of all of them"),
    source=_("The welcome plans"),
    owner="manager",
    better="more",
    compute=compute,
    url=lambda: reverse("onboarding:welcome"),
    permission=SEES,
)
