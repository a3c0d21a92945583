from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import register


@register(
    "likely_hit",
    label=_("Undecided matches"),
    group="customer",
    says=_("A likely match with a listed party that nobody has decided yet."),
)
def likely_hit(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"count": subject.open_hits} if subject.open_hits else None
