"""Two records become one, and two again to the last digit."""

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from clm.core import audit, events, lifecycle, registries
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Delivery, Event, Task
from customers import selectors, services
from customers.lifecycle import Stage
from customers.models import (
    Address,
    ContactPoint,
    Customer,
    CustomerMerge,
    DuplicatePair,
    Identifier,
    MergeRow,
    Offer,
)
from customers.services import match_keys
from customers.services.merge import MergeRefused
from customers.services.unmerge import UndoRefused
from customers.single_view.lifecycle import PairState
from offboarding.models import Closure
from tests.customers import merging
from tests.factories import customers as make
from tests.factories import offboarding, retention

pytestmark = pytest.mark.django_db
LATER = timedelta(days=3)
BORN = date(1984, 3, 12)
WHY = "the same person, seen at the counter"


@pytest.fixture
def merge(karen, now):
    def run(survivor, absorbed, at=now, actor=karen):
        return services.merge_customers(
            survivor=survivor, absorbed=absorbed, actor=actor, at=at, reason=WHY
        )

    return run


@pytest.fixture
def undo(karen, now):
    def run(one, at=now + LATER, actor=karen):
        return services.undo_merge(merge=one, actor=actor, at=at, reason="two people after all")

    return run


@pytest.fixture
def two(now):
    """Two records of one person with an address, e-mail and offer each."""

    def made(**fields):
        return make.customer(
            at=now, given_names="Mette", family_name="Sørensen", stage=Stage.ACTIVE, **fields
        )

    first = made(emails=["m@example.dk"], phones=["29110418"], occupation="Nurse", born_on=BORN,
                 addresses=[{"kind": "home", "line1": "Vestergade 31", "city": "Aarhus"}],
                 identifiers=[("cpr", "120384-1234")])  # fmt: skip
    second = made(emails=["m@example.dk", "mette@example.dk"], born_on=BORN,
                  addresses=[{"kind": "home", "line1": "Søgade 2", "city": "Odense"}])  # fmt: skip
    return first, second


# Exactly as before ---------------------------------------------------------------------------


def test_every_registered_model_is_made_here() -> None:
    registered = {entry.model._meta.label for entry in registries.merge_handlers}
    assert registered <= merging.MAKERS.keys() | merging.MADE_ALONG


@pytest.mark.parametrize("seed", range(6))
def test_merge_and_undo_restore_every_column_of_every_table(seed, merge, undo, now):
    rng = random.Random(seed)
    stays = merging.one_record(rng, at=now, name="Sørensen")
    goes = merging.one_record(rng, at=now, name=rng.choice(["Sørensen", "Sorensen"]))
    merging.fill(rng, stays, goes, at=now)
    merging.fill(rng, goes, stays, at=now)
    _one_open_at_most(stays, goes, rng)
    # What applications wrote on the records is known to their keys before, as a worker would see to.
    match_keys.refresh(customer_ids=[stays.pk, goes.pk])
    before = merging.picture(without={"core.Task", "customers.DuplicatePair"})
    tasks = set(Task.objects.values_list("pk", "record_id"))
    made = merge(stays, goes)
    between = merging.picture()
    assert before != between
    for entry in registries.merge_handlers:
        label = entry.model._meta.label
        if entry.stays or label == "customers.Customer" or label in merging.MAY_LACK:
            continue
        sides = MergeRow.objects.filter(merge=made, model=label).exclude(side="own")
        assert sides.exists() or label in merging.MADE_ALONG, f"no {label} was there to move"
    done = undo(made)
    assert (
        merging.differences(
            before, merging.picture(without={"core.Task", "customers.DuplicatePair"})
        )
        == []
    )
    assert tasks <= set(Task.objects.values_list("pk", "record_id"))
    assert done.stayed == [] or {one["model"] for one in done.stayed} == {"core.Task"}
    assert audit.verify().broken == []


def goes_actor():
    from clm.core import actors

    return actors.system_user()


def _one_open_at_most(stays, goes, rng):
    """Two open save cases would refuse the merge; another test is about that."""
    from retention.models import SaveCase

    if SaveCase.objects.filter(customer=stays).exists():
        SaveCase.objects.filter(customer=goes).delete()


