from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import register


@register(
    "no_identifier",
    label=_("No identity number"),
    group="customer",
    says=_("No identity number is on record."),
)
def no_identifier(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {} if not subject.has_identifier else None
