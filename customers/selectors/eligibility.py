"""Whether a customer can have a product, and each reason why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from customers.countries import country_name
from customers.lifecycle import ENDED, Stage
from customers.models import Customer, PartyKind, Product


@dataclass(frozen=True)
class Eligibility:
    """The answer for one product; `reasons` are the sentences that stand in the way."""

    product: Product
    reasons: Sequence[str]

    @property
    def eligible(self) -> bool:
        return not self.reasons


def eligibility(
    *, customer: Customer, product: Product, on: date, channel: str = ""
) -> Eligibility:
    """
    Judge a product by the catalogue's own rules: validity, kind, age, residence, channel.

    Consent to be offered it and clearance by KYC are asked elsewhere, by whoever offers.
    """
    reasons: list[str] = []
    if on < product.valid_from:
        reasons.append(_("It is not offered yet."))
    if product.valid_to is not None and on > product.valid_to:
        reasons.append(_("It is no longer offered."))
    if customer.stage in (*ENDED, Stage.ERASED):
        reasons.append(_("The relationship has ended."))
    if product.customer_kinds and customer.kind not in product.customer_kinds:
        kinds = ", ".join(str(PartyKind(one).label) for one in product.customer_kinds)
        reasons.append(_("It is for: %(kinds)s.") % {"kinds": kinds})
    if product.countries and customer.residence_country not in product.countries:
        names = ", ".join(country_name(one) for one in product.countries)
        reasons.append(_("It is for residents of: %(countries)s.") % {"countries": names})
    reasons += _age_reasons(customer, product, on)
    if channel and product.channels and channel not in product.channels:
        reasons.append(_("It cannot be had through this channel."))
    return Eligibility(product, reasons)


def age_on(*, born_on: date, on: date) -> int:
    """Whole years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _age_reasons(customer: Customer, product: Product, on: date) -> list[str]:
    low, high = product.minimum_age, product.maximum_age
    if customer.kind != PartyKind.PERSON or (low is None and high is None):
        return []
    if customer.born_on is None:
        return [_("The date of birth is not known.")]
    age = age_on(born_on=customer.born_on, on=on)
    if low is not None and age < low:
        return [_("The customer is younger than %(age)d.") % {"age": low}]
    if high is not None and age > high:
        return [_("The customer is older than %(age)d.") % {"age": high}]
    return []
