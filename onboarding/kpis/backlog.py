from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from onboarding.kpis import SEES
from onboarding.models import Application
from onboarding.selectors.measures import IN_HAND


def compute(*, at: datetime) -> float | None:
    """Applications that were sent in and are not done."""
    return float(Application.objects.filter(state__in=IN_HAND, submitted_at__lte=at).count())


KPI = Kpi(
    name="onboarding.backlog",
    label=_("Onboarding backlog"),
    definition=_("Applications that were sent in and are not decided or not yet activated."),
    unit="count",
    formula=_(
        "Applications between submission and activation, those that wait for the customer too"
    ),
    source=_("The applications"),
    owner="onboarding_officer",
    better="less",
    compute=compute,
    url=lambda: reverse("onboarding:measures"),
    permission=SEES,
)
