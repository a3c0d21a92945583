"""
Two records of one customer become one, in one transaction, so that it can be taken back.

The survivor takes over every row of every app that referred to the other record (`MergeHandler`),
each field's value by survivorship, and of compliance facts the stricter. The other record stays
as a pointer. What both said before is kept, encrypted, for the undoing.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from clm.core import actors, crypto, events, lifecycle, records
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Approval, Record, User
from customers.lifecycle import RELATIONSHIP, Stage
from customers.models import Address, Customer, CustomerMerge, DuplicatePair, MergeRow
from customers.selectors import golden as sources
from customers.services import drafts, match_keys
from customers.services.golden import as_changes, ask_about
from customers.services.merge_rows import (
    Parting,
    clash_sentence,
    part,
    references,
    snapshot,
)
from customers.services.parts import touch
from customers.single_view.lifecycle import UNDECIDED
from customers.single_view.survivorship import FIELDS, Choice, same

MERGE_CONTEXT = "customers.CustomerMerge"
#: Facts of compliance: the stricter of the two holds, and their change is told apart (tipping-off).
COMPLIANCE = ("risk_level", "restriction", "kyc_review_on")
_RISK = ("", "low", "medium", "high")


class MergeRefused(TransitionRefused):
    """The two records cannot be made one now; `reasons` say what must hold."""


def merge_customers(
    *,
    survivor: Customer,
    absorbed: Customer,
    actor: User,
    at: datetime,
    reason: str,
) -> CustomerMerge:
    """
    Make `absorbed` a pointer to `survivor`, which takes over everything that was there.

    :raises MergeRefused: with a sentence for each thing that stands in the way
    :raises PermissionDenied: `actor` may not merge
    :raises ValidationError: without a reason
    """
    if not actors.may(actor=actor, permission="customers.merge_customer"):
        raise PermissionDenied(_("You may not merge customers."))
    if len(reason.strip()) < 3:
        raise ValidationError({"reason": _("Say why the two records are one customer.")})
    with transaction.atomic():
        stays, goes = _locked(survivor, absorbed)
        partings = [
            part(reference=one, survivor=stays.pk, absorbed=goes.pk) for one in references()
        ]
        refusals = objections(survivor=stays, absorbed=goes, partings=partings)
        if refusals:
            raise MergeRefused(refusals)
        announce()
        found, now = _choices(stays, goes)
        before = _keep(stays, goes, partings)
        ended = _make_room(stays, goes, found, partings, at)
        pair = _pair(stays, goes)
        merge = records.create(
            record=CustomerMerge(
                survivor=stays, absorbed=goes, pair=pair, merged_by=actor, merged_at=at
            ),
            actor=actor,
            at=at,
            reason=reason.strip(),
        )
        _move(merge, partings, actor=actor, at=at)
        fields = _write_values(stays, goes, found, now, actor=actor, at=at)
        _point(goes, stays, at)
        _seal(merge, before, stays, ended, fields, partings)
        _tell(merge, stays, goes, fields, actor=actor, at=at, reason=reason.strip())
        match_keys.refresh(customer_ids=[stays.pk, goes.pk])
        if pair is not None and pair.state in UNDECIDED:
            lifecycle.perform(
                record=pair, name="confirm", actor=actor, at=at, reason=reason.strip(),
                changes={"decided_by": actor, "decided_at": at},
            )  # fmt: skip
        ask_about(customer=stays, found=found, actor=actor, at=at)
    return merge


def objections(
    *, survivor: Customer, absorbed: Customer, partings: Sequence[Parting] | None = None
) -> list[str]:
    """What stands in the way of a merge, each as the sentence that must hold."""
    if partings is None:
        partings = [
            part(reference=one, survivor=survivor.pk, absorbed=absorbed.pk) for one in references()
        ]
    both = (survivor, absorbed)
    running = {*RELATIONSHIP, Stage.OFFBOARDING}
    rules = (
        (_("The two records are different records"), survivor.pk != absorbed.pk),
        (_("Both are persons, or both are organisations"), survivor.kind == absorbed.kind),
        (_("Neither record is merged already"), not any(one.merged_into_id for one in both)),
        (
            _("Both records are in service"),
            not any(one.stage in {Stage.UNADMITTED, Stage.ERASED} for one in both),
        ),
        (
            _("No closure is under way for either record"),
            not any(one.stage == Stage.OFFBOARDING for one in both),
        ),
        (
            _("The record with the running relationship stays"),
            absorbed.stage not in running or survivor.stage in running,
        ),
        (_("Nothing about either record awaits approval"), not _awaits_approval(both, partings)),
    )
    return [sentence for sentence, met in rules if not met] + [
        clash_sentence(one.reference) for one in partings if one.clashes
    ]


def suggested_survivor(one: Customer, other: Customer) -> Customer:
    """The record that goes further in its life; of two alike, the older."""
    order = (
        Stage.ACTIVE, Stage.AT_RISK, Stage.DORMANT, Stage.OFFBOARDING, Stage.ONBOARDING,
        Stage.PROSPECT,
    )  # fmt: skip
    place = {stage: position for position, stage in enumerate(order)}

    def key(customer: Customer) -> tuple[Any, ...]:
        since = customer.customer_since or customer.created_at.date()
        return (
            place.get(Stage(customer.stage), len(order)),
            since,
            customer.created_at,
            customer.pk,
        )

    return min(one, other, key=key)


def announce() -> None:
    """Tell the database's guards that this transaction moves rows between records."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('clm.merging', 'on', true)")


