"""The one gate: lock, decide, change, save, tell; one record or many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import connection, models
from django.db import transaction as database
from django.utils.translation import gettext_lazy
from django_fsm import Transition

from clm.core import approvals, events
from clm.core.lifecycle.rules import StaleVersion, TransitionRefused, admit
from clm.core.lifecycle.table import Machine, machine_of
from clm.core.models import Record, User

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class BulkOutcome:
    """What `perform_many` did and what it refused, by record id."""

    done: list[UUID]
    refused: dict[UUID, list[str]]


def perform(
    *,
    record: R,
    name: str,
    actor: User,
    at: datetime,
    reason: str = "",
    version: int | None = None,
    changes: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> R:
    """
    Take one transition, or leave everything as it was.

    :param version: the version the caller has seen; another one in force raises StaleVersion
    :param changes: other fields to write with the state
    :param payload: facts without personal data for the event
    :param detail: words and personal data for the event's erasable part
    :returns: the record as saved
    :raises TransitionRefused: not from this state, a guard or the four-eyes rule refuses
    :raises PermissionDenied: `actor` lacks the permission
    """
    model = type(record)
    machine = machine_of(model)
    with database.atomic():
        locked = _lock(model, [record.pk])[0]
        if version is not None and locked.version != version:
            raise StaleVersion(locked.version)
        step = admit(machine, locked, name, actor, machine.facts_of([locked], at), reason)
        source = machine.state_of(locked)
        if machine.beside and name in machine.beside:
            machine.beside[name](record=locked, actor=actor, at=at)
        machine.method(name)(locked)
        for attribute, value in (changes or {}).items():
            setattr(locked, attribute, value)
        locked.version += 1
        locked.updated_at = at
        locked.save(update_fields=_written(machine, locked, changes))
        approved = _settle_approvals(step, locked, actor, at, reason)
        events.append(
            drafts=[
                events.Draft(
                    record_type=machine.label,
                    record_id=locked.pk,
                    action=name,
                    source=source,
                    target=machine.state_of(locked),
                    payload={**(payload or {}), **approved},
                    detail={**(detail or {}), **({"reason": reason} if reason else {})},
                )
            ],
            actor=actor,
            at=at,
        )
    return locked


def perform_many(
    *,
    records: Sequence[R],
    name: str,
    actor: User,
    at: datetime,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> BulkOutcome:
    """
    Take the same transition for many records in a handful of statements.

    Same table, guards and events as `perform`; a record that may not go is left and named.
    Transitions that open or need an approval go one by one through `perform`.
    """
    if not records:
        return BulkOutcome([], {})
    model = type(records[0])
    machine = machine_of(model)
    done: list[R] = []
    refused: dict[UUID, list[str]] = {}
    drafts: list[events.Draft] = []
    with database.atomic():
        locked = _lock(model, [record.pk for record in records])
        facts = machine.facts_of(locked, at)
        for one in locked:
            try:
                step = admit(machine, one, name, actor, facts, reason)
            except TransitionRefused as refusal:
                refused[one.pk] = refusal.reasons
                continue
            if {"opens", "four_eyes", "not_by"} & step.custom.keys() or name in (
                machine.beside or ()
            ):
                raise LookupError(f"{machine.label}.{name} is taken one record at a time")
            source = machine.state_of(one)
            machine.method(name)(one)
            drafts.append(
                events.Draft(
                    record_type=machine.label,
                    record_id=one.pk,
                    action=name,
                    source=source,
                    target=machine.state_of(one),
                    detail={"reason": reason} if reason else {},
                )
            )
            done.append(one)
        _write_many(machine, done, at, changes or {})
        events.append(drafts=drafts, actor=actor, at=at)
    return BulkOutcome([one.pk for one in done], refused)


def _settle_approvals(
    step: Transition, record: Record, actor: User, at: datetime, reason: str
) -> dict[str, Any]:
    """Decide, void and open the approvals this transition is about; facts for the event."""
    facts: dict[str, Any] = {}
    if action := step.custom.get("four_eyes"):
        decided = approvals.decide(record=record, action=action, checker=actor, at=at)
        facts = {"approval_id": str(decided.pk), "maker_id": str(decided.maker_id)}
    approvals.void(record=record, at=at)
    if action := step.custom.get("opens"):
        opened = approvals.open_approval(
            record=record,
            action=action,
            actor=actor,
            at=at,
            shown=approvals.snapshot(record),
            reason=reason,
        )
        facts["approval_id"] = str(opened.pk)
    return facts


def _lock(model: type[R], keys: Sequence[UUID]) -> list[R]:
    return list(
        model._default_manager.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    ) or _missing(model)


def _missing(model: type[R]) -> list[R]:
    raise model.DoesNotExist(gettext_lazy("This record does not exist."))


def _written(machine: Machine, record: Record, changes: Mapping[str, Any] | None) -> list[str]:
    extra = [machine.field, "version", "updated_at", *(changes or {})]
    if hasattr(record, f"{machine.field}_since"):
        setattr(record, f"{machine.field}_since", record.updated_at)
        extra.append(f"{machine.field}_since")
    return extra


def _write_many(
    machine: Machine, records: Sequence[Record], at: datetime, changes: Mapping[str, Any]
) -> None:
    if not records:
        return
    table = connection.ops.quote_name(machine.model._meta.db_table)
    names = {machine.field: None, **changes}
    if hasattr(records[0], f"{machine.field}_since"):
        names[f"{machine.field}_since"] = at
    fields = {
        name: cast("models.Field[Any, Any]", machine.model._meta.get_field(name)) for name in names
    }
    target = machine.state_of(records[0])
    values = [
        fields[name].get_db_prep_save(target if name == machine.field else names[name], connection)
        for name in names
    ]
    assignments = ", ".join(
        f"{connection.ops.quote_name(str(one.column))} = %s" for one in fields.values()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {assignments}, version = version + 1, updated_at = %s"
            " WHERE id = ANY(%s::uuid[])",
            [*values, at, [str(record.pk) for record in records]],
        )
