from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from kyc.culture.selectors import quality
from kyc.kpis import SEES


def compute(*, at: datetime) -> float | None:
    """Of the cleared cases looked at again, how many were wrong."""
    found = [one for _sample, one in quality(months=12, at=at)]
    examined = sum(one.examined for one in found)
    return sum(one.errors for one in found) / examined if examined else None


KPI = Kpi(
    name="kyc.quality_errors",
    label=_("Error rate of decisions"),
    definition=_("How many of the cleared cases that were looked at again were decided wrongly."),
    unit="share",
    formula=_("Errors found, of the cases examined in the last twelve samples"),
    source=_("The quality samples"),
    owner="compliance_officer",
    better="less",
    compute=compute,
    url=lambda: reverse("kyc:culture") + "#quality",
    permission=SEES,
    family="compliance",
)