def test_what_came_after_stays_with_the_survivor_and_is_listed(two, merge, undo, system, now):
    stays, goes = two
    offer = services.make_offer(customer=goes, kind="fee", text="No fee", given_by=system, at=now)
    theirs = merging.picture()["customers.Customer"][goes.pk]
    parts = {
        label: {key: row for key, row in merging.picture()[label].items()
                if row["customer_id"] == goes.pk}
        for label in ("customers.ContactPoint", "customers.Address", "customers.Identifier")
    }  # fmt: skip
    made = merge(stays, goes)
    stays = Customer.objects.get(pk=stays.pk)
    at = now + timedelta(days=1)
    # A new offer, a new phone number, the moved address and offer changed, a value changed.
    new = services.make_offer(customer=stays, kind="fee", text="Half fee", given_by=system, at=at)
    services.change_customer(
        customer=stays,
        changes={"phones": ["29110499"], "emails": [], "occupation": "Doctor",
                 "addresses": [{"kind": "home", "line1": "Nygade 9", "city": "Skive"}]},
        actor=system, at=at,
    )  # fmt: skip
    lifecycle.perform(record=offer, name="accept", actor=system, at=at)
    done = undo(made)
    whole = merging.picture()
    assert whole["customers.Customer"][goes.pk] == theirs
    for label, rows in parts.items():
        now_theirs = {k: r for k, r in whole[label].items() if r["customer_id"] == goes.pk}
        assert now_theirs == rows, label
    stays = Customer.objects.get(pk=stays.pk)
    assert stays.occupation == "Doctor"
    assert Offer.objects.get(pk=new.pk).customer_id == stays.pk
    assert Offer.objects.get(pk=offer.pk).customer_id == goes.pk
    assert Offer.objects.get(pk=offer.pk).state == "ACCEPTED"
    assert Address.objects.get(customer=stays, valid_to=None).line1 == "Nygade 9"
    assert (
        ContactPoint.objects.get(customer=stays, kind="phone", valid_to=None).value == "+4529110499"
    )
    told = {(one["model"], one["what"]) for one in done.stayed}
    assert {("customers.Offer", "added"), ("customers.Offer", "went_on"),
            ("customers.ContactPoint", "added"), ("customers.Address", "added")} <= told  # fmt: skip
    assert ("customers.ContactPoint", "changed") in told
    assert audit.verify().broken == []


@pytest.mark.parametrize("seed", range(4))
def test_later_edits_at_random_leave_the_merged_record_exact(seed, merge, undo, karen, now):
    rng = random.Random(100 + seed)
    stays = merging.one_record(rng, at=now, name="Sørensen")
    goes = merging.one_record(rng, at=now, name="Sørensen")
    merging.fill(rng, stays, goes, at=now)
    merging.fill(rng, goes, stays, at=now)
    _one_open_at_most(stays, goes, rng)
    exact = ("customers.Customer", "customers.ContactPoint", "customers.Address",
             "customers.Identifier")  # fmt: skip
    before = _of(goes, exact)
    made = merge(stays, goes)
    at = now + timedelta(days=1)
    if rng.random() < 0.5:
        merging.fill(rng, stays, goes_other(at), at=at)
    stays = Customer.objects.get(pk=stays.pk)
    edits = {"occupation": "Captain", "birth_place": "Skagen", "phones": ["29110477"],
             "emails": ["late@example.dk"], "given_names": "Mette Marie",
             "addresses": [{"kind": "home", "line1": "Nygade 9", "city": "Skive"}]}  # fmt: skip
    chosen = rng.sample(sorted(edits), rng.randint(1, 5))
    services.change_customer(
        customer=stays, changes={name: edits[name] for name in chosen}, actor=karen, at=at
    )
    for one in Identifier.objects.filter(customer=stays)[: rng.randint(0, 2)]:
        services.remove_identifier(identifier=one, actor=karen, at=at, reason="typed wrongly")
    undo(made)
    assert _without_tokens(_of(goes, exact)) == _without_tokens(before)
    stays = Customer.objects.get(pk=stays.pk)
    for name in set(chosen) & {"occupation", "birth_place", "given_names"}:
        assert getattr(stays, name) == edits[name]
    assert audit.verify().broken == []


def goes_other(at):
    return make.customer(at=at)


def _of(customer, labels):
    whole = merging.picture()
    return {
        label: {key: row for key, row in whole[label].items()
                if customer.pk in (key, row.get("customer_id"))}
        for label in labels
    }  # fmt: skip


