from datetime import datetime
from statistics import median

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from onboarding.kpis import SEES, WINDOW
from onboarding.models import Application


def compute(*, at: datetime) -> float | None:
    """The median of sent in to decided, in calendar days."""
    waits = [
        (decided - sent).total_seconds() / 86400
        for sent, decided in Application.objects.filter(
            decided_at__gt=at - WINDOW, decided_at__lte=at, submitted_at__isnull=False
        ).values_list("submitted_at", "decided_at")
        if sent and decided
    ]
    return median(waits) if waits else None


KPI = Kpi(
    name="onboarding.time",
    label=_("Onboarding time"),
    definition=_(
        "How long an application takes from sent in to decided, for half of them at most."
    ),
    unit="days",
    formula=_("Median of the calendar days from submission to decision, decided in 90 days"),
    source=_("The applications"),
    owner="onboarding_officer",
    better="less",
    compute=compute,
    url=lambda: reverse("onboarding:measures"),
    permission=SEES,
)
