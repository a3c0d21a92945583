"""What a row says is kept as its source record; the customer's values follow by survivorship."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clm.core.models import User
from customers.imports.columns import IDENTIFIERS
from customers.models import ContactPoint, SourceRecord
from customers.services import golden
from customers.services.drafts import NewCustomer
from customers.services.parties import change_customer
from customers.single_view.payloads import pack, unpack
from customers.single_view.survivorship import FIELDS

#: Fields in which the newest row counts: the bank's own order, not a fact about the customer.
_PLAIN = frozenset({"adviser", "branch", "segment", "customer_since", "last_transaction_on"})


def said(*, values: Mapping[str, Any], new: NewCustomer) -> dict[str, Any]:
    """What a row says of its customer, in the record's own spelling."""
    told = {
        name: getattr(new.customer, name) for name in FIELDS if name in values and name != "address"
    }
    if new.addresses:
        told["address"] = {"line2": "", **new.addresses[0]}
    for name, points in (("emails", new.emails), ("phones", new.phones)):
        if points:
            told[name] = points
    return told | {name: values[name] for name in IDENTIFIERS if name in values}


def say_again(
    *,
    record: SourceRecord,
    values: Mapping[str, Any],
    new: NewCustomer,
    digest: bytes,
    actor: User,
    at: datetime,
) -> None:
    """A known row with other content: its source record changes, and what follows from that."""
    before = unpack(record.ciphertext)
    told = said(values=values, new=new)
    record.ciphertext = pack(values=told, at=at, before=record.ciphertext)
    record.digest, record.seen_at = digest, at
    record.save(update_fields=["ciphertext", "digest", "seen_at"])
    changes = {name: value for name, value in values.items() if name in _PLAIN}
    for part in ("emails", "phones"):
        if part in told:
            gone = before[part].value if part in before else []
            changes[part] = _contacts(record, part, told[part], gone)
    if changes:
        change_customer(
            customer=record.customer, changes=changes, actor=actor, at=at, by_hand=False
        )
    golden.settle(customer=record.customer, actor=actor, at=at)


def _contacts(record: SourceRecord, part: str, told: list[str], gone: list[str]) -> list[str]:
    """The contacts in force, without what this source alone said before, with what it says now."""
    others = SourceRecord.objects.filter(customer_id=record.customer_id).exclude(pk=record.pk)
    kept = {
        value
        for other in others
        if (said := unpack(other.ciphertext).get(part)) is not None
        for value in said.value
    }
    standing = ContactPoint.objects.filter(
        customer_id=record.customer_id, kind=part.removesuffix("s"), valid_to=None
    ).order_by("id")
    values = [point.value for point in standing if point.value in kept or point.value not in gone]
    return list(dict.fromkeys([*told, *values]))
