"""The application's machine, from its own table."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from clm.core import lifecycle
from clm.core.models import Event
from onboarding import services
from onboarding.lifecycle import ApplicationState as State
from onboarding.models import Application
from tests.factories.onboarding import application, clear

TABLE = {
    "submit": ({State.DRAFT}, State.SUBMITTED),
    "begin_verification": ({State.SUBMITTED}, State.VERIFYING),
    "refer": ({State.VERIFYING}, State.IN_REVIEW),
    "request_information": ({State.VERIFYING, State.IN_REVIEW}, State.INFORMATION_REQUESTED),
    "resume": ({State.INFORMATION_REQUESTED}, State.VERIFYING),
    "approve": ({State.VERIFYING, State.IN_REVIEW}, State.APPROVED),
    "decline": ({State.IN_REVIEW}, State.DECLINED),
    "withdraw": (
        {
            State.DRAFT,
            State.SUBMITTED,
            State.VERIFYING,
            State.IN_REVIEW,
            State.INFORMATION_REQUESTED,
        },
        State.WITHDRAWN,
    ),
    "expire": ({State.DRAFT, State.INFORMATION_REQUESTED}, State.EXPIRED),
    "activate": ({State.APPROVED}, State.ACTIVATED),
}
AUTOMATIC = {"begin_verification", "refer", "expire", "activate"}


def made_in(state: str, ola, now) -> Application:
    made = application(state=state, at=now, officer=ola)
    clear(made.customer, at=now)
    Application.objects.filter(pk=made.pk).update(straight_through=True)
    return Application.objects.get(pk=made.pk)


@pytest.mark.parametrize("state", list(State))
def test_each_transition_starts_where_the_table_says_and_nowhere_else(ola, system, now, state):
    kept = made_in(state, ola, now)
    for name, (sources, target) in TABLE.items():
        made = Application.objects.get(pk=kept.pk)
        with transaction.atomic():
            if state in sources:
                done = lifecycle.perform(record=made, name=name, actor=system, at=now, reason="why")
                assert done.state == target
            else:
                with pytest.raises(lifecycle.TransitionRefused):
                    lifecycle.perform(record=made, name=name, actor=system, at=now, reason="why")
                assert Application.objects.get(pk=made.pk).state == state
            # The next transition is tried from the same state.
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_without_the_role_nothing_moves(max_, ola, now, name):
    made = made_in(min(TABLE[name][0]), ola, now)
    events = Event.objects.count()
    with pytest.raises(PermissionDenied):
        lifecycle.perform(record=made, name=name, actor=max_, at=now, reason="why")
    assert Application.objects.get(pk=made.pk).state == made.state
    assert Event.objects.count() == events


@pytest.mark.parametrize("name", sorted(AUTOMATIC))
def test_what_happens_by_itself_no_person_does(ola, now, name):
    made = made_in(min(TABLE[name][0]), ola, now)
    with pytest.raises(PermissionDenied):
        lifecycle.perform(record=made, name=name, actor=ola, at=now, reason="why")


def test_only_the_system_approves_before_the_review(ola, now):
    made = made_in(State.VERIFYING, ola, now)
    with pytest.raises(PermissionDenied):
        lifecycle.perform(record=made, name="approve", actor=ola, at=now)


def test_an_adviser_submits_but_does_not_approve(ada, ola, now):
    made = application(at=now, branch=ada.branch)
    done = lifecycle.perform(record=made, name="submit", actor=ada, at=now)
    assert done.state == State.SUBMITTED
    with pytest.raises(PermissionDenied):
        lifecycle.perform(
            record=made_in(State.IN_REVIEW, ola, now), name="approve", actor=ada, at=now
        )


def test_every_guard_of_an_approval_is_named(ola, now):
    made = application(state=State.IN_REVIEW, at=now)
    with pytest.raises(lifecycle.TransitionRefused) as refusal:
        lifecycle.perform(record=made, name="approve", actor=ola, at=now)
    assert refusal.value.reasons == ["KYC is cleared", "An officer is assigned"]


def test_nothing_is_submitted_with_a_question_open(ada, now):
    made = application(at=now, answered=False, branch=ada.branch)
    with pytest.raises(lifecycle.TransitionRefused) as refusal:
        lifecycle.perform(record=made, name="submit", actor=ada, at=now)
    assert refusal.value.reasons == ["All required answers are given"]


def test_a_second_submission_is_refused_and_leaves_no_event(ada, now):
    made = application(at=now, branch=ada.branch)
    lifecycle.perform(record=made, name="submit", actor=ada, at=now)
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.perform(record=made, name="submit", actor=ada, at=now)
    assert Event.objects.filter(record_id=made.pk, action="submit").count() == 1


def test_a_restricted_customer_is_not_approved(ola, now):
    from clm.core import actors
    from customers import services as customers

    made = made_in(State.IN_REVIEW, ola, now)
    customers.set_restriction(
        customer=made.customer, code="frozen", actor=actors.system_user(), at=now, reason="test"
    )
    with pytest.raises(lifecycle.TransitionRefused) as refusal:
        lifecycle.perform(record=made, name="approve", actor=ola, at=now)
    assert refusal.value.reasons == ["The customer is not restricted"]


def test_the_database_refuses_an_illegal_jump(now, db):
    made = application(at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.filter(pk=made.pk).update(
            state=State.APPROVED, version=made.version + 1
        )


def test_a_failed_event_takes_the_transition_back(ada, now, monkeypatch):
    made = application(at=now, branch=ada.branch)

    def broken(**_kwargs):
        raise RuntimeError("no event")

    monkeypatch.setattr("clm.core.events.append", broken)
    with pytest.raises(RuntimeError):
        lifecycle.perform(record=made, name="submit", actor=ada, at=now)
    assert Application.objects.get(pk=made.pk).state == State.DRAFT


def test_abandoned_drafts_expire_in_bulk(system, now):
    from datetime import timedelta

    old = application(at=now - timedelta(days=61))
    young = application(at=now - timedelta(days=59))
    asked = application(
        state=State.INFORMATION_REQUESTED, at=now - timedelta(days=31), officer=system
    )
    assert services.expire_abandoned(actor=system, at=now) == 2
    states = {one.pk: one.state for one in Application.objects.all()}
    assert states == {
        old.pk: State.EXPIRED,
        young.pk: State.DRAFT,
        asked.pk: State.EXPIRED,
    }
