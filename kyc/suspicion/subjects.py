"""Whom a report is about, with the numbers in clear: read for the report and written down there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from clm.core import crypto
from customers.models import Address, ContactPoint, Customer
from customers.services.drafts import IDENTIFIER_CONTEXT


@dataclass(frozen=True)
class Number:
    kind: str
    number: str
    country: str


@dataclass(frozen=True)
class Place:
    kind: str
    line: str
    zip: str
    city: str
    country: str


@dataclass(frozen=True)
class Subject:
    """A customer as a report tells of them."""

    kind: str
    name: str
    given_names: str = ""
    family_name: str = ""
    born_on: date | None = None
    birth_place: str = ""
    nationalities: Sequence[str] = ()
    residence_country: str = ""
    occupation: str = ""
    legal_form: str = ""
    email: str = ""
    phones: Sequence[str] = ()
    addresses: Sequence[Place] = ()
    numbers: Sequence[Number] = field(default=(), repr=False)

    def identifier_of(self, *kinds: str) -> Number | None:
        """The first number of one of the kinds, in their order."""
        found = (one for kind in kinds for one in self.numbers if one.kind == kind)
        return next(found, None)

    def number_of(self, *kinds: str) -> str:
        known = self.identifier_of(*kinds)
        return known.number if known else ""


def subject_of(*, customer: Customer, on: date) -> Subject:
    """
    The customer as the record has it on a day.

    The numbers are opened here and not through `reveal_identifier`: that would leave a reveal in
    the customer's own log, where others would ask what it was for. The report's chain has it.
    """
    reached = [one for one in ContactPoint.objects.filter(customer=customer) if _holds(one, on)]
    places = [one for one in Address.objects.filter(customer=customer) if _holds(one, on)]
    return Subject(
        kind=customer.kind,
        name=customer.name or customer.display_name,
        given_names=customer.given_names,
        family_name=customer.family_name,
        born_on=customer.born_on,
        birth_place=customer.birth_place,
        nationalities=list(customer.nationalities),
        residence_country=customer.residence_country,
        occupation=customer.occupation,
        legal_form=customer.legal_form,
        email=next((one.value for one in reached if one.kind == ContactPoint.Kind.EMAIL), ""),
        phones=[one.value for one in reached if one.kind == ContactPoint.Kind.PHONE],
        addresses=[
            Place(
                one.kind,
                ", ".join(line for line in (one.line1, one.line2) if line)[:100],
                one.postal_code[:10],
                one.city,
                one.country,
            )
            for one in places
        ],
        numbers=[
            Number(
                one.kind,
                crypto.decrypt(token=one.ciphertext, context=IDENTIFIER_CONTEXT),
                one.country,
            )
            for one in customer.identifiers.order_by("added_at", "pk")
        ],
    )


def _holds(one: ContactPoint | Address, on: date) -> bool:
    return one.valid_from <= on and (one.valid_to is None or one.valid_to >= on)
