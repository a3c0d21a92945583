"""A new customer before it is stored: names composed, contacts and identifiers normalised and checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clm.core import crypto, records
from clm.core.models import User
from customers import danish
from customers.contacts import InvalidContact, normal_email, normal_phone
from customers.identification import (
    CheckedIdentifier,
    InvalidIdentifier,
    check_identifier,
    index_purpose,
)
from customers.models import Address, ContactPoint, Customer, Identifier, PartyKind

IDENTIFIER_CONTEXT = "customers.Identifier"
NAME_FIELDS = frozenset({"kind", "given_names", "family_name", "name"})


@dataclass
class NewCustomer:
    """Everything that one new customer needs, valid field by field and not yet in the database."""

    customer: Customer
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    addresses: list[Mapping[str, Any]] = field(default_factory=list)
    identifiers: list[CheckedIdentifier] = field(default_factory=list)


def compose_names(customer: Customer) -> None:
    """Fill the shown name, the sorting key and the searched words from the names."""
    if customer.kind == PartyKind.PERSON:
        customer.display_name = f"{customer.given_names} {customer.family_name}".strip()
        filed_as = f"{customer.family_name} {customer.given_names}"
    else:
        customer.display_name = filed_as = customer.name
    customer.sort_key = danish.sort_key(filed_as)[:900]
    customer.search_text = danish.search_text(customer.display_name)


def draft(
    *,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    addresses: Iterable[Mapping[str, Any]] = (),
    identifiers: Iterable[Sequence[str]] = (),
    **fields: Any,
) -> NewCustomer:
    """
    A new customer from what was typed or imported.

    :param identifiers: `(kind, value)` or `(kind, value, country)`
    :raises ValidationError: a dict by field name, with every fault found
    """
    faults: dict[str, list[str]] = {}
    customer = Customer(**{name: _trimmed(value) for name, value in fields.items()})
    compose_names(customer)
    new = NewCustomer(customer, addresses=list(addresses))
    for email in emails:
        _collect(faults, "emails", lambda email=email: new.emails.append(normal_email(email)))
    for phone in phones:
        _collect(faults, "phones", lambda phone=phone: new.phones.append(normal_phone(phone)))
    for parts in identifiers:
        kind, value, *country = parts
        _collect(
            faults,
            "identifiers",
            lambda kind=kind, value=value, country=country: new.identifiers.append(
                check_identifier(kind=kind, value=value, country=country[0] if country else "DK")
            ),
        )
    if faults:
        raise ValidationError(faults)
    return new


def store(
    *,
    drafts: Sequence[NewCustomer],
    actor: User,
    at: datetime,
    source: str = "",
    reason: str = "",
    validate: bool = True,
) -> list[Customer]:
    """Insert new customers with their parts and one event each, in a handful of statements."""
    with transaction.atomic():
        customers = records.create_many(
            records=[one.customer for one in drafts],
            actor=actor,
            at=at,
            reason=reason,
            payloads=[{"kind": one.customer.kind, "source": source} for one in drafts],
            validate=validate,
        )
        on = at.date()
        points = [
            ContactPoint(
                customer=one.customer, kind=kind, value=value, source=source, valid_from=on
            )
            for one in drafts
            for kind, values in (("email", one.emails), ("phone", one.phones))
            for value in dict.fromkeys(values)
        ]
        ContactPoint.objects.bulk_create(points, batch_size=1000)
        Address.objects.bulk_create(
            [
                Address(customer=one.customer, source=source, valid_from=on, **address)
                for one in drafts
                for address in one.addresses
            ],
            batch_size=1000,
        )
        Identifier.objects.bulk_create(
            [
                sealed(customer=one.customer, checked=checked, source=source, at=at)
                for one in drafts
                for checked in one.identifiers
            ],
            batch_size=1000,
        )
    return customers


def sealed(
    *, customer: Customer, checked: CheckedIdentifier, source: str, at: datetime
) -> Identifier:
    """An identifier row: encrypted, with its blind index, not yet stored."""
    return Identifier(
        customer=customer,
        kind=checked.kind,
        country=checked.country,
        ciphertext=crypto.encrypt(plaintext=checked.value, context=IDENTIFIER_CONTEXT),
        index=index_of(checked),
        masked=checked.masked,
        source=source,
        added_at=at,
    )


def index_of(checked: CheckedIdentifier) -> bytes:
    return crypto.blind_index(
        value=checked.value, purpose=index_purpose(kind=checked.kind, country=checked.country)
    )


def taken(checked: Iterable[CheckedIdentifier]) -> dict[bytes, Any]:
    """The customers that hold one of these identifiers already, by blind index."""
    indexes = [index_of(one) for one in checked]
    rows = Identifier.objects.filter(index__in=indexes).values_list("index", "customer_id")
    return {bytes(index): customer_id for index, customer_id in rows}


def _collect(faults: dict[str, list[str]], name: str, step: Any) -> None:
    try:
        step()
    except (InvalidContact, InvalidIdentifier) as exc:
        faults.setdefault(name, []).append(str(exc))


def _trimmed(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value
