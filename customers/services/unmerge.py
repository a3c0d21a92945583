"""
Taking a merge back: both records as they were, and what came after stays with the survivor.

Values that describe a customer (`MergeHandler.exact`, and the columns of both records) return to
the last digit. Records with a life of their own (a case, an offer) go back as they stand now. A
value of the survivor that somebody changed after the merge is kept; so is every row that came
later. All of it is listed on the merge.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from clm.core import actors, crypto, events, lifecycle, records
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Approval, Record, User
from customers.lifecycle import Stage
from customers.models import Customer, CustomerMerge, DuplicatePair, Identifier, MergeRow
from customers.selectors import golden as sources
from customers.services import drafts, match_keys
from customers.services.golden import ask_about
from customers.services.merge import (
    COMPLIANCE,
    MERGE_CONTEXT,
    announce,
    change_owner,
    note_moves,
)
from customers.services.merge_rows import (
    Reference,
    reference_of,
    references,
    restored,
    snapshot,
)
from customers.services.parts import touch
from customers.single_view.lifecycle import PairState

#: Made from the names, so they follow them.
_MADE = ("display_name", "sort_key", "search_text")


class UndoRefused(TransitionRefused):
    """The merge cannot be taken back now; `reasons` say what must hold."""


def undo_merge(*, merge: CustomerMerge, actor: User, at: datetime, reason: str) -> CustomerMerge:
    """
    Restore both records of a merge; `stayed` of the answer lists what came after it.

    :raises UndoRefused: undone already, a later merge stands on it, the data is erased, …
    :raises PermissionDenied: `actor` may not undo
    :raises ValidationError: without a reason
    """
    if not actors.may(actor=actor, permission="customers.undo_merge"):
        raise PermissionDenied(_("You may not undo a merge."))
    if len(reason.strip()) < 3:
        raise ValidationError({"reason": _("Say why the two records are two customers.")})
    with transaction.atomic():
        locked = CustomerMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        stays, goes = _both(locked)
        refusals = objections(merge=locked)
        if refusals:
            raise UndoRefused(refusals)
        announce()
        kept = json.loads(crypto.decrypt(token=locked.ciphertext, context=MERGE_CONTEXT))
        _numbers_are_free(locked, kept)
        stayed = _came_after(locked, at)
        stayed += _put_back(locked, kept, actor=actor, at=at)
        stayed += _reopen_own(kept)
        fields, later = _restore_survivor(locked, stays, kept)
        _revive(goes, at)
        locked = records.change(
            record=locked,
            changes={"undone_by": actor, "undone_at": at, "stayed": stayed + later},
            actor=actor, at=at, reason=reason.strip(),
        )  # fmt: skip
        _tell(locked, stays, goes, fields, actor=actor, at=at, reason=reason.strip())
        match_keys.refresh(customer_ids=[stays.pk, goes.pk])
        _look_again(locked, at)
        for one in (stays, goes):
            ask_about(customer=one, found=sources.provenance(customer=one), actor=actor, at=at)
    return locked


def objections(*, merge: CustomerMerge) -> list[str]:
    """What stands in the way of taking a merge back, each as the sentence that must hold."""
    both = [merge.survivor_id, merge.absorbed_id]
    survivor = Customer.everyone.get(pk=merge.survivor_id)
    later = CustomerMerge.objects.filter(undone_at=None, pk__gt=merge.pk).filter(
        models.Q(survivor_id__in=both) | models.Q(absorbed_id__in=both)
    )
    rows = merge.rows.filter(side=MergeRow.Side.MOVED).values_list("model", "row")
    waiting = Approval.objects.filter(decision="").values_list("record_type", "record_id")
    moved = {(label, row) for label, row in rows}
    open_question = any(
        record_id in both or (label, str(record_id)) in moved for label, record_id in waiting
    )
    rules = (
        (_("The merge is not undone already"), merge.undone_at is None),
        (_("Later merges of these records are undone first"), not later.exists()),
        (
            _("The personal data of the two is not erased"),
            bool(merge.ciphertext) and survivor.stage != Stage.ERASED,
        ),
        (_("Nothing about either record awaits approval"), not open_question),
    )
    return [sentence for sentence, met in rules if not met]


def _numbers_are_free(merge: CustomerMerge, kept: dict[str, Any]) -> None:
    """:raises UndoRefused: a number that is to go back was given to somebody else since"""
    before = kept["rows"].get(f"{Identifier._meta.label}:customer_id", {})
    moved = merge.rows.filter(model=Identifier._meta.label, side=MergeRow.Side.MOVED)
    for key in moved.values_list("row", flat=True):
        was = cast("Identifier", restored(Identifier, before[key]))
        taken = Identifier.objects.filter(index=was.index, kind=was.kind, country=was.country)
        holder = taken.exclude(pk=key).select_related("customer").first()
        if holder is not None:
            sentence = _("No other customer has the number %(number)s")
            raise UndoRefused([sentence % {"number": holder.masked}])


def _both(merge: CustomerMerge) -> tuple[Customer, Customer]:
    rows = Customer.everyone.filter(pk__in=[merge.survivor_id, merge.absorbed_id]).order_by("pk")
    found = {one.pk: one for one in rows.select_for_update(of=("self",))}
    return found[merge.survivor_id], found[merge.absorbed_id]


def _came_after(merge: CustomerMerge, at: datetime) -> list[dict[str, Any]]:
    """Rows that neither record had when they were merged; those on a row that goes back follow it."""
    found = []
    for reference in references():
        rows = merge.rows.filter(model=reference.label, path=reference.attname)
        known = set(rows.values_list("row", flat=True))
        fresh = [
            pk
            for pk in reference.rows(merge.survivor_id).values_list("pk", flat=True)
            if str(pk) not in known
        ]
        along = _hanging_on(merge, reference, fresh)
        change_owner(reference.model, reference.attname, along, to=merge.absorbed_id, at=at)
        found += [_item(reference.label, pk, "followed") for pk in along]
        found += [_item(reference.label, pk, "added") for pk in fresh if pk not in set(along)]
    return found


def _hanging_on(merge: CustomerMerge, reference: Reference, fresh: list[Any]) -> list[Any]:
    """Those of the new rows whose case, holding, … came from the other record."""
    name = reference.handler.follows
    if not name or not fresh:
        return []
    parent = cast("models.ForeignKey[Any, Any]", reference.model._meta.get_field(name))
    label = parent.related_model._meta.label
    moved = merge.rows.filter(model=label, side=MergeRow.Side.MOVED).values_list("row", flat=True)
    rows = reference.model._base_manager.filter(pk__in=fresh, **{f"{name}__in": list(moved)})
    return list(rows.values_list("pk", flat=True))


def _put_back(
    merge: CustomerMerge, kept: dict[str, Any], *, actor: User, at: datetime
) -> list[dict[str, Any]]:
    """What had moved goes back to the record it came from."""
    stayed: list[dict[str, Any]] = []
    moved = merge.rows.filter(side=MergeRow.Side.MOVED)
    for label, path in moved.values_list("model", "path").distinct().order_by("model", "path"):
        reference = reference_of(label, path)
        rows = list(moved.filter(model=label, path=path).values_list("row", flat=True))
        before = kept["rows"].get(f"{label}:{path}")
        if before is not None:
            stayed += _restore_exactly(reference, merge, rows, before)
        else:
            stayed += _hand_back(reference, merge, rows, actor=actor, at=at)
    return stayed


def _hand_back(
    reference: Reference, merge: CustomerMerge, rows: list[str], *, actor: User, at: datetime
) -> list[dict[str, Any]]:
    """Rows with a life of their own go back as they stand."""
    stayed: list[dict[str, Any]] = []
    with_survivor = {
        str(pk): pk for pk in reference.rows(merge.survivor_id).values_list("pk", flat=True)
    }
    back = [with_survivor[row] for row in rows if row in with_survivor]
    stayed += [_item(reference.label, row, "gone") for row in rows if row not in with_survivor]
    if issubclass(reference.model, Record):
        changed = reference.model._base_manager.filter(
            pk__in=back, updated_at__gt=merge.merged_at
        ).values_list("pk", flat=True)
        stayed += [_item(reference.label, pk, "went_on") for pk in changed]
    change_owner(reference.model, reference.attname, back, to=merge.absorbed_id, at=at)
    if issubclass(reference.model, Record):
        note_moves(reference.model, back, merge=merge, to=merge.absorbed_id, actor=actor, at=at)
    return stayed


def _restore_exactly(
    reference: Reference, merge: CustomerMerge, rows: list[str], before: dict[str, Any]
) -> list[dict[str, Any]]:
    """Values return column by column; one that was deleted since is there again."""
    stayed = []
    standing = {str(row.pk): row for row in reference.model._base_manager.filter(pk__in=rows)}
    for key in rows:
        values, row = before[key], standing.get(key)
        if row is not None and getattr(row, reference.attname) != merge.survivor_id:
            stayed.append(_item(reference.label, key, "elsewhere"))
            continue
        if row is not None and _differs(row, values, {reference.attname}):
            stayed.append(_item(reference.label, key, "changed"))
        _write(reference.model, row, values)
    return stayed


def _reopen_own(kept: dict[str, Any]) -> list[dict[str, Any]]:
    """The survivor's own address that had made room stands again, unless it was changed since."""
    from customers.models import Address

    stayed = []
    before = kept["rows"].get("customers.Address:customer_id", {})
    for key, after in kept["ended"].items():
        row = Address.objects.filter(pk=key).first()
        wanted = cast("Address", restored(Address, before[key]))
        later = Address.objects.filter(
            customer_id=wanted.customer_id, kind=wanted.kind, valid_to=None
        ).exclude(pk=key)
        if row is None or _differs(row, after, set()) or later.exists():
            stayed.append(_item("customers.Address", key, "kept"))
            continue
        _write(Address, row, before[key])
    return stayed


