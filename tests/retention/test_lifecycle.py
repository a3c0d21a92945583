"""The save case's machine: where it goes, and what it refuses."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from clm.core import events, lifecycle, records
from retention.lifecycle import OPEN_STATES, SaveCaseState
from retention.models import SaveCase
from tests.factories.retention import prepare, save_case

NAMES = ("assign", "contact", "offer", "save", "lose", "dismiss")
SOURCES = {
    "assign": {SaveCaseState.FLAGGED},
    "contact": {SaveCaseState.ASSIGNED},
    "offer": {SaveCaseState.CONTACTED},
    "save": {SaveCaseState.OFFERED},
    "lose": set(OPEN_STATES),
    "dismiss": {SaveCaseState.FLAGGED, SaveCaseState.ASSIGNED, SaveCaseState.CONTACTED},
}


def test_transitions_are_called_what_the_interface_says():
    assert set(lifecycle.machine_of(SaveCase).transitions()) == set(NAMES)


@pytest.mark.parametrize("state", SaveCaseState.values)
def test_each_state_lets_its_own_transitions_through_and_no_other(rikke, now, state):
    case = save_case(state=state, owner=rikke, at=now)
    for name in NAMES:
        if state in SOURCES[name]:
            with transaction.atomic():
                ready = prepare(case, name, owner=rikke, at=now)
                done = lifecycle.perform(
                    record=ready, name=name, actor=rikke, at=now, reason="Because"
                )
                assert done.state != state
                assert events.for_record(done).filter(action=name, source=state).exists()
                transaction.set_rollback(True)
        else:
            with pytest.raises(lifecycle.TransitionRefused):
                lifecycle.perform(record=case, name=name, actor=rikke, at=now, reason="Because")


@pytest.mark.parametrize("name", NAMES)
def test_who_lacks_the_permission_is_refused(max_, now, name):
    state = next(state for state in SaveCaseState if state in SOURCES[name])
    case = save_case(state=state, at=now)
    case = prepare(case, name, at=now)
    with pytest.raises(PermissionDenied):
        lifecycle.perform(record=case, name=name, actor=max_, at=now, reason="Because")
    case.refresh_from_db()
    assert case.state == state


@pytest.mark.parametrize("name", ["lose", "dismiss"])
def test_giving_up_asks_for_a_reason(rikke, now, name):
    case = save_case(at=now)
    with pytest.raises(lifecycle.TransitionRefused, match="reason"):
        lifecycle.perform(record=case, name=name, actor=rikke, at=now)


@pytest.mark.parametrize(
    ("state", "name", "sentence"),
    [
        (SaveCaseState.FLAGGED, "assign", "The case has an owner"),
        (SaveCaseState.ASSIGNED, "contact", "A conversation since the case was assigned"),
        (SaveCaseState.CONTACTED, "offer", "An offer is attached"),
    ],
)
def test_guards_say_what_is_missing(rikke, now, state, name, sentence):
    case = save_case(state=state, at=now)
    with pytest.raises(lifecycle.TransitionRefused) as refused:
        lifecycle.perform(record=case, name=name, actor=rikke, at=now)
    assert any(reason.startswith(sentence) for reason in refused.value.reasons)


def test_an_offer_over_the_budget_is_refused_by_the_guard_as_well(rikke, system, now):
    case = save_case(state=SaveCaseState.CONTACTED, at=now)
    case = prepare(case, "offer", at=now)
    case = records.change(record=case, changes={"budget": 1}, actor=system, at=now)
    with pytest.raises(lifecycle.TransitionRefused, match="within the budget"):
        lifecycle.perform(record=case, name="offer", actor=rikke, at=now)


def test_database_refuses_a_jump_past_the_gate(db, now):
    case = save_case(at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        SaveCase.objects.filter(pk=case.pk).update(state=SaveCaseState.SAVED, version=99)
