from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from onboarding.kpis import SEES, WINDOW
from onboarding.models import Application
from onboarding.selectors.measures import APPROVED


def compute(*, at: datetime) -> float | None:
    """Of the applications approved in the window, how many needed no person."""
    approved = Application.objects.filter(
        state__in=APPROVED, decided_at__gt=at - WINDOW, decided_at__lte=at
    )
    total = approved.count()
    return approved.filter(straight_through=True).count() / total if total else None


KPI = Kpi(
    name="onboarding.straight_through",
    label=_("Applications straight through"),
    definition=_("How many of the applications approved were approved without hands."),
    unit="share",
    formula=_("Applications approved without hands, of all approved in 90 days"),
    source=_("The applications"),
    owner="onboarding_officer",
    better="more",
    compute=compute,
    url=lambda: reverse("onboarding:measures"),
    permission=SEES,
)