def _locked(survivor: Customer, absorbed: Customer) -> tuple[Customer, Customer]:
    rows = Customer.everyone.filter(pk__in=[survivor.pk, absorbed.pk]).order_by("pk")
    found = {one.pk: one for one in rows.select_for_update(of=("self",))}
    return found[survivor.pk], found[absorbed.pk]


def _awaits_approval(both: Iterable[Customer], partings: Iterable[Parting]) -> bool:
    ids = {one.pk for one in both}
    for one in partings:
        if issubclass(one.reference.model, Record):
            ids |= {*one.moved, *one.own}
    return Approval.objects.filter(record_id__in=ids, decision="").exists()


def _choices(stays: Customer, goes: Customer) -> tuple[dict[str, Choice], dict[str, Any]]:
    """The choice of each field among what all sources of both records say."""
    places = list(Address.objects.filter(customer=stays, valid_to=None).order_by("kind"))
    now = sources.standing(customer=stays, addresses=places)
    found = sources.candidates(customers=[stays, goes])
    return sources.choices(found=found, now=now, rules=sources.rules_in_force()), now


def _keep(stays: Customer, goes: Customer, partings: Iterable[Parting]) -> dict[str, Any]:
    """Both records and the values around them as they are, for the undoing."""
    rows: dict[str, dict[str, Any]] = {}
    for one in partings:
        if one.reference.handler.exact:
            pks = [*one.moved, *one.left, *one.own]
            rows[f"{one.reference.label}:{one.reference.attname}"] = {
                str(row.pk): snapshot(row)
                for row in one.reference.model._base_manager.filter(pk__in=pks)
            }
    return {"survivor": snapshot(stays), "absorbed": snapshot(goes), "rows": rows}


def _make_room(
    stays: Customer,
    goes: Customer,
    found: dict[str, Choice],
    partings: Iterable[Parting],
    at: datetime,
) -> dict[str, Any]:
    """Where the other record's address is the chosen one, the survivor's own ends today."""
    choice = found.get("address")
    parting = next(one for one in partings if one.reference.model is Address)
    if choice is None or choice.conflict:
        return {}
    wanted = whole_address(choice.value)
    for theirs in Address.objects.filter(customer=goes, valid_to=None, kind=wanted["kind"]):
        own = Address.objects.filter(customer=stays, valid_to=None, kind=theirs.kind).first()
        chosen = {name: getattr(theirs, name) for name in sources.ADDRESS_PARTS}
        if own is None or theirs.pk not in parting.left or not same(chosen, wanted):
            continue
        if same({name: getattr(own, name) for name in sources.ADDRESS_PARTS}, wanted):
            continue
        own.valid_to = max(at.date(), own.valid_from)
        own.save(update_fields=["valid_to"])
        parting.left.remove(theirs.pk)
        parting.moved.append(theirs.pk)
        return {str(own.pk): snapshot(own)}
    return {}


def whole_address(value: dict[str, Any]) -> dict[str, Any]:
    """An address with all its parts."""
    return {name: value.get(name, "") for name in sources.ADDRESS_PARTS}


def _move(merge: CustomerMerge, partings: Iterable[Parting], *, actor: User, at: datetime) -> None:
    """Move the rows, keep a list of what stood where, and leave an event on each governed record."""
    counts: dict[str, int] = {}
    for one in partings:
        model = one.reference.model
        if one.moved:
            change_owner(one.reference.model, one.reference.attname, one.moved,
                         to=merge.survivor_id, at=at)  # fmt: skip
            counts[model._meta.label] = counts.get(model._meta.label, 0) + len(one.moved)
            if issubclass(model, Record):
                note_moves(model, one.moved, merge=merge, to=merge.survivor_id, actor=actor, at=at)
        MergeRow.objects.bulk_create(
            (
                MergeRow(
                    merge=merge, model=model._meta.label, path=one.reference.attname,
                    row=str(pk), side=side,
                )
                for side, pks in (("moved", one.moved), ("left", one.left), ("own", one.own))
                for pk in pks
            ),
            batch_size=2000,
        )  # fmt: skip
    merge.moved = counts


