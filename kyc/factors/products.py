from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import Parameter, register


@register(
    "products",
    label=_("Products of higher risk"),
    group="product",
    says=_("An open holding of a product, or of a category of the catalogue, that the bank names."),
    parameters=(Parameter("products", _("Products or categories"), "words", []),),
)
def products(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    found = sorted(set(subject.products) & set(factor["products"]))
    return {"products": found} if found else None