def _restore_survivor(
    merge: CustomerMerge, stays: Customer, kept: dict[str, Any]
) -> tuple[list[str], list[dict[str, Any]]]:
    """Columns that the merge wrote return; one that somebody changed afterwards is kept."""
    now, before, after = snapshot(stays), kept["survivor"], kept["after"]
    old = cast("Customer", restored(Customer, before))
    back, stayed = [], []
    for name in merge.fields:
        if name in _MADE:
            continue
        if now[name] == after[name]:
            setattr(stays, name, getattr(old, name))
            back.append(name)
        else:
            stayed.append({**_item("customers.Customer", stays.pk, "kept"), "field": name})
    if drafts.NAME_FIELDS & set(back):
        drafts.compose_names(stays)
        back += _MADE
    if back:
        stays.save(update_fields=[name.removesuffix("_id") for name in back])
    return back, stayed


def _revive(goes: Customer, at: datetime) -> None:
    goes.merged_into = None
    goes.version += 1
    goes.updated_at = at
    goes.save(update_fields=["merged_into", "version", "updated_at"])


def _tell(
    merge: CustomerMerge,
    stays: Customer,
    goes: Customer,
    fields: Iterable[str],
    *,
    actor: User,
    at: datetime,
    reason: str,
) -> None:
    parts = {"contact_points", "addresses", "identifiers"}
    names = {"given_names", "family_name", "name", "born_on", "nationalities", "residence_country"}
    facts = {"merge_id": str(merge.pk)}
    touch(customer=stays, parts=sorted(parts | set(fields) - set(COMPLIANCE)), actor=actor, at=at,
          payload=facts)  # fmt: skip
    if told := sorted(set(fields) & set(COMPLIANCE)):
        records.note(
            record=stays, action="change", actor=actor, at=at, payload={"fields": told, **facts}
        )
    # Back in service: whatever looks at changed customers looks at this one again.
    events.append(
        drafts=[
            events.Draft(
                record_type="customers.Customer",
                record_id=goes.pk,
                action="change",
                payload={"fields": sorted(parts | names), **facts},
            )
        ],
        actor=actor,
        at=at,
    )
    for record, other in ((stays, goes), (goes, stays)):
        records.note(
            record=record, action="merge_undone", actor=actor, at=at, reason=reason,
            payload={**facts, "other_id": str(other.pk), "stayed": len(merge.stayed)},
        )  # fmt: skip


