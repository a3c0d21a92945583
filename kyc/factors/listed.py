from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import register


@register(
    "listed",
    label=_("Listed party"),
    group="customer",
    says=_("Confirmed to be a party on a list, for another reason than an office."),
)
def listed(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"count": subject.true_hits} if subject.true_hits else None