def _without_tokens(rows):
    """A number that was deleted and is there again is encrypted anew; its index tells it is the same."""
    for row in rows["customers.Identifier"].values():
        row.pop("ciphertext")
    return rows


def test_a_number_that_went_to_somebody_else_since_refuses_the_undoing(
    two, merge, undo, karen, now
):
    goes, stays = two
    made = merge(stays, goes)
    number = Identifier.objects.get(customer=stays)
    services.remove_identifier(identifier=number, actor=karen, at=now, reason="typed wrongly")
    third = make.customer(at=now)
    theirs = services.add_identifier(
        customer=third, kind="cpr", value="120384-1234", actor=karen, at=now
    )
    with pytest.raises(UndoRefused, match="120384"):
        undo(made)
    services.remove_identifier(identifier=theirs, actor=karen, at=now, reason="not theirs")
    undo(made)
    assert Identifier.objects.get(customer=goes).masked == number.masked


def test_what_was_to_follow_on_a_record_follows_on_the_one_it_became(
    merge, system, now, deliver_all
):
    """Its events may still be on their way when it is merged."""
    stays, goes = (make.customer(at=now, stage=Stage.PROSPECT) for _ in range(2))
    deliver_all()
    services.change_customer(customer=goes, changes={"family_name": "Holm"}, actor=system, at=now)
    lifecycle.perform(record=goes, name="withdraw", actor=system, at=now, reason="no interest")
    goes = Customer.objects.get(pk=goes.pk)
    merge(stays, goes)
    deliver_all()
    assert Customer.objects.get(pk=stays.pk).retention_until is None


def test_who_stays_after_all_stays_under_the_other_record_too(merge, system, now, deliver_all):
    """Offboarding is cancelled, and before its closures are, the record is merged."""
    stays, goes = (make.customer(at=now, stage=Stage.ACTIVE) for _ in range(2))
    lifecycle.perform(record=goes, name="start_offboarding", actor=system, at=now)
    deliver_all()
    goes = Customer.objects.get(pk=goes.pk)
    lifecycle.perform(record=goes, name="cancel_offboarding", actor=system, at=now, reason="stays")
    merge(stays, Customer.objects.get(pk=goes.pk))
    deliver_all()
    assert [one.state for one in Closure.objects.all()] == ["CANCELLED"]
    assert not Delivery.objects.filter(done_at=None).exists()


# What a merge does ------------------------------------------------------------------------------


def test_the_merged_record_points_to_the_survivor_and_is_found_nowhere(two, merge, karen):
    stays, goes = two
    merge(stays, goes)
    assert selectors.surviving(customer_id=goes.pk) == stays.pk
    assert not selectors.visible_customers(actor=karen).filter(pk=goes.pk).exists()
    assert [one.pk for one in selectors.search(query="mette sorensen", actor=karen)] == [stays.pk]
    assert {one["id"] for one in selectors.commercial_view()} == {stays.pk}
    with pytest.raises(Customer.DoesNotExist):
        lifecycle.perform(record=goes, name="flag_at_risk", actor=karen, at=goes.created_at)


