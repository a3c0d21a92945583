from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from onboarding.kpis import SEES
from onboarding.selectors import adoption


def compute(*, at: datetime) -> float | None:
    """From activation to the first payment."""
    return adoption(at=at).days


KPI = Kpi(
    name="onboarding.days_to_first_payment",
    label=_("Days to the first payment"),
    definition=_("How long it takes from activation to the first payment."),
    unit="days",
    formula=_("Median days, over activations 30 to 120 days ago that have paid"),
    source=_("The welcome plans"),
    owner="manager",
    better="less",
    compute=compute,
    url=lambda: reverse("onboarding:welcome"),
    permission=SEES,
)
