from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from clm.core.models import Event
from kyc.kpis import SEES, WINDOW
from kyc.lifecycle import CaseState
from kyc.models import Case


def compute(*, at: datetime) -> float | None:
    """Of the cases decided in the window, how many needed no person."""
    decided = Event.objects.filter(
        record_type=Case._meta.label, action__in=["clear", "reject"], at__gt=at - WINDOW, at__lte=at
    )
    total = decided.count()
    by_itself = decided.filter(action="clear", source=CaseState.CHECKING).count()
    return by_itself / total if total else None


KPI = Kpi(
    name="kyc.straight_through",
    label=_("Straight-through rate"),
    definition=_("How many of the cases decided were cleared by their checks alone."),
    unit="share",
    formula=_("Cases cleared straight through, of all cases cleared or rejected in 90 days"),
    source=_("The events of the cases"),
    owner="compliance_officer",
    better="more",
    compute=compute,
    url=lambda: reverse("kyc:queue"),
    permission=SEES,
    family="compliance",
)
