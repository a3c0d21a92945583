"""Stages of a customer said by hand: what should follow them follows, and nothing runs on behind."""

import pytest
from django.core.exceptions import PermissionDenied

from clm.core import events, lifecycle
from customers.lifecycle import Stage
from offboarding import services
from offboarding.lifecycle import ClosureState
from offboarding.models import Closure, Ground
from onboarding import services as onboarding
from onboarding.lifecycle import ApplicationState
from tests.factories import customers
from tests.factories import onboarding as applications
from tests.factories.offboarding import closure

pytestmark = pytest.mark.django_db


def latest(record, action):
    return events.for_record(record).filter(action=action).first()


def test_offboarding_by_hand_brings_its_closure_once(rikke, now):
    customer = customers.customer(stage=Stage.ACTIVE, at=now)
    lifecycle.perform(
        record=customer, name="start_offboarding", actor=rikke, at=now, reason="Moves to Spain"
    )
    for _again in range(2):
        services.closure_follows(event=latest(customer, "start_offboarding"), at=now)
    found = Closure.objects.get(customer=customer)
    assert (found.ground, found.note) == (Ground.CUSTOMER, "Moves to Spain")
    services.check_obligations(event=latest(found, "create"), at=now)
    found.refresh_from_db()
    assert found.state == ClosureState.CHECKING


@pytest.mark.parametrize("state", [ClosureState.REQUESTED, ClosureState.CHECKING])
def test_a_customer_who_stays_calls_the_closure_off(rikke, now, state):
    customer = customers.customer(stage=Stage.OFFBOARDING, at=now)
    record = closure(state=state, customer=customer, at=now)
    customer.refresh_from_db()
    customer = lifecycle.perform(record=customer, name="cancel_offboarding", actor=rikke, at=now)
    for _again in range(2):
        services.closures_are_called_off(event=latest(customer, "cancel_offboarding"), at=now)
    record.refresh_from_db()
    assert record.state == ClosureState.CANCELLED


@pytest.mark.parametrize("name", ["decline", "withdraw"])
def test_no_application_outlives_the_customers_wish(ola, now, name):
    application = applications.application(
        customer=customers.customer(stage=Stage.ONBOARDING, at=now), at=now
    )
    customer = application.customer
    lifecycle.perform(record=customer, name=name, actor=ola, at=now, reason="Changed their mind")
    for _again in range(2):
        onboarding.applications_end(event=latest(customer, name), at=now)
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN


@pytest.mark.parametrize(
    ("who", "stage", "name", "allowed"),
    [
        ("ada", Stage.PROSPECT, "start_onboarding", True),
        ("ada", Stage.PROSPECT, "decline", False),
        ("ada", Stage.PROSPECT, "withdraw", True),
        ("ada", Stage.ACTIVE, "start_offboarding", True),
        ("ola", Stage.PROSPECT, "start_onboarding", True),
        ("ola", Stage.PROSPECT, "decline", True),
        ("ola", Stage.ACTIVE, "start_offboarding", False),
        ("rikke", Stage.ACTIVE, "start_offboarding", True),
        ("rikke", Stage.OFFBOARDING, "cancel_offboarding", True),
        ("rikke", Stage.PROSPECT, "decline", False),
        ("karen", Stage.ACTIVE, "start_offboarding", False),
    ],
)
def test_who_may_say_it(request, aarhus, now, who, stage, name, allowed):
    customer = customers.customer(stage=stage, branch=aarhus, at=now)
    actor = request.getfixturevalue(who)
    if not allowed:
        with pytest.raises(PermissionDenied):
            lifecycle.perform(record=customer, name=name, actor=actor, at=now, reason="R")
        return
    moved = lifecycle.perform(record=customer, name=name, actor=actor, at=now, reason="R")
    assert moved.stage != stage
