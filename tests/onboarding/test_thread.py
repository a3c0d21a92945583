"""From submission to an active customer: straight through, referred, declined, asked."""

from datetime import UTC, datetime, timedelta

import pytest

from clm.core import lifecycle
from clm.core.models import Event
from customers.lifecycle import Stage
from customers.models import Holding
from onboarding import services
from onboarding.lifecycle import ApplicationState as State
from onboarding.models import Application, ApplicationTask
from tests.factories.onboarding import announce_clearance, application, meet_demands

pytestmark = pytest.mark.usefixtures("own_reactions")


def latest(made: Application) -> Application:
    return Application.objects.select_related("customer", "product").get(pk=made.pk)


def submitted(actor, now, **fields) -> Application:
    made = application(at=now, branch=actor.branch, **fields)
    return lifecycle.perform(record=made, name="submit", actor=actor, at=now)


def test_low_risk_goes_straight_through_to_an_active_customer(ada, now, deliver_all):
    made = submitted(ada, now)
    announce_clearance(made.customer, at=now)
    deliver_all()
    made = latest(made)
    assert made.state == State.ACTIVATED
    assert made.straight_through
    assert made.customer.stage == Stage.ACTIVE
    holding = Holding.objects.get(customer=made.customer)
    assert holding.product == made.product
    actors = set(
        Event.objects.filter(record_id=made.pk, action__in=["approve", "activate"]).values_list(
            "actor__username", flat=True
        )
    )
    assert actors == {"system"}


@pytest.mark.parametrize(
    ("straight_through", "level"), [(False, "low"), (True, "medium"), (False, "high")]
)
def test_everything_else_waits_for_an_officer(ada, ola, now, deliver_all, straight_through, level):
    made = submitted(ada, now)
    announce_clearance(made.customer, straight_through=straight_through, level=level, at=now)
    deliver_all()
    made = latest(made)
    assert made.state == State.IN_REVIEW
    assert made.customer.stage == Stage.ONBOARDING

    made = services.assign_officer(application=made, officer=ola, actor=ola, at=now)
    if level != "low":
        # What a higher level demands is asked for first.
        with pytest.raises(lifecycle.TransitionRefused):
            lifecycle.perform(record=made, name="approve", actor=ola, at=now)
        meet_demands(made, ola, at=now)
        deliver_all()
    lifecycle.perform(record=made, name="approve", actor=ola, at=now)
    deliver_all()
    made = latest(made)
    assert made.state == State.ACTIVATED
    assert made.customer.stage == Stage.ACTIVE
    assert Holding.objects.filter(customer=made.customer).count() == 1


def test_the_system_s_steps_may_come_twice_and_in_any_order(ada, now, deliver_all):
    made = submitted(ada, now)
    event = announce_clearance(made.customer, at=now)
    # KYC has decided before anybody said that it had begun.
    services.continue_application(event=event, at=now)
    deliver_all()
    before = (Event.objects.count(), Holding.objects.count())
    services.continue_application(event=event, at=now)
    approved = Event.objects.get(record_id=made.pk, action="approve")
    services.activate_application(event=approved, at=now)
    services.keep_clock(event=approved, at=now)
    assert before == (Event.objects.count(), Holding.objects.count())
    assert latest(made).state == State.ACTIVATED


def test_a_no_of_the_officer_declines_the_customer_too(ada, ola, now, deliver_all):
    made = submitted(ada, now, officer=ola)
    announce_clearance(made.customer, straight_through=False, at=now)
    deliver_all()
    lifecycle.perform(record=made, name="decline", actor=ola, at=now, reason="Not our market")
    deliver_all()
    made = latest(made)
    assert made.state == State.DECLINED
    assert made.decided_at == now
    assert made.customer.stage == Stage.DECLINED
    event = Event.objects.get(record_id=made.customer_id, action="decline")
    assert event.detail["reason"] == "Not our market"


def test_withdrawing_one_of_two_leaves_the_customer_in_onboarding(ada, now, deliver_all):
    first = application(at=now, branch=ada.branch)
    second = application(at=now, customer=first.customer)
    lifecycle.perform(record=first, name="withdraw", actor=ada, at=now)
    deliver_all()
    assert latest(first).customer.stage == Stage.ONBOARDING
    lifecycle.perform(record=second, name="withdraw", actor=ada, at=now)
    deliver_all()
    assert latest(second).customer.stage == Stage.WITHDRAWN


def test_the_clock_stands_still_while_the_customer_is_asked(ada, ola, deliver_all):
    monday = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 9:00 in Copenhagen
    made = submitted(ada, monday, officer=ola)
    announce_clearance(made.customer, straight_through=False, at=monday)
    deliver_all(monday)
    made = latest(made)
    assert made.due_at == datetime(2026, 3, 3, 16, 0, tzinfo=UTC)  # 16 business hours

    asked_at = monday + timedelta(hours=4)
    lifecycle.perform(
        record=made, name="request_information", actor=ola, at=asked_at, reason="Payslip"
    )
    deliver_all(asked_at)
    made = latest(made)
    assert made.paused_at == asked_at
    assert made.is_paused

    back_at = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    lifecycle.perform(record=made, name="resume", actor=ola, at=back_at)
    deliver_all(back_at)
    made = latest(made)
    assert made.paused_at is None
    assert made.due_at == datetime(2026, 3, 10, 12, 0, tzinfo=UTC)  # the 12 hours that were left
    assert made.state == State.IN_REVIEW  # KYC had decided before


def test_a_clearance_that_comes_while_the_customer_is_asked_is_not_lost(
    ada, ola, system, now, deliver_all
):
    made = submitted(ada, now, officer=ola)
    made = lifecycle.perform(record=made, name="begin_verification", actor=system, at=now)
    lifecycle.perform(record=made, name="request_information", actor=ola, at=now, reason="More")
    announce_clearance(made.customer, at=now)
    deliver_all()
    assert latest(made).state == State.INFORMATION_REQUESTED
    lifecycle.perform(record=made, name="resume", actor=ola, at=now)
    deliver_all()
    assert latest(made).state == State.IN_REVIEW


def test_a_company_s_application_waits_for_the_bank_s_own_checks(ola, now, deliver_all):
    made = application(at=now, kind="organisation", answered=False)
    for key in ("register_extract", "power_to_sign"):
        task = ApplicationTask.objects.get(application=made, key=key)
        assert task.due_at is not None
        services.complete_check(task=task, note="Same", actor=ola, at=now)
        task.refresh_from_db()
        assert task.done_at == now
        services.complete_check(task=task, note="Same", actor=ola, at=now)
        assert task.answers == {"note": "Same"}


def test_an_application_makes_a_prospect_one_who_is_onboarded(ada, now, deliver_all):
    from tests.factories.customers import customer

    made = application(at=now, customer=customer(at=now))
    deliver_all()
    assert latest(made).customer.stage == Stage.ONBOARDING