def change_owner(
    model: type[Any], attname: str, pks: Sequence[Any], *, to: UUID, at: datetime
) -> None:
    """Point rows to another customer; a governed record's version rises with it."""
    changes: dict[str, Any] = {attname: to}
    if issubclass(model, Record):
        changes |= {"version": F("version") + 1, "updated_at": at}
    for start in range(0, len(pks), 5000):
        model._base_manager.filter(pk__in=pks[start : start + 5000]).update(**changes)


def note_moves(
    model: type[Record],
    pks: Sequence[UUID],
    *,
    merge: CustomerMerge,
    to: UUID,
    actor: User,
    at: datetime,
) -> None:
    """An event on the chain of every governed record that changed its customer."""
    events.append(
        drafts=[
            events.Draft(
                record_type=model._meta.label,
                record_id=pk,
                action="moved_by_merge",
                payload={"merge_id": str(merge.pk), "customer_id": str(to)},
            )
            for pk in pks
        ],
        actor=actor,
        at=at,
    )


def _write_values(
    stays: Customer,
    goes: Customer,
    found: dict[str, Choice],
    now: dict[str, Any],
    *,
    actor: User,
    at: datetime,
) -> list[str]:
    """The survivor's own columns: chosen values, the stricter of compliance, the longer history."""
    chosen = {
        name: choice.value
        for name, choice in found.items()
        if name in FIELDS and name != "address" and not choice.conflict
        and not same(choice.value, now.get(name))
    }  # fmt: skip
    changes: dict[str, Any] = as_changes(chosen, [])
    changes |= {
        "risk_level": max(stays.risk_level, goes.risk_level, key=_RISK.index),
        "restriction": stays.restriction or goes.restriction,
        "kyc_review_on": _first(stays.kyc_review_on, goes.kyc_review_on),
        "customer_since": _first(stays.customer_since, goes.customer_since),
        "last_transaction_on": _last(stays.last_transaction_on, goes.last_transaction_on),
        "adviser_id": stays.adviser_id or goes.adviser_id,
        "branch_id": stays.branch_id or goes.branch_id,
    }
    changed = [name for name, value in changes.items() if getattr(stays, name) != value]
    for name in changed:
        setattr(stays, name, changes[name])
    if drafts.NAME_FIELDS & set(changed):
        drafts.compose_names(stays)
        changed += ["display_name", "sort_key", "search_text"]
    if changed:
        stays.save(update_fields=[name.removesuffix("_id") for name in changed])
    return sorted(changed)


def _first(one: Any, other: Any) -> Any:
    return min((value for value in (one, other) if value is not None), default=None)


def _last(one: Any, other: Any) -> Any:
    return max((value for value in (one, other) if value is not None), default=None)


def _point(goes: Customer, stays: Customer, at: datetime) -> None:
    goes.merged_into = stays
    goes.version += 1
    goes.updated_at = at
    goes.save(update_fields=["merged_into", "version", "updated_at"])


def _seal(
    merge: CustomerMerge,
    before: dict[str, Any],
    stays: Customer,
    ended: dict[str, Any],
    fields: list[str],
    partings: Iterable[Parting],
) -> None:
    content = {**before, "after": snapshot(stays), "ended": ended}
    merge.fields = fields
    merge.ciphertext = crypto.encrypt(plaintext=json.dumps(content), context=MERGE_CONTEXT)
    merge.save(update_fields=["fields", "moved", "ciphertext"])


def _tell(
    merge: CustomerMerge,
    stays: Customer,
    goes: Customer,
    fields: list[str],
    *,
    actor: User,
    at: datetime,
    reason: str,
) -> None:
    """Events on both chains; compliance facts in an event of their own, which few may see."""
    parts = {"contact_points", "addresses", "identifiers", *fields} - set(COMPLIANCE)
    touch(customer=stays, parts=sorted(parts), actor=actor, at=at,
          payload={"merge_id": str(merge.pk)})  # fmt: skip
    if told := sorted(set(fields) & set(COMPLIANCE)):
        records.note(record=stays, action="change", actor=actor, at=at,
                     payload={"fields": told, "merge_id": str(merge.pk)})  # fmt: skip
    facts = {"merge_id": str(merge.pk), "moved": merge.moved}
    records.note(
        record=stays, action="merge", actor=actor, at=at, reason=reason,
        payload={**facts, "absorbed_id": str(goes.pk)},
    )  # fmt: skip
    records.note(
        record=goes, action="merged_into", actor=actor, at=at, reason=reason,
        payload={"merge_id": str(merge.pk), "survivor_id": str(stays.pk)},
    )  # fmt: skip


def _pair(one: Customer, other: Customer) -> DuplicatePair | None:
    first, second = sorted((one.pk, other.pk))
    return DuplicatePair.objects.filter(first_id=first, second_id=second).first()
