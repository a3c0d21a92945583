"""Closing customers, and what follows by itself."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from clm.core import clocks, events, lifecycle
from clm.core.models import Event, Task
from customers.lifecycle import Stage
from customers.models import Customer, Holding
from customers.services import change_holding, close_holding
from offboarding import selectors, services
from offboarding.lifecycle import ClosureState
from offboarding.models import Closure, ObligationStatus
from tests.factories import customers
from tests.factories.offboarding import closure
from tests.factories.retention import save_case


def stage_of(customer_id):
    return Customer.objects.get(pk=customer_id).stage


def with_holdings(now, *kinds, stage=Stage.ACTIVE):
    """An active customer with a holding of each category and balance."""
    customer = customers.customer(stage=stage, at=now)
    held = []
    for category, balance in kinds:
        product = customers.product(code=f"p-{category}", category=category, at=now)
        held.append(
            customers.holding(of=customer, product=product, balance=Decimal(balance), at=now)
        )
    return customer, held


def test_a_request_is_checked_by_itself(ada, now, deliver_all):
    customer, _held = with_holdings(now, ("account", 100), ("loan", -2000), ("card", 0))
    made = services.request_closure(customer=customer, ground="customer", actor=ada, at=now)
    assert made.state == ClosureState.REQUESTED
    deliver_all()
    made.refresh_from_db()
    assert (made.state, stage_of(customer.pk)) == (ClosureState.CHECKING, Stage.OFFBOARDING)
    found = {row.kind: row.status for row in made.obligations.all()}
    assert found == {"balance": "open", "loan": "open", "card": "open"}
    assert [one["kind"] for one in made.checklist]


def test_the_check_told_again_changes_nothing(ada, now, deliver_all):
    customer, _held = with_holdings(now, ("account", 100))
    made = services.request_closure(customer=customer, ground="customer", actor=ada, at=now)
    deliver_all()
    before = Event.objects.count()
    services.check_obligations(event=events.for_record(made).get(action="create"), at=now)
    assert Event.objects.count() == before
    assert made.obligations.count() == 1


def test_one_closure_at_a_time_and_only_where_there_is_a_relationship(ada, now):
    made = closure(at=now)
    with pytest.raises(ValidationError, match="open closure"):
        services.request_closure(customer=made.customer, ground="customer", actor=ada, at=now)
    prospect = customers.customer(stage=Stage.PROSPECT, at=now)
    with pytest.raises(ValidationError, match="no relationship"):
        services.request_closure(customer=prospect, ground="customer", actor=ada, at=now)


def test_asking_needs_the_permission(line, now):
    customer = customers.customer(stage=Stage.ACTIVE, at=now)
    with pytest.raises(PermissionDenied):
        services.request_closure(customer=customer, ground="customer", actor=line, at=now)


def test_the_bank_gives_a_written_reason(ada, now):
    customer = customers.customer(stage=Stage.ACTIVE, at=now)
    with pytest.raises(ValidationError, match="written reason"):
        services.request_closure(customer=customer, ground="bank", actor=ada, at=now)


def test_no_ground_names_money_laundering(db):
    ground: Any = Closure._meta.get_field("ground")
    values = set(ground.choices)
    assert not any("aml" in value or "laundering" in str(label).lower() for value, label in values)


def test_switching_takes_seven_bank_days_and_skips_easter(ada, now):
    maundy = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
    customer = customers.customer(stage=Stage.ACTIVE, at=now)
    made = services.request_closure(
        customer=customer, ground="lost", switching=True, new_bank="Nordbank", actor=ada, at=maundy
    )
    # 31 March, 1 April, then Maundy Thursday to Easter Monday are closed, 7 to 10 April, 13 April.
    assert made.due_at is not None
    assert made.due_at.astimezone(clocks.ZONE).date() == date(2026, 4, 13)


def test_paid_out_repaid_and_confirmed_means_every_obligation_is_met(ada, system, now):
    customer, (account, loan, card) = with_holdings(
        now, ("account", 100), ("loan", -2000), ("card", 0)
    )
    made = closure(state=ClosureState.CHECKING, customer=customer, at=now)
    change_holding(holding=account, changes={"balance": 0}, actor=system, at=now)
    close_holding(holding=loan, closed_on=now.date(), actor=system, at=now)
    services.confirm_obligation(obligation=made.obligations.get(holding=card), actor=ada, at=now)
    services.recheck(closure=made, actor=ada, at=now)
    assert selectors.closure_facts(records=[made], at=now)[made.pk].unmet == 0
    assert set(made.obligations.values_list("status", flat=True)) == {ObligationStatus.MET}


def test_a_balance_cannot_be_confirmed_by_hand(ada, now):
    customer, (account,) = with_holdings(now, ("account", 100))
    made = closure(state=ClosureState.CHECKING, customer=customer, at=now)
    with pytest.raises(ValidationError, match="balance"):
        services.confirm_obligation(obligation=made.obligations.get(), actor=ada, at=now)
    assert account.balance == 100


def test_a_waiver_needs_a_reason_and_is_on_the_checklist(ada, now):
    customer, _held = with_holdings(now, ("account", "0.03"))
    made = closure(state=ClosureState.CHECKING, customer=customer, at=now)
    row = made.obligations.get()
    with pytest.raises(ValidationError, match="reason"):
        services.waive_obligation(obligation=row, reason=" ", actor=ada, at=now)
    services.waive_obligation(obligation=row, reason="Three øre", actor=ada, at=now)
    made.refresh_from_db()
    assert made.checklist[0]["status"] == "waived"
    done = lifecycle.perform(record=made, name="propose", actor=ada, at=now)
    assert done.state == ClosureState.PENDING_APPROVAL


def test_a_holding_opened_after_the_check_counts_as_unmet(ada, now):
    customer, _held = with_holdings(now, ("account", 0))
    made = closure(state=ClosureState.CHECKING, customer=customer, at=now)
    product = customers.product(code="p-card", category="card", at=now)
    customers.holding(of=customer, product=product, at=now)
    with pytest.raises(lifecycle.TransitionRefused, match="Every obligation"):
        lifecycle.perform(record=made, name="propose", actor=ada, at=now)


def test_confirmed_by_a_second_person_everything_closes_by_itself(ada, rikke, now, deliver_all):
    customer, _held = with_holdings(now, ("account", 0))
    made = services.request_closure(
        customer=customer, ground="customer", exit_reason="moved", actor=ada, at=now
    )
    deliver_all()
    made.refresh_from_db()
    lifecycle.perform(record=made, name="propose", actor=ada, at=now)
    lifecycle.perform(record=made, name="settle", actor=rikke, at=now)
    deliver_all()
    made.refresh_from_db()
    customer.refresh_from_db()
    assert made.state == ClosureState.CLOSED
    assert customer.stage == Stage.CLOSED
    assert customer.closed_on == date(2026, 3, 5)
    assert customer.retention_until == date(2031, 3, 5)
    assert not Holding.objects.filter(customer=customer, closed_on=None).exists()


def test_being_told_twice_closes_once(ada, rikke, now, deliver_all):
    made = closure(state=ClosureState.SETTLING, at=now)
    deliver_all()
    made.refresh_from_db()
    assert made.state == ClosureState.CLOSED
    before = Event.objects.count()
    for action, reaction in (
        ("settle", services.settle_holdings),
        ("close", services.customer_is_closed),
        ("create", services.check_obligations),
    ):
        reaction(event=events.for_record(made).get(action=action), at=now)
    assert Event.objects.count() == before


def test_money_that_comes_in_during_settlement_keeps_it_open(system, now, deliver_all):
    customer, (account,) = with_holdings(now, ("account", 0))
    made = closure(state=ClosureState.SETTLING, customer=customer, at=now)
    change_holding(holding=account, changes={"balance": 7}, actor=system, at=now)
    deliver_all()
    made.refresh_from_db()
    assert made.state == ClosureState.SETTLING
    assert made.obligations.get().status == ObligationStatus.OPEN
    assert stage_of(customer.pk) == Stage.OFFBOARDING


@pytest.mark.parametrize("state", [ClosureState.REQUESTED, ClosureState.CHECKING])
def test_a_customer_who_stays_is_active_again(rikke, now, deliver_all, state):
    made = closure(state=state, at=now)
    lifecycle.perform(record=made, name="cancel", actor=rikke, at=now)
    deliver_all()
    assert stage_of(made.customer_id) == Stage.ACTIVE
    assert not made.obligations.exists()


def test_a_lost_customer_is_not_closed_unless_they_asked(rikke, now, deliver_all):
    case = save_case(owner=rikke, at=now)
    lifecycle.perform(record=case, name="lose", actor=rikke, at=now, reason="Took a better offer")
    deliver_all()
    assert not Closure.objects.exists()
    assert stage_of(case.customer_id) == Stage.AT_RISK
    task = Task.objects.get(record_id=case.pk)
    assert task.assignee == rikke
    services.open_closure(event=events.for_record(case).get(action="lose"), at=now)
    assert Task.objects.filter(record_id=case.pk).count() == 1


def test_a_lost_customer_who_asked_to_leave_is_being_offboarded(rikke, now, deliver_all):
    case = save_case(owner=rikke, wants_to_leave=True, at=now)
    lifecycle.perform(record=case, name="lose", actor=rikke, at=now, reason="Took a better offer")
    deliver_all()
    made = Closure.objects.get(customer=case.customer)
    assert (made.ground, made.state) == ("lost", ClosureState.CHECKING)
    services.open_closure(event=events.for_record(case).get(action="lose"), at=now)
    assert Closure.objects.count() == 1


def test_an_adviser_sees_closures_of_their_branch_only(ada, bo, aarhus, odense, now):
    here = closure(customer=customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=now))
    there = closure(customer=customers.customer(stage=Stage.ACTIVE, branch=odense, at=now))
    assert set(selectors.visible_closures(actor=ada)) == {here}
    assert set(selectors.visible_closures(actor=bo)) == {there}