def _look_again(merge: CustomerMerge, at: datetime) -> None:
    if merge.pair_id is None:
        return
    pair = DuplicatePair.objects.filter(pk=merge.pair_id, state=PairState.CONFIRMED).first()
    if pair is not None:
        lifecycle.perform(record=pair, name="reopen", actor=actors.system_user(), at=at)


def _differs(row: models.Model, values: dict[str, Any], besides: set[str]) -> bool:
    now = snapshot(row)
    return any(now[name] != values[name] for name in values.keys() - besides)


def _write(model: type[models.Model], row: models.Model | None, values: dict[str, Any]) -> None:
    """Bring a row to these values; an encrypted column that says the same keeps its token."""
    wanted = restored(model, values)
    if row is None:
        wanted.save(force_insert=True)
        return
    now = snapshot(row)
    changed = [
        one
        for one in model._meta.concrete_fields
        if not one.primary_key and now[one.attname] != values.get(one.attname)
    ]
    for one in changed:
        setattr(row, one.attname, getattr(wanted, one.attname))
    if changed:
        row.save(update_fields=[one.name for one in changed])


def _item(label: str, pk: Any, what: str) -> dict[str, Any]:
    return {"model": label, "row": str(pk), "what": what}


def merged_from(*, customer_id: UUID) -> models.QuerySet[CustomerMerge]:
    """The merges that stand and made this record what it is, newest first."""
    return CustomerMerge.objects.filter(survivor_id=customer_id, undone_at=None).order_by("-id")
