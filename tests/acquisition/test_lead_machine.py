"""The lead's machine, from its own table."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from acquisition.lifecycle import LeadState
from acquisition.models import Lead
from clm.core import lifecycle
from clm.core.models import Event
from tests.factories.acquisition import lead

TABLE = {
    "contact": ({LeadState.NEW}, LeadState.CONTACTED),
    "qualify": ({LeadState.CONTACTED}, LeadState.QUALIFIED),
    "offer": ({LeadState.QUALIFIED}, LeadState.OFFERED),
    "convert": ({LeadState.QUALIFIED, LeadState.OFFERED}, LeadState.CONVERTED),
    "lose": (
        {LeadState.NEW, LeadState.CONTACTED, LeadState.QUALIFIED, LeadState.OFFERED},
        LeadState.LOST,
    ),
    "mark_duplicate": (
        {LeadState.NEW, LeadState.CONTACTED, LeadState.QUALIFIED, LeadState.OFFERED},
        LeadState.DUPLICATE,
    ),
}


@pytest.mark.parametrize("state", list(LeadState))
def test_each_transition_starts_where_the_table_says_and_nowhere_else(ada, now, state):
    for name, (sources, target) in TABLE.items():
        made = lead(state=state, at=now, adviser=ada)
        if state in sources:
            done = lifecycle.perform(record=made, name=name, actor=ada, at=now, reason="why")
            assert done.state == target
        else:
            with pytest.raises(lifecycle.TransitionRefused):
                lifecycle.perform(record=made, name=name, actor=ada, at=now, reason="why")
            assert Lead.objects.get(pk=made.pk).state == state


@pytest.mark.parametrize("name", list(TABLE))
def test_without_the_role_nothing_moves(max_, now, name):
    made = lead(state=next(iter(sorted(TABLE[name][0]))), at=now)
    events = Event.objects.count()
    with pytest.raises(PermissionDenied):
        lifecycle.perform(record=made, name=name, actor=max_, at=now, reason="why")
    assert Lead.objects.get(pk=made.pk).state == made.state
    assert Event.objects.count() == events


@pytest.mark.parametrize("name", ["lose", "mark_duplicate"])
def test_leaving_needs_a_reason(ada, now, name):
    made = lead(at=now)
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.perform(record=made, name=name, actor=ada, at=now, reason="  ")
    done = lifecycle.perform(record=made, name=name, actor=ada, at=now, reason="No interest")
    event = Event.objects.get(record_id=done.pk, action=name)
    assert event.detail == {"reason": "No interest"}


@pytest.mark.parametrize(
    ("state", "name", "missing"),
    [
        (LeadState.NEW, "contact", {"email": "", "phone": ""}),
        (LeadState.QUALIFIED, "convert", {"branch": None}),
    ],
)
def test_a_guard_refuses_with_its_sentence(ada, now, state, name, missing):
    from acquisition import services

    made = lead(state=state, at=now)
    made = services.change_lead(lead=made, changes=missing, actor=ada, at=now)
    with pytest.raises(lifecycle.TransitionRefused) as refusal:
        lifecycle.perform(record=made, name=name, actor=ada, at=now)
    assert len(refusal.value.reasons) == 1


def test_the_database_refuses_an_illegal_jump(now, db):
    made = lead(at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Lead.objects.filter(pk=made.pk).update(state=LeadState.CONVERTED, version=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        Lead.objects.filter(pk=made.pk).update(state=LeadState.CONTACTED)


def test_a_failed_event_takes_the_transition_back(ada, now, monkeypatch):
    made = lead(at=now)

    def broken(**_kwargs):
        raise RuntimeError("no event")

    monkeypatch.setattr("clm.core.events.append", broken)
    with pytest.raises(RuntimeError):
        lifecycle.perform(record=made, name="contact", actor=ada, at=now)
    assert Lead.objects.get(pk=made.pk).state == LeadState.NEW


def test_who_saw_an_older_version_is_refused(ada, now):
    made = lead(at=now)
    lifecycle.perform(record=made, name="contact", actor=ada, at=now)
    with pytest.raises(lifecycle.StaleVersion):
        lifecycle.perform(record=made, name="qualify", actor=ada, at=now, version=made.version)
