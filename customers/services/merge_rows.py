"""The rows of every app that refer to a customer: what moves with a merge, and what cannot."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from clm.core import crypto, registries
from clm.core.models import Task
from customers.models import Customer


@dataclass(frozen=True)
class Reference:
    """One way in which rows of a model point to a customer."""

    model: type[models.Model]
    #: The column's attribute: `customer_id`, `owner_id`, …
    attname: str
    handler: registries.MergeHandler

    @property
    def label(self) -> str:
        return self.model._meta.label

    def rows(self, customer_id: UUID) -> "models.QuerySet[Any]":
        return self.model._base_manager.filter(**{self.attname: customer_id})


@dataclass
class Parting:
    """The rows of one reference before a merge: what moves, what stays behind, what was there."""

    reference: Reference
    moved: list[Any] = field(default_factory=list)
    left: list[Any] = field(default_factory=list)
    own: list[Any] = field(default_factory=list)
    clashes: list[Any] = field(default_factory=list)


def references() -> Iterator[Reference]:
    """Every reference to a customer in every app, and tasks, which know their record by its id."""
    for handler in registries.merge_handlers:
        if handler.model is Customer or handler.stays:
            continue
        for one in handler.model._meta.concrete_fields:
            if isinstance(one, models.ForeignKey) and one.related_model is Customer:
                yield Reference(handler.model, one.attname, handler)
    yield Reference(Task, "record_id", registries.MergeHandler(Task, "record_id"))


def reference_of(label: str, attname: str) -> Reference:
    """The reference again, from what was kept of it."""
    model = apps.get_model(label)
    handler = registries.merge_handlers.get(model) or registries.MergeHandler(model)
    return Reference(model, attname, handler)


def part(*, reference: Reference, survivor: UUID, absorbed: UUID) -> Parting:
    """Which rows of a reference move from `absorbed` to `survivor`, and which would clash there."""
    own = list(reference.rows(survivor).values_list("pk", flat=True))
    theirs = list(reference.rows(absorbed).values_list("pk", flat=True))
    found = Parting(reference, own=own)
    stuck = _between(reference, survivor) & set(theirs)
    clashing = _clashing(reference, survivor, absorbed) if theirs else set()
    for pk in theirs:
        if pk in stuck:
            found.left.append(pk)
        elif pk in clashing:
            (found.left if reference.handler.clash == "stay" else found.clashes).append(pk)
        else:
            found.moved.append(pk)
    return found


def clash_sentence(reference: Reference) -> str:
    """What must be done before the two records can be one."""
    return _("Only one of the two has an open “%(thing)s”") % {
        "thing": reference.model._meta.verbose_name
    }


def snapshot(row: models.Model) -> dict[str, str | None]:
    """
    Every column as text that `restored` reads back to the last digit.

    An encrypted column is kept by its plaintext: a rotation of keys in between must not matter.
    """
    hidden = crypto.encrypted_fields(type(row))
    values: dict[str, str | None] = {}
    for one in row._meta.concrete_fields:
        value = one.value_from_object(row)
        if one.attname in hidden:
            value = _opened(value, hidden[one.attname])
        if value is not None and one.attname not in hidden:
            value = one.value_to_string(row)
        values[one.attname] = value
    return values


def restored(model: type[models.Model], values: dict[str, str | None]) -> models.Model:
    """A row as it was; an encrypted column is encrypted anew."""
    row = model()
    hidden = crypto.encrypted_fields(model)
    for one in model._meta.concrete_fields:
        if one.attname not in values:
            continue
        text = values[one.attname]
        if text and one.attname in hidden:
            row.__dict__[one.attname] = crypto.encrypt(plaintext=text, context=hidden[one.attname])
        else:
            row.__dict__[one.attname] = None if text is None else one.to_python(text)
    return row


def _opened(token: str, context: str) -> str:
    return crypto.decrypt(token=token, context=context) if token else ""


def _between(reference: Reference, survivor: UUID) -> set[Any]:
    """Rows whose other reference is the survivor: a relation of the customer with itself is none."""
    others = [
        one.attname
        for one in reference.model._meta.concrete_fields
        if isinstance(one, models.ForeignKey)
        and one.related_model is Customer
        and one.attname != reference.attname
    ]
    found: set[Any] = set()
    for name in others:
        rows = reference.model._base_manager.filter(**{name: survivor})
        found |= set(rows.values_list("pk", flat=True))
    return found


def _clashing(reference: Reference, survivor: UUID, absorbed: UUID) -> set[Any]:
    meta = reference.model._meta
    found: set[Any] = set()
    for names, condition in _rules(reference):
        own: Any = next(one for one in meta.concrete_fields if one.attname == reference.attname)
        others = [name for name in names if name != own.name]
        limit = condition or models.Q()
        taken = set(reference.rows(survivor).filter(limit).values_list(*(others or ["pk"])))
        rows = reference.rows(absorbed).filter(limit).values_list("pk", *others)
        for pk, *values in rows:
            if (not others and taken) or (None not in values and tuple(values) in taken):
                found.add(pk)
    return found


def _rules(reference: Reference) -> Iterator[tuple[tuple[str, ...], models.Q | None]]:
    """The uniqueness rules of which the reference is a part."""
    meta = reference.model._meta
    own: Any = next(one for one in meta.concrete_fields if one.attname == reference.attname)
    if own.unique:
        yield (own.name,), None
    for names in meta.unique_together:
        if own.name in names:
            yield tuple(names), None
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and own.name in constraint.fields:
            yield tuple(constraint.fields), constraint.condition
