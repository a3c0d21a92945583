"""Opening and working save cases, and what follows by itself."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from clm.core import events, lifecycle, records
from clm.core.lifecycle import StaleVersion
from clm.core.models import Event
from customers.lifecycle import Stage
from customers.models import Customer, Offer
from retention import selectors, services
from retention.lifecycle import SaveCaseState
from retention.models import Playbook, Reason, SaveCase
from tests.factories import customers
from tests.factories.engagement import interaction
from tests.factories.retention import REASONS, save_case


def crossing(customer, *, actor, at):
    """The event that analytics writes when a score crosses the threshold."""
    return records.note(
        record=customer,
        action="cross_threshold",
        actor=actor,
        at=at,
        payload={"customer_id": str(customer.pk)},
    )


def stage_of(customer_id):
    return Customer.objects.get(pk=customer_id).stage


def test_every_reason_has_a_playbook_with_steps_in_both_languages(db):
    assert set(Playbook.objects.values_list("reason", flat=True)) == set(Reason.values)
    for playbook in Playbook.objects.all():
        assert set(playbook.texts) == {"da", "en"}
        for texts in playbook.texts.values():
            assert texts["name"]
            assert texts["offer"]
            assert len(texts["steps"]) >= 2


def test_a_case_takes_reason_playbook_budget_and_owner_from_what_is_known(ada, now):
    case = save_case(owner=ada, at=now)
    assert case.reason_code == Reason.FEE
    assert case.playbook.reason == Reason.FEE
    assert case.budget == case.playbook.budget
    assert case.owner == ada
    assert case.value == Decimal(312000)
    assert case.reasons == REASONS
    assert case.due_at > now
    assert stage_of(case.customer_id) == Stage.AT_RISK


def test_crossing_the_threshold_opens_one_case_however_often_it_is_told(system, now):
    customer = customers.customer(stage=Stage.ACTIVE, at=now)
    event = crossing(customer, actor=system, at=now)
    for _again in range(3):
        services.open_save_case(event=event, at=now)
    services.open_save_case(event=crossing(customer, actor=system, at=now), at=now)
    assert SaveCase.objects.filter(customer=customer).count() == 1
    assert stage_of(customer.pk) == Stage.AT_RISK
    flagged = Event.objects.filter(record_id=customer.pk, action="flag_at_risk")
    assert flagged.count() == 1


def test_a_crossing_told_again_after_the_case_was_closed_opens_no_second(system, now):
    customer = customers.customer(stage=Stage.ACTIVE, at=now)
    event = crossing(customer, actor=system, at=now)
    services.open_save_case(event=event, at=now)
    case = SaveCase.objects.get(customer=customer)
    lifecycle.perform(record=case, name="dismiss", actor=system, at=now, reason="Wrong number")
    services.open_save_case(event=event, at=now)
    assert SaveCase.objects.filter(customer=customer).count() == 1


@pytest.mark.parametrize("stage", [Stage.PROSPECT, Stage.OFFBOARDING, Stage.DORMANT])
def test_who_is_not_active_gets_no_case(system, now, stage):
    customer = customers.customer(stage=stage, at=now)
    services.open_save_case(event=crossing(customer, actor=system, at=now), at=now)
    assert not SaveCase.objects.exists()
    with pytest.raises(ValidationError):
        services.open_case(customer=customer, actor=system, at=now)


def test_naming_an_owner_assigns_the_case(ada, rikke, now):
    case = save_case(at=now)
    done = services.assign_owner(case=case, owner=ada, actor=rikke, at=now, version=case.version)
    assert (done.state, done.owner) == (SaveCaseState.ASSIGNED, ada)
    with pytest.raises(StaleVersion):
        services.assign_owner(case=case, owner=rikke, actor=rikke, at=now, version=case.version)


def test_a_case_under_way_keeps_an_owner(ada, rikke, now):
    case = save_case(state=SaveCaseState.ASSIGNED, owner=ada, at=now)
    with pytest.raises(ValidationError):
        services.assign_owner(case=case, owner=None, actor=rikke, at=now)


def test_only_a_conversation_since_the_assignment_counts(ada, now, deliver_all):
    case = save_case(state=SaveCaseState.ASSIGNED, owner=ada, at=now)
    earlier = now - timedelta(hours=1)
    interaction(customer=case.customer, happened_at=earlier, at=now)
    interaction(customer=case.customer, outcome="not_reached", at=now)
    deliver_all()
    case.refresh_from_db()
    assert case.contacted_at is None
    talk = interaction(customer=case.customer, at=now)
    deliver_all()
    case.refresh_from_db()
    assert (case.contacted_at, case.interaction_id) == (now, talk.pk)
    version = case.version
    event = events.for_record(talk).get(action="create")
    services.note_contact(event=event, at=now)
    case.refresh_from_db()
    assert case.version == version


def test_an_offer_costs_no_more_than_the_budget(ada, now):
    case = save_case(state=SaveCaseState.ASSIGNED, owner=ada, at=now)
    with pytest.raises(ValidationError, match="budget"):
        services.attach_offer(case=case, text="A car", cost=case.budget + 1, actor=ada, at=now)
    assert not Offer.objects.exists()
    done = services.attach_offer(case=case, text="No fee", cost=case.budget, actor=ada, at=now)
    assert done.offer is not None
    assert done.offer.kind == case.playbook.offer_kind


def test_offers_need_the_permission_to_make_them(max_, ada, now):
    case = save_case(state=SaveCaseState.ASSIGNED, owner=ada, at=now)
    with pytest.raises(PermissionDenied):
        services.attach_offer(case=case, text="No fee", cost=Decimal(1), actor=max_, at=now)


def test_saved_customers_are_active_again_and_looked_at_after_30_and_90_days(
    rikke, now, deliver_all
):
    case = save_case(state=SaveCaseState.OFFERED, owner=rikke, at=now)
    lifecycle.perform(record=case, name="save", actor=rikke, at=now)
    deliver_all()
    case.refresh_from_db()
    assert stage_of(case.customer_id) == Stage.ACTIVE
    assert (case.review_30_on, case.review_90_on) == (date(2026, 4, 4), date(2026, 6, 3))


def test_being_told_twice_that_a_customer_is_saved_changes_nothing_more(rikke, now, deliver_all):
    case = save_case(state=SaveCaseState.OFFERED, owner=rikke, at=now)
    lifecycle.perform(record=case, name="save", actor=rikke, at=now)
    deliver_all()
    before = Event.objects.count()
    event = events.for_record(case).get(action="save")
    services.customer_is_retained(event=event, at=now)
    assert Event.objects.count() == before


def test_a_false_alarm_makes_the_customer_active_again(rikke, now, deliver_all):
    case = save_case(owner=rikke, at=now)
    lifecycle.perform(record=case, name="dismiss", actor=rikke, at=now, reason="Just moved house")
    deliver_all()
    assert stage_of(case.customer_id) == Stage.ACTIVE


def test_outcomes_are_written_down_when_their_days_are_over(rikke, system, now, deliver_all):
    case = save_case(state=SaveCaseState.OFFERED, owner=rikke, at=now)
    lifecycle.perform(record=case, name="save", actor=rikke, at=now)
    deliver_all()
    assert services.review_outcomes(actor=system, at=now + timedelta(days=29)) == 0
    assert services.review_outcomes(actor=system, at=now + timedelta(days=31)) == 1
    case.refresh_from_db()
    assert (case.outcome_30, case.outcome_90) == ("stayed", "")
    customer = Customer.objects.get(pk=case.customer_id)
    lifecycle.perform(record=customer, name="start_offboarding", actor=system, at=now)
    assert services.review_outcomes(actor=system, at=now + timedelta(days=91)) == 1
    case.refresh_from_db()
    assert (case.outcome_30, case.outcome_90) == ("stayed", "left")
    assert services.review_outcomes(actor=system, at=now + timedelta(days=92)) == 0


def test_an_adviser_sees_cases_of_their_branch_and_their_own(ada, bo, aarhus, odense, now):
    here = save_case(customer=customers.customer(stage=Stage.ACTIVE, branch=aarhus, at=now))
    there = save_case(customer=customers.customer(stage=Stage.ACTIVE, branch=odense, at=now))
    assert set(selectors.visible_cases(actor=ada)) == {here}
    given = services.assign_owner(case=there, owner=ada, actor=bo, at=now)
    assert set(selectors.visible_cases(actor=ada)) == {here, given}


def test_retention_managers_see_every_case(rikke, now):
    case = save_case(at=now)
    assert set(selectors.visible_cases(actor=rikke)) == {case}
    assert selectors.results(actor=rikke).value_at_stake == Decimal(312000)
    assert sum(column.count for column in selectors.board(actor=rikke)) == 1


@pytest.mark.parametrize("code", ["mood_mean", "mood_worst"])
def test_a_bad_mood_calls_for_the_playbook_of_service(db, code):
    found = selectors.playbook_for(reasons=[{"name": code, "points": 0.7, "value": -1.5}])
    assert found.reason == "service"
