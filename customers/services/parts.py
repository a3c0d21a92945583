"""A customer's parts (contacts, addresses, identifiers, consents) change under the customer's own version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clm.core import approvals, records
from clm.core.lifecycle import StaleVersion
from clm.core.models import User
from customers.models import Customer


def lock(*, customer: Customer, version: int | None = None) -> Customer:
    """The customer's row, locked until the transaction ends. :raises StaleVersion:"""
    locked = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if version is not None and locked.version != version:
        raise StaleVersion(locked.version)
    return locked


def touch(
    *,
    customer: Customer,
    parts: list[str],
    actor: User,
    at: datetime,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Raise the version of a locked customer whose parts changed; event `change` names them."""
    customer.version += 1
    customer.updated_at = at
    customer.save(update_fields=["version", "updated_at"])
    approvals.void(record=customer, at=at)
    records.note(
        record=customer,
        action="change",
        actor=actor,
        at=at,
        reason=reason,
        payload={**(payload or {}), "fields": sorted(parts)},
    )
