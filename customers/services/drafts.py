"""A new customer before it is stored: names composed, contacts and identifiers normalised and checked."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from clm.core import bulk, crypto, records
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

T = TypeVar("T")
IDENTIFIER_CONTEXT = "customers.Identifier"
_IDENTIFIER = (
    "customer_id", "kind", "country", "ciphertext", "index", "masked", "source", "added_at",
)  # fmt: skip
#: The fields of an address with what holds where nothing is said.
ADDRESS_FIELDS = ("kind", "line1", "line2", "postal_code", "city", "country")
_ADDRESS: dict[str, Any] = {
    one.name: one.get_default()
    for one in Address._meta.concrete_fields
    if one.name in ADDRESS_FIELDS
}
NAME_FIELDS = frozenset({"kind", "given_names", "family_name", "name"})


@dataclass
class NewCustomer:
    """Everything that one new customer needs, valid field by field and not yet in the database."""

    customer: Customer
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    addresses: list[Mapping[str, Any]] = field(default_factory=list)
    identifiers: list[CheckedIdentifier] = field(default_factory=list)

    @cached_property
    def indexes(self) -> list[bytes]:
        """The blind indexes of the identifiers, in their order."""
        return [index_of(one) for one in self.identifiers]


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
    customer = Customer.unsaved(**{name: _trimmed(value) for name, value in fields.items()})
    compose_names(customer)
    new = NewCustomer(
        customer,
        _normal("emails", emails, normal_email, faults),
        _normal("phones", phones, normal_phone, faults),
        list(addresses),
        _normal("identifiers", identifiers, _checked, faults),
    )
    if faults:
        raise ValidationError(faults)
    return new


def _normal(
    name: str, values: Iterable[Any], normal: Callable[[Any], T], faults: dict[str, list[str]]
) -> list[T]:
    kept = []
    for value in values:
        try:
            kept.append(normal(value))
        except (InvalidContact, InvalidIdentifier) as exc:
            faults.setdefault(name, []).append(str(exc))
    return kept


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
    kinds = {one.customer.kind for one in drafts}
    told = {kind: {"kind": kind, "source": source} for kind in kinds}
    with transaction.atomic():
        customers = records.create_many(
            records=[one.customer for one in drafts],
            actor=actor,
            at=at,
            reason=reason,
            payloads=[told[one.customer.kind] for one in drafts],
            validate=validate,
        )
        _store_parts(drafts, source=source, at=at)
    return customers


def _store_parts(drafts: Sequence[NewCustomer], *, source: str, at: datetime) -> None:
    on = at.date()
    known = [(one.customer.id, one) for one in drafts]
    bulk.insert(
        model=ContactPoint,
        columns=("customer_id", "kind", "value", "source", "valid_from"),
        rows=(
            (customer_id, kind, value, source, on)
            for customer_id, one in known
            for kind, values in (("email", one.emails), ("phone", one.phones))
            for value in dict.fromkeys(values)
        ),
    )
    bulk.insert(
        model=Address,
        columns=("customer_id", "source", "valid_from", *_ADDRESS),
        rows=(
            (customer_id, source, on, *_whole(address))
            for customer_id, one in known
            for address in one.addresses
        ),
    )
    bulk.insert(
        model=Identifier,
        columns=_IDENTIFIER,
        rows=(
            _sealed(customer_id, checked, index, source, at)
            for customer_id, one in known
            for checked, index in zip(one.identifiers, one.indexes, strict=True)
        ),
    )


def sealed(
    *, customer: Customer, checked: CheckedIdentifier, source: str, at: datetime
) -> Identifier:
    """An identifier row: encrypted, with its blind index, not yet stored."""
    values = _sealed(customer.pk, checked, index_of(checked), source, at)
    return Identifier(**dict(zip(_IDENTIFIER, values, strict=True)))


def _sealed(
    customer_id: UUID, checked: CheckedIdentifier, index: bytes, source: str, at: datetime
) -> tuple[Any, ...]:
    token = crypto.encrypt(plaintext=checked.value, context=IDENTIFIER_CONTEXT)
    return customer_id, checked.kind, checked.country, token, index, checked.masked, source, at


def index_of(checked: CheckedIdentifier) -> bytes:
    return crypto.blind_index(
        value=checked.value, purpose=index_purpose(kind=checked.kind, country=checked.country)
    )


def taken(indexes: Collection[bytes]) -> dict[bytes, UUID]:
    """The customers that hold one of these identifiers already, by blind index."""
    if not indexes:
        return {}
    rows = Identifier.objects.filter(index__in=indexes).values_list("index", "customer_id")
    return {bytes(index): customer_id for index, customer_id in rows}


def _whole(address: Mapping[str, Any]) -> Iterable[str]:
    values = {**_ADDRESS, **address}
    if len(values) != len(_ADDRESS):
        raise TypeError(f"An address has no {', '.join(values.keys() - _ADDRESS)}.")
    return values.values()


def _checked(parts: Sequence[str]) -> CheckedIdentifier:
    kind, value, *country = parts
    return check_identifier(kind=kind, value=value, country=country[0] if country else "DK")


def _trimmed(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value
