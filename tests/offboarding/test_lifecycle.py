"""The closure's machine: where it goes, what it refuses, and the second person."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from clm.core import approvals, events, lifecycle
from clm.core.models import Approval, Event
from offboarding import services
from offboarding.lifecycle import CLOSE_CUSTOMER, ClosureState
from offboarding.models import Closure
from tests.factories import customers
from tests.factories.offboarding import closure

NAMES = ("check", "propose", "send_back", "settle", "close", "cancel", "block", "unblock")
STATES = ClosureState
SOURCES = {
    "check": {STATES.REQUESTED},
    "propose": {STATES.CHECKING},
    "send_back": {STATES.PENDING_APPROVAL},
    "settle": {STATES.PENDING_APPROVAL},
    "close": {STATES.SETTLING},
    "cancel": {STATES.REQUESTED, STATES.CHECKING, STATES.PENDING_APPROVAL, STATES.BLOCKED},
    "block": {STATES.REQUESTED, STATES.CHECKING, STATES.PENDING_APPROVAL, STATES.SETTLING},
    "unblock": {STATES.BLOCKED},
}


def take(record, name, actor, at, **fields):
    return lifecycle.perform(
        record=record, name=name, actor=actor, at=at, reason="Because", **fields
    )


def test_transitions_are_called_what_the_interface_says():
    assert set(lifecycle.machine_of(Closure).transitions()) == set(NAMES)


@pytest.mark.parametrize("state", ClosureState.values)
def test_each_state_lets_its_own_transitions_through_and_no_other(rikke, now, state):
    record = closure(state=state, at=now)
    for name in NAMES:
        if state in SOURCES[name]:
            with transaction.atomic():
                done = take(record, name, rikke, now)
                assert done.state != state
                assert events.for_record(done).filter(action=name, source=state).exists()
                transaction.set_rollback(True)
        else:
            with pytest.raises(lifecycle.TransitionRefused):
                take(record, name, rikke, now)


@pytest.mark.parametrize("name", NAMES)
def test_who_lacks_the_permission_is_refused(line, now, name):
    state = next(one for one in ClosureState if one in SOURCES[name])
    record = closure(state=state, at=now)
    with pytest.raises(PermissionDenied):
        take(record, name, line, now)
    record.refresh_from_db()
    assert record.state == state


def test_an_adviser_asks_and_does_not_confirm(ada, now):
    record = closure(state=ClosureState.CHECKING, at=now)
    record = take(record, "propose", ada, now)
    with pytest.raises(PermissionDenied):
        take(record, "settle", ada, now)


def test_whoever_asked_does_not_confirm(rikke, now):
    record = closure(state=ClosureState.CHECKING, at=now)
    record = take(record, "propose", rikke, now)
    with pytest.raises(lifecycle.TransitionRefused, match="Another person"):
        take(record, "settle", rikke, now)


def test_a_second_person_confirms_and_both_names_are_kept(ada, rikke, now):
    record = take(closure(state=ClosureState.CHECKING, at=now), "propose", ada, now)
    done = take(record, "settle", rikke, now)
    approval = Approval.objects.get(record_id=done.pk, action=CLOSE_CUSTOMER)
    assert (approval.maker, approval.checker, approval.decision) == (ada, rikke, "approved")
    event = events.for_record(done).get(action="settle")
    assert event.payload["maker_id"] == str(ada.pk)


def test_a_robot_never_confirms(system, ada, now):
    record = take(closure(state=ClosureState.CHECKING, at=now), "propose", ada, now)
    with pytest.raises(PermissionDenied):
        take(record, "settle", system, now)


def test_sent_back_the_question_is_void_and_can_be_asked_anew(ada, rikke, now):
    record = take(closure(state=ClosureState.CHECKING, at=now), "propose", ada, now)
    record = take(record, "send_back", rikke, now)
    assert not approvals.waiting().filter(record_id=record.pk).exists()
    record = take(record, "propose", rikke, now)
    assert Approval.objects.filter(record_id=record.pk).latest("round").round == 2


def test_money_that_comes_in_after_the_question_stops_the_second_person(ada, rikke, system, now):
    customer = customers.customer(stage="ACTIVE", at=now)
    holding = customers.holding(of=customer, at=now)
    record = closure(state=ClosureState.CHECKING, customer=customer, at=now)
    record = take(record, "propose", ada, now)
    from customers.services import change_holding

    change_holding(holding=holding, changes={"balance": 5}, actor=system, at=now)
    with pytest.raises(lifecycle.TransitionRefused, match="Every obligation is met"):
        take(record, "settle", rikke, now)
    services.recheck(closure=record, actor=ada, at=now)
    change_holding(holding=holding, changes={"balance": 0}, actor=system, at=now)
    with pytest.raises(lifecycle.TransitionRefused, match="asked for approval"):
        take(record, "settle", rikke, now)


def test_the_exit_reason_is_mandatory(ada, now):
    record = closure(state=ClosureState.CHECKING, exit_reason="", at=now)
    with pytest.raises(lifecycle.TransitionRefused, match="reason for leaving"):
        take(record, "propose", ada, now)
    record = services.record_exit(
        closure=record, changes={"exit_reason": "service"}, actor=ada, at=now
    )
    assert take(record, "propose", ada, now).state == ClosureState.PENDING_APPROVAL


@pytest.mark.parametrize("name", ["send_back", "block", "unblock"])
def test_stopping_asks_for_a_reason(rikke, now, name):
    state = next(one for one in ClosureState if one in SOURCES[name])
    record = closure(state=state, at=now)
    with pytest.raises(lifecycle.TransitionRefused, match="reason is given"):
        lifecycle.perform(record=record, name=name, actor=rikke, at=now)


def test_a_refused_step_leaves_no_trace(ada, now):
    record = closure(state=ClosureState.CHECKING, exit_reason="", at=now)
    before = (record.version, Event.objects.count(), Approval.objects.count())
    with pytest.raises(lifecycle.TransitionRefused):
        take(record, "propose", ada, now)
    record.refresh_from_db()
    assert (record.version, Event.objects.count(), Approval.objects.count()) == before


def test_database_refuses_a_jump_past_the_gate(db, now):
    record = closure(at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Closure.objects.filter(pk=record.pk).update(state=ClosureState.CLOSED, version=99)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_does(transactional_db, ada, rikke, karen, now):
    with transaction.atomic():
        record = take(closure(state=ClosureState.CHECKING, at=now), "propose", ada, now)
    start = Barrier(2)

    def confirm(actor):
        try:
            start.wait()
            take(record, "settle", actor, now)
        except lifecycle.TransitionRefused:
            return "refused"
        else:
            return "settled"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(confirm, (rikke, karen)))
    assert outcomes == ["refused", "settled"]
    decided = Approval.objects.filter(record_id=record.pk, decision="approved")
    assert decided.count() == 1
    assert events.for_record(record).filter(action="settle").count() == 1