def test_the_database_keeps_the_merged_record_still(two, merge):
    stays, goes = two
    merge(stays, goes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('clm.merging', 'off', true)")
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Customer.everyone.filter(pk=goes.pk).update(occupation="Nobody")


def test_a_line_of_the_consent_ledger_moves_by_a_merge_only(two, now):
    stays, goes = two
    entry = services.record_consent(
        customer=goes, purpose="marketing", channel="email", decision="given", source="web",
        wording_version="marketing-1", actor=goes_actor(), at=now,
    )  # fmt: skip
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        type(entry).objects.filter(pk=entry.pk).update(customer=stays)


def test_events_stand_on_both_chains(two, merge, undo):
    stays, goes = two
    made = merge(stays, goes)
    assert events.for_record(goes)[0].action == "merged_into"
    assert {"merge", "change"} <= set(events.for_record(stays).values_list("action", flat=True)[:3])
    undo(made)
    for one in two:
        assert events.for_record(one)[0].action == "merge_undone"


def test_compliance_facts_take_the_stricter_and_are_told_apart(two, merge, karen, now):
    stays, goes = two
    services.set_risk(customer=goes, level="high", review_on=now.date(), actor=karen, at=now)
    services.set_restriction(customer=goes, code="frozen", actor=karen, at=now, reason="order")
    merge(stays, goes)
    stays = Customer.objects.get(pk=stays.pk)
    assert (stays.risk_level, stays.restriction) == ("high", "frozen")
    told = [set(one.payload["fields"]) for one in
            Event.objects.filter(record_id=stays.pk, action="change")]  # fmt: skip
    secret = {"risk_level", "restriction", "kyc_review_on"}
    assert [one for one in told if one & secret]
    assert not [one for one in told if one & secret and one - secret - {"kyc_cleared_at"}]


def test_screening_memory_follows(two, merge, now):
    from kyc.models import Hit

    stays, goes = two
    merging.MAKERS["kyc.Case"](random.Random(1), goes, stays, now)
    hit = Hit.objects.get(customer=goes)
    merge(stays, goes)
    moved = Hit.objects.get(pk=hit.pk)
    assert (moved.customer_id, moved.case.customer_id, moved.status) == (
        stays.pk, stays.pk, "false_match",
    )  # fmt: skip


# Who may, and when not -------------------------------------------------------------------------


def test_a_merge_needs_the_permission_and_a_reason(two, merge, ada, karen, now):
    with pytest.raises(PermissionDenied):
        merge(*two, actor=ada)
    with pytest.raises(ValidationError):
        services.merge_customers(survivor=two[0], absorbed=two[1], actor=karen, at=now, reason=" ")


def test_two_open_save_cases_refuse(two, merge, now):
    for one in two:
        retention.save_case(customer=one, at=now)
    with pytest.raises(MergeRefused, match="save case"):
        merge(*two)
    assert not CustomerMerge.objects.exists()


def test_a_running_closure_refuses(two, merge, now):
    stays, goes = two
    offboarding.closure(customer=goes, at=now)
    system = goes_actor()
    goes = Customer.objects.get(pk=goes.pk)
    if goes.stage != Stage.OFFBOARDING:
        lifecycle.perform(record=goes, name="start_offboarding", actor=system, at=now)
    with pytest.raises(MergeRefused, match="closure"):
        merge(stays, goes)


def test_what_awaits_approval_refuses(two, merge, karen, now):
    from clm.core import approvals

    stays, goes = two
    approvals.open_approval(
        record=goes, action="x", actor=karen, at=now, shown=approvals.snapshot(goes)
    )
    with pytest.raises(MergeRefused, match="approval"):
        merge(stays, goes)


def test_the_running_relationship_stays(two, merge, now):
    prospect = make.customer(at=now, given_names="Mette", family_name="Sørensen")
    with pytest.raises(MergeRefused, match="running relationship"):
        merge(prospect, two[0])
    assert services.suggested_survivor(prospect, two[0]) == two[0]


def test_merges_are_undone_in_reverse(two, merge, undo, now):
    stays, goes = two
    third = make.customer(at=now, given_names="Mette", family_name="Sørensen", stage=Stage.ACTIVE)
    first = merge(stays, goes)
    second = merge(third, stays, at=now + timedelta(hours=1))
    assert selectors.surviving(customer_id=goes.pk) == third.pk
    with pytest.raises(UndoRefused, match="Later merges"):
        undo(first)
    undo(second)
    undo(first)
    assert Customer.objects.filter(pk__in=[stays.pk, goes.pk, third.pk]).count() == 3


def test_a_pair_is_decided_by_its_merge_and_comes_back_with_the_undoing(two, merge, undo, now):
    stays, goes = two
    pair = DuplicatePair.objects.get()
    with pytest.raises(TransitionRefused):
        lifecycle.perform(record=pair, name="confirm", actor=goes_actor(), at=now)
    made = merge(stays, goes)
    assert DuplicatePair.objects.get(pk=pair.pk).state == PairState.CONFIRMED
    undo(made)
    assert DuplicatePair.objects.get(pk=pair.pk).state == PairState.REOPENED


def test_erasing_the_survivor_erases_what_was_merged_into_it(two, merge, undo, now, deliver_all):
    from customers.services.forgetting import forget_merged

    stays, goes = two
    made = merge(stays, goes)
    forget_merged(customer=Customer.objects.get(pk=stays.pk), at=now)
    blank = Customer.everyone.get(pk=goes.pk)
    assert (blank.given_names, blank.display_name, blank.born_on) == ("", "—", None)
    assert not ContactPoint.objects.filter(customer=goes).exists()
    with pytest.raises(UndoRefused, match="erased"):
        undo(made)
