"""Keeping what people and systems say of a customer beside what the record says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clm.core import actors
from clm.core.models import User
from customers.models import Customer, SourceRecord, SourceSystem
from customers.single_view.payloads import add
from customers.single_view.survivorship import FIELDS, MANUAL


def name_system(*, code: str) -> None:
    """Make a source system known under its code; its name can be changed in the workbench."""
    SourceSystem.objects.get_or_create(code=code, defaults={"name": code})


def note_by_hand(
    *, customer: Customer, values: Mapping[str, Any], actor: User, at: datetime
) -> None:
    """Keep what a person said as a source of its own; an API client is one as well."""
    told = {name: value for name, value in values.items() if name in FIELDS}
    if not told or actors.is_system(actor):
        return
    note_system(customer=customer, system="api" if actor.is_robot else MANUAL, values=told, at=at)


def note_system(
    *, customer: Customer, system: str, values: Mapping[str, Any], at: datetime
) -> None:
    """Keep what a system says of a customer it knows by our own id; the record stays as it is."""
    record = SourceRecord.objects.filter(system=system, external_id=str(customer.pk)).first()
    if record is None:
        name_system(code=system)
        record = SourceRecord(
            customer=customer, system=system, external_id=str(customer.pk), digest=b""
        )
    # A value said again is said today: a person's word stands until a source says something new.
    record.ciphertext = add(token=record.ciphertext, values=values, at=at)
    record.seen_at = at
    record.save()
