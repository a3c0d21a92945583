"""What is held about a customer, until when, and under which article: room by room."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from clm.core import registries
from clm.core.models import User
from clm.core.registries import PersonalData
from customers.law.rules import Law, RetentionRule
from customers.lifecycle import ENDED
from customers.models import Customer
from customers.selectors.duplicates import records_of
from customers.selectors.laws import law_on
from customers.services.stages import years_later


@dataclass(frozen=True)
class Held:
    """
    One kind of record about a customer.

    :param fields: what of it is personal, in words
    :param until: the last day it is kept; None while the relationship goes on
    :param goes: whether an erasure today would take it
    """

    category: str
    what: str
    count: int
    fields: tuple[str, ...]
    rule: RetentionRule | None
    until: date | None
    goes: bool


def held_about(*, customer: Customer, on: date, reader: User) -> list[Held]:
    """
    Every kind of record held about the customer of which `reader` may be told, in the order of
    the registry.
    """
    law = law_on(country=settings.CLM_COUNTRY, on=on)
    found = []
    about = records_of(customer=customer)
    for entry in registries.personal_data:
        count = entry.told(customers=about, reader=reader).count()
        if count:
            found.append(_held(entry, customer, law, count, on))
    return found


def _held(entry: PersonalData, customer: Customer, law: Law, count: int, on: date) -> Held:
    rule = next((one for one in law.retention if one.category == entry.retention), None)
    until = customer.retention_until
    if until is not None and rule is not None and customer.closed_on is not None:
        # A shorter or longer rule of its own counts from the same day.
        until = years_later(customer.closed_on, rule.years)
    names = tuple(_label(entry, name) for name in entry.fields)
    ended = customer.stage in ENDED
    return Held(
        category=str(entry.category),
        what=str(entry.model._meta.verbose_name_plural),
        count=count,
        fields=names,
        rule=rule,
        until=until,
        goes=ended and until is not None and until < on,
    )


def _label(entry: PersonalData, name: str) -> str:
    field: Any = entry.model._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))
