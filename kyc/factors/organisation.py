from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import register


@register(
    "organisation",
    label=_("Legal person"),
    group="customer",
    says=_("A company, an association, another legal person."),
)
def organisation(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {} if subject.kind == "organisation" else None
