"""Writing records: each write checks the version, raises it and leaves an event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django_fsm import FSMField

from clm.core import approvals, bulk, events
from clm.core.lifecycle import StaleVersion
from clm.core.models import Event, Record, User

R = TypeVar("R", bound=Record)


def create(
    *,
    record: R,
    actor: User,
    at: datetime,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> R:
    """
    Validate and insert a record; event `create`.

    :raises django.core.exceptions.ValidationError: a field or constraint does not hold
    """
    return create_many(
        records=[record], actor=actor, at=at, reason=reason, payloads=[payload or {}],
        details=[detail or {}],
    )[0]  # fmt: skip


def create_many(
    *,
    records: Sequence[R],
    actor: User,
    at: datetime,
    reason: str = "",
    payloads: Sequence[Mapping[str, Any]] | None = None,
    details: Sequence[Mapping[str, Any]] | None = None,
    validate: bool = True,
    follow: bool = True,
) -> list[R]:
    """
    Insert many records of one model with an event each, in a handful of statements.

    :param validate: False only where the caller has validated every row already
    :param follow: False for a past taken over from elsewhere, after which nothing is to happen
    """
    if not records:
        return []
    model = type(records[0])
    machine = _machine_of(model)
    since = f"{machine.attname}_since" if machine is not None else ""
    for record in records:
        record.created_at = record.updated_at = at
        if since and getattr(record, since, at) is None:
            setattr(record, since, at)
        if validate:
            record.full_clean()
    with transaction.atomic():
        if len(records) == 1:
            records[0].save(force_insert=True)
        else:
            bulk.insert_records(records)
        events.append(
            drafts=[
                events.Draft(
                    record_type=model._meta.label,
                    record_id=record.id,
                    action="create",
                    target=str(getattr(record, machine.attname)) if machine else "",
                    payload=payloads[index] if payloads else {},
                    detail=_with_reason(details[index] if details else {}, reason),
                )
                for index, record in enumerate(records)
            ],
            actor=actor,
            at=at,
            follow=follow,
            born=True,
        )
    return list(records)


def change(
    *,
    record: R,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
) -> R:
    """
    Write fields of a record; event `change` that names them. Without a difference nothing
    is written. Open approvals on the record are voided: they were about what it was.

    :returns: the record as saved, locked until the transaction ends
    :raises StaleVersion: `version` is no longer the one in force
    """
    model = type(record)
    with transaction.atomic():
        locked = model._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
        if version is not None and locked.version != version:
            raise StaleVersion(locked.version)
        changed = []
        for name, value in changes.items():
            field = model._meta.get_field(name)
            if isinstance(field, FSMField):
                raise TypeError(f"{model._meta.label}.{name} changes by a transition only")
            if getattr(locked, name) != value:
                setattr(locked, name, value)
                changed.append(name)
        if not changed:
            return locked
        _clean(locked, changed)
        locked.version += 1
        locked.updated_at = at
        locked.save(update_fields=[*changed, "version", "updated_at"])
        approvals.void(record=locked, at=at)
        _append(
            locked,
            "change",
            actor=actor,
            at=at,
            payload={**(payload or {}), "fields": sorted(changed)},
            detail=_with_reason({}, reason),
        )
    return locked


def note(
    *,
    record: Record,
    action: str,
    actor: User,
    at: datetime,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Event:
    """Append an event to a record's chain without changing the record."""
    with transaction.atomic():
        identifier = _append(
            record,
            action,
            actor=actor,
            at=at,
            payload=payload or {},
            detail=_with_reason(detail or {}, reason),
        )
        return Event.objects.get(pk=identifier)


def _append(
    record: Record,
    action: str,
    *,
    actor: User,
    at: datetime,
    payload: Mapping[str, Any],
    detail: Mapping[str, Any],
) -> Any:
    draft = events.Draft(
        record_type=record._meta.label,
        record_id=record.pk,
        action=action,
        payload=payload,
        detail=detail,
    )
    return events.append(drafts=[draft], actor=actor, at=at)[0]


def _clean(record: Record, changed: Sequence[str]) -> None:
    """Validate what was changed, and every rule between fields; the rest was valid before."""
    rest = {field.name for field in record._meta.concrete_fields} - set(changed)
    record.clean_fields(exclude=rest)
    record.clean()
    record.validate_unique(exclude=rest)
    errors: dict[str, Any] = {}
    for constraint in record._meta.constraints:
        # Asking one is a statement of its own; the database asks them all again in any case.
        if _concerns(constraint, changed):
            try:
                constraint.validate(type(record), record)
            except ValidationError as exc:
                errors = exc.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _concerns(constraint: models.BaseConstraint, changed: Sequence[str]) -> bool:
    condition = getattr(constraint, "condition", None)
    named = {
        *getattr(constraint, "fields", ()),
        *getattr(condition, "referenced_base_fields", ()),
    }
    return not named or not named.isdisjoint(changed)


def _with_reason(detail: Mapping[str, Any], reason: str) -> dict[str, Any]:
    return {**detail, **({"reason": reason} if reason else {})}


def _machine_of(model: type[models.Model]) -> FSMField | None:
    return next((one for one in model._meta.concrete_fields if isinstance(one, FSMField)), None)
