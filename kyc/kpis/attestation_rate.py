from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from kyc.culture.selectors import duties
from kyc.kpis import SEES


def compute(*, at: datetime) -> float | None:
    """Of what people are to attest, how much is attested."""
    found = duties(at=at)
    return sum(one.attested_at is not None for one in found) / len(found) if found else None


KPI = Kpi(
    name="kyc.attestation_rate",
    label=_("Attestation rate"),
    definition=_("How much of what people are to attest by their role is attested."),
    unit="share",
    formula=_("Policies attested in their newest version, of all that roles ask of people"),
    source=_("The attestations"),
    owner="compliance_officer",
    better="more",
    compute=compute,
    url=lambda: reverse("kyc:culture") + "#attestations",
    permission=SEES,
    family="compliance",
)
