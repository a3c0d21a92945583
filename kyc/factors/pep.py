from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import register


@register(
    "pep",
    label=_("Politically exposed"),
    group="customer",
    says=_(
        "Confirmed to be a politically exposed person, a relative or a close associate: a match on an entry that the list marks so (programme PEP, RCA, role.pep or role.rca)."
    ),
    basis="AMLR art. 42",
)
def pep(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"count": subject.pep_hits} if subject.pep_hits else None
