from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import register


@register(
    "several_tax_countries",
    label=_("Several tax countries"),
    group="geography",
    says=_("Tax residence in more than one country."),
)
def several_tax_countries(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"count": len(subject.tax_countries)} if len(subject.tax_countries) > 1 else None
