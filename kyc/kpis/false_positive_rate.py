from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from kyc.kpis import SEES, WINDOW
from kyc.models import Hit, HitState


def compute(*, at: datetime) -> float | None:
    """Of the hits decided in the window, how many were somebody else."""
    decided = Hit.objects.filter(decided_at__gt=at - WINDOW, decided_at__lte=at)
    total = decided.count()
    return decided.filter(status=HitState.FALSE_MATCH).count() / total if total else None


KPI = Kpi(
    name="kyc.false_positive_rate",
    label=_("False-positive rate"),
    definition=_("How many of the hits decided turned out to be another person."),
    unit="share",
    formula=_("Hits decided as another person, of all hits decided in the last 90 days"),
    source=_("The decisions on screening hits"),
    owner="compliance_officer",
    better="less",
    compute=compute,
    url=lambda: reverse("kyc:queue"),
    permission=SEES,
    family="compliance",
)
