"""From opening to a decision: straight through, by people, and never twice."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from clm.core import clocks, lifecycle
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Delivery, Event, User
from customers.models import Customer
from kyc import clearance, services
from kyc.lifecycle import CaseState
from kyc.models import Case, Check, Hit, HitState, ReasonCode, RiskAssessment, Trigger

BORN = date(1961, 2, 3)
LISTED = "1,Igor Petrovich Volkov,person,1961-02-03,RU"


def decide_all(case: Case, decision: str, actor: User, at: datetime) -> None:
    for hit in case.hits.filter(status=HitState.OPEN):
        services.decide_hit(
            hit=hit, decision=decision, reason_code=ReasonCode.BORN, actor=actor, at=at
        )


def test_a_customer_nobody_lists_is_cleared_straight_through(
    load_names: Any, make_case: Callable[..., Case]
) -> None:
    load_names(LISTED)
    case = make_case("Mette", "Sørensen")
    assert case.state == CaseState.CLEARED
    customer = Customer.objects.get(pk=case.customer_id)
    assert customer.risk_level == "low"
    assert customer.kyc_cleared_at is not None
    assert customer.kyc_review_on == date(2031, 3, 5)
    told = Event.objects.get(record_id=customer.pk, action="kyc_cleared")
    assert told.payload["straight_through"] is True
    assert told.payload["case_id"] == str(case.pk)
    assert clearance.may_deal_with(customer.pk)


@pytest.mark.parametrize("asked", [(), ("identity",)])
def test_a_lower_risk_is_for_two_people(
    make_case: Callable[..., Case], system: User, now: datetime, deliver_all: Any,
    asked: tuple[str, ...],
) -> None:  # fmt: skip
    from customers import services as customer_services

    customer = customer_services.set_risk(
        customer=make_case("Mette", "Sørensen").customer, level="high", review_on=now.date(),
        actor=system, at=now,
    )  # fmt: skip
    case = services.open_case(
        customer=customer, trigger=Trigger.REVIEW, actor=system, at=now, asked=asked
    )
    deliver_all()
    case.refresh_from_db()
    customer.refresh_from_db()
    assert case.risk == "low"
    # A look at some checks lowers nothing, so it needs nobody.
    assert case.state == (CaseState.CLEARED if asked else CaseState.TRIAGE)
    assert customer.risk_level == "high"


def test_a_likely_match_waits_for_people(
    load_names: Any,
    make_case: Callable[..., Case],
    line: User,
    karen: User,
    now: datetime,
    deliver_all: Any,
) -> None:
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    assert case.state == CaseState.TRIAGE
    assert case.due_at is not None
    hit = case.hits.get()
    assert hit.score >= hit.threshold
    assert sum(one["points"] for one in hit.explanation) == pytest.approx(
        float(hit.score) * 100, abs=0.3
    )
    with pytest.raises(TransitionRefused, match="No screening hit is open"):
        lifecycle.perform(
            record=case, name="propose_clearance", actor=line, at=now, reason="looks fine"
        )
    decide_all(case, HitState.FALSE_MATCH, line, now)
    case = lifecycle.perform(
        record=case, name="propose_clearance", actor=line, at=now, reason="another man"
    )
    case = lifecycle.perform(record=case, name="clear", actor=karen, at=now)
    deliver_all()
    customer = Customer.objects.get(pk=case.customer_id)
    assert customer.kyc_cleared_at is not None
    told = Event.objects.get(record_id=customer.pk, action="kyc_cleared")
    assert told.payload["straight_through"] is False


def test_the_maker_is_not_the_checker(
    load_names: Any, make_case: Callable[..., Case], karen: User, line: User, now: datetime
) -> None:
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    decide_all(case, HitState.FALSE_MATCH, karen, now)
    case = lifecycle.perform(
        record=case, name="propose_clearance", actor=karen, at=now, reason="another"
    )
    with pytest.raises(TransitionRefused, match="Another person"):
        lifecycle.perform(record=case, name="clear", actor=karen, at=now)
    with pytest.raises(PermissionDenied):
        lifecycle.perform(record=case, name="clear", actor=line, at=now)


def test_what_was_proposed_is_what_can_be_approved(
    load_names: Any, make_case: Callable[..., Case], karen: User, mads: User, now: datetime,
    deliver_all: Any,
) -> None:  # fmt: skip
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    decide_all(case, HitState.TRUE_MATCH, karen, now)
    with pytest.raises(TransitionRefused, match="No hit is the listed person"):
        lifecycle.perform(record=case, name="propose_clearance", actor=karen, at=now, reason="no")
    case = lifecycle.perform(
        record=case, name="propose_rejection", actor=karen, at=now, reason="listed"
    )
    with pytest.raises(TransitionRefused):
        lifecycle.perform(record=case, name="clear", actor=mads, at=now)
    lifecycle.perform(record=case, name="reject", actor=mads, at=now)
    deliver_all()
    customer = Customer.objects.get(pk=case.customer_id)
    assert customer.kyc_cleared_at is None
    assert not clearance.may_deal_with(customer.pk)
    assert Event.objects.filter(record_id=customer.pk, action="kyc_rejected").count() == 1


def test_only_the_system_clears_straight_through(
    load_names: Any, make_customer: Any, karen: User, system: User, now: datetime
) -> None:
    case = services.open_case(
        customer=make_customer(), trigger=Trigger.REQUEST, actor=system, at=now
    )
    case = lifecycle.perform(record=case, name="start_checks", actor=system, at=now)
    with pytest.raises(PermissionDenied):
        lifecycle.perform(record=case, name="clear", actor=karen, at=now)
    with pytest.raises(TransitionRefused, match="All checks have run"):
        lifecycle.perform(record=case, name="clear", actor=system, at=now)


def test_checks_that_run_again_change_nothing(
    load_names: Any, make_case: Callable[..., Case], now: datetime
) -> None:
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    event = Event.objects.get(record_id=case.pk, action="create")
    before = (Hit.objects.count(), Check.objects.count(), RiskAssessment.objects.count())
    version = case.version
    services.run_checks(event=event, at=now)
    assert (Hit.objects.count(), Check.objects.count(), RiskAssessment.objects.count()) == before
    case.refresh_from_db()
    assert case.version == version


def test_checks_killed_in_the_middle_leave_nothing(
    load_names: Any, make_customer: Any, system: User, now: datetime, deliver_all: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from clm.core import deliveries
    from kyc.services import cases

    load_names(LISTED)
    deliver_all()
    case = services.open_case(
        customer=make_customer("Igor", "Volkov", born_on=BORN),
        trigger=Trigger.ONBOARDING,
        actor=system,
        at=now,
    )
    with monkeypatch.context() as patch:
        patch.setattr(cases, "_decide", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deliveries.deliver_due(at=now)
    assert not Hit.objects.exists()
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    Delivery.objects.filter(done_at=None).update(due_at=now)
    deliver_all()
    case.refresh_from_db()
    assert case.state == CaseState.TRIAGE
    assert Hit.objects.count() == 1


def test_one_application_opens_one_case(make_customer: Any, system: User, now: datetime) -> None:
    from clm.core import records

    customer = make_customer()
    event = records.note(
        record=customer,
        action="submitted",
        actor=system,
        at=now,
        payload={"customer_id": str(customer.pk), "application_id": str(customer.pk)},
    )
    services.open_onboarding_case(event=event, at=now)
    services.open_onboarding_case(event=event, at=now)
    case = Case.objects.get()
    assert case.application_id == customer.pk


def test_a_hit_is_decided_once(
    load_names: Any, make_case: Callable[..., Case], line: User, karen: User, now: datetime
) -> None:
    load_names(LISTED)
    hit = make_case("Igor", "Volkov", born_on=BORN).hits.get()
    services.decide_hit(
        hit=hit, decision=HitState.FALSE_MATCH, reason_code=ReasonCode.BORN, actor=line, at=now
    )
    with pytest.raises(TransitionRefused, match="Nobody has decided"):
        services.decide_hit(
            hit=hit, decision=HitState.TRUE_MATCH, reason_code=ReasonCode.NAME, actor=karen, at=now
        )
    undone = services.undo_hit(hit=hit, actor=karen, at=now)
    assert undone.status == HitState.OPEN


def test_a_decision_is_undone_until_the_second_person_acts(
    load_names: Any, make_case: Callable[..., Case], line: User, karen: User, now: datetime
) -> None:
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    hit = case.hits.get()
    decide_all(case, HitState.FALSE_MATCH, line, now)
    propose: dict[str, Any] = {
        "name": "propose_clearance",
        "actor": line,
        "at": now,
        "reason": "another man",
    }
    case = lifecycle.perform(record=case, **propose)
    assert services.undo_hit(hit=hit, actor=line, at=now).status == HitState.OPEN
    case.refresh_from_db()
    assert case.state == CaseState.INVESTIGATING
    with pytest.raises(TransitionRefused):
        lifecycle.perform(record=case, name="clear", actor=karen, at=now)
    decide_all(case, HitState.FALSE_MATCH, line, now)
    case = lifecycle.perform(record=case, **propose)
    lifecycle.perform(record=case, name="clear", actor=karen, at=now)
    with pytest.raises(TransitionRefused, match="being worked on"):
        services.undo_hit(hit=hit, actor=line, at=now)


@pytest.mark.parametrize(
    ("code", "comment", "sentence"),
    [("", "", "A reason is chosen"), ("other", " ", "A comment says what the reason is")],
)
def test_a_decision_gives_a_reason(
    load_names: Any, make_case: Callable[..., Case], line: User, now: datetime, code: str,
    comment: str, sentence: str,
) -> None:  # fmt: skip
    load_names(LISTED)
    hit = make_case("Igor", "Volkov", born_on=BORN).hits.get()
    with pytest.raises(TransitionRefused, match=sentence):
        services.decide_hit(
            hit=hit, decision=HitState.FALSE_MATCH, reason_code=code, comment=comment, actor=line,
            at=now,
        )  # fmt: skip


def test_robots_propose_and_never_decide(
    load_names: Any, make_case: Callable[..., Case], make_user: Any, now: datetime
) -> None:
    load_names(LISTED)
    robot = make_user("robot", "compliance_officer", is_robot=True)
    case = make_case("Igor", "Volkov", born_on=BORN)
    with pytest.raises(PermissionDenied):
        services.decide_hit(
            hit=case.hits.get(), decision=HitState.FALSE_MATCH, reason_code=ReasonCode.BORN,
            actor=robot, at=now,
        )  # fmt: skip


def test_events_carry_no_names(load_names: Any, make_case: Callable[..., Case]) -> None:
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    hit = case.hits.get()
    payloads = " ".join(
        str(event.payload) for event in Event.objects.filter(record_id__in=[case.pk, hit.pk])
    )
    assert "Volkov" not in payloads
    assert "Igor" not in payloads


def test_a_cleared_pair_stays_cleared_until_a_fact_changes(
    load_names: Any, make_case: Callable[..., Case], line: User, karen: User, system: User,
    now: datetime, deliver_all: Any,
) -> None:  # fmt: skip
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    decide_all(case, HitState.FALSE_MATCH, line, now)
    case = lifecycle.perform(
        record=case, name="propose_clearance", actor=line, at=now, reason="another man"
    )
    lifecycle.perform(record=case, name="clear", actor=karen, at=now)
    again = services.open_case(customer=case.customer, trigger=Trigger.REVIEW, actor=system, at=now)
    deliver_all()
    again.refresh_from_db()
    assert again.hits.count() == 0
    assert again.checks.get(kind="sanctions").code == "sanctions_known"
    # The hits that stood open then had made the risk higher: lowering it is for two people.
    assert (again.state, again.risk) == (CaseState.TRIAGE, "low")
    load_names("1,Igor Petrovich Volkov,person,1961,RU")
    third = services.open_case(customer=case.customer, trigger=Trigger.REVIEW, actor=system, at=now)
    deliver_all()
    hit = third.hits.get()
    assert hit.previous is not None
    assert hit.previous.case_id == case.pk


def test_what_of_the_customer_changed_since_is_named(
    load_names: Any, make_case: Callable[..., Case], line: User, system: User, now: datetime,
    deliver_all: Any,
) -> None:  # fmt: skip
    from customers import services as customer_services
    from kyc.web.review import changed_facts

    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    decide_all(case, HitState.FALSE_MATCH, line, now)
    customer_services.change_customer(
        customer=case.customer, changes={"born_on": date(1961, 3, 2)}, actor=system, at=now
    )
    later = services.open_case(
        customer=Customer.objects.get(pk=case.customer_id), trigger=Trigger.REVIEW, actor=system,
        at=now,
    )  # fmt: skip
    deliver_all()
    assert changed_facts(later.hits.get()) == ["The customer's date of birth"]


def test_people_of_one_name_do_not_hide_each_other(load_names: Any) -> None:
    from kyc import screening

    load_names(*(f"{n},Igor Petrovich Volkov,person,{1900 + n},RU" for n in range(70)))
    names = ["Igor Petrovich Volkov"]
    anybody = screening.screen(parties=[screening.party(names=names, kind="person")])[0]
    assert len(anybody) == 70
    for year in (1900, 1969):
        born = screening.party(
            names=names, kind="person", born_on=date(year, 5, 5), countries=["DK"]
        )
        (best, *_others) = screening.screen(parties=[born])[0]
        assert best.entry.key == str(year - 1900)


def test_what_a_list_change_found_is_in_the_case_that_it_opened(
    load_names: Any, make_case: Callable[..., Case], now: datetime, deliver_all: Any
) -> None:
    from kyc import screening
    from kyc.models import WatchlistEntry
    from kyc.services.opening import ask

    # The two share too few letters for a search among all lists to bring them together.
    load_names("1,William Li,person,1961-02-03,")
    case = make_case("Bill", "Li", born_on=BORN)
    assert case.state == CaseState.CLEARED
    assert not screening.screen(parties=[screening.customer_party(case.customer)])[0]
    entry = WatchlistEntry.objects.get()
    ask(
        customer=case.customer, trigger=Trigger.LIST_CHANGED, asked=("sanctions",),
        reason={"code": "list_changed", "facts": {"lists": ["x"], "entries": [str(entry.pk)]}},
        cause=entry.changed_in_id, at=now,
    )  # fmt: skip
    deliver_all()
    assert Case.objects.exclude(pk=case.pk).get().hits.get().entry == entry


def test_a_reopened_case_is_checked_again(
    load_names: Any, make_case: Callable[..., Case], karen: User, now: datetime, deliver_all: Any
) -> None:
    case = make_case("Mette", "Sørensen")
    lifecycle.perform(record=case, name="reopen", actor=karen, at=now, reason="a letter came")
    lifecycle.perform(record=case, name="start_checks", actor=karen, at=now)
    deliver_all()
    case.refresh_from_db()
    assert case.state == CaseState.CLEARED
    assert case.round == 2


def test_a_minor_is_handed_to_a_person(make_case: Callable[..., Case]) -> None:
    case = make_case("Liv", "Sørensen", born_on=date(2012, 1, 1))
    assert case.state == CaseState.TRIAGE
    assert case.checks.get(kind="age").code == "age_minor"


def test_a_case_waiting_for_approval_is_not_reassigned(
    load_names: Any, make_case: Callable[..., Case], line: User, karen: User, now: datetime
) -> None:
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    case = services.assign_case(case=case, assignee=line, actor=karen, at=now)
    assert case.assignee == line
    decide_all(case, HitState.FALSE_MATCH, line, now)
    case = lifecycle.perform(
        record=case, name="propose_clearance", actor=line, at=now, reason="another man"
    )
    with pytest.raises(TransitionRefused):
        services.assign_case(case=case, assignee=karen, actor=karen, at=now)


def activated(customer: Customer, system: User, now: datetime) -> Customer:
    """Past the application, whose own case compared the customer with the lists."""
    from customers import services as customer_services

    customer = customer_services.set_clearance(
        customer=customer, cleared_at=now, actor=system, at=now
    )
    return lifecycle.perform(record=customer, name="activate", actor=system, at=now)


def test_an_applicant_is_left_to_the_case_that_the_application_opens(
    load_names: Any, make_customer: Any, system: User, now: datetime, deliver_all: Any
) -> None:
    from customers import services as customer_services

    load_names(LISTED)
    customer = make_customer("Igor", "Volkov")
    customer_services.change_customer(
        customer=customer, changes={"born_on": BORN}, actor=system, at=now
    )
    deliver_all()
    assert not Case.objects.exists()


def test_a_changed_name_is_screened_again(
    load_names: Any, make_customer: Any, system: User, now: datetime, deliver_all: Any
) -> None:
    from customers import services as customer_services

    load_names(LISTED)
    customer = activated(make_customer("Mette", "Sørensen", born_on=BORN), system, now)
    customer_services.change_customer(
        customer=customer, changes={"given_names": "Igor", "family_name": "Volkov"}, actor=system,
        at=now,
    )  # fmt: skip
    deliver_all()
    case = Case.objects.get(customer=customer)
    assert case.trigger == Trigger.CUSTOMER_CHANGED
    assert case.state == CaseState.TRIAGE


def test_a_new_designation_reaches_the_portfolio(
    load_names: Any, make_customer: Any, deliver_all: Any, system: User, now: datetime
) -> None:
    from clm.core import jobs
    from clm.core.models import Job

    load_names("9,Somebody Else Entirely,person,1950,FR")
    deliver_all()
    Job.objects.all().delete()
    customer = activated(make_customer("Igor", "Volkov", born_on=BORN), system, now)
    make_customer("Mette", "Sørensen")
    load_names("9,Somebody Else Entirely,person,1950,FR", LISTED)
    deliver_all()
    job = jobs.run(job=Job.objects.get(kind="kyc.rescreen"), at=now)
    assert job.state == "DONE", job.cursor
    deliver_all()
    case = Case.objects.get()
    assert case.customer_id == customer.pk
    assert case.trigger == Trigger.LIST_CHANGED
    assert case.hits.count() == 1


def test_the_clock_stands_still_while_the_customer_is_asked(
    load_names: Any, make_case: Callable[..., Case], line: User, now: datetime, deliver_all: Any
) -> None:
    load_names(LISTED)
    case = make_case("Igor", "Volkov", born_on=BORN)
    due = case.due_at
    assert due is not None
    case = lifecycle.perform(
        record=case, name="ask_customer", actor=line, at=now, reason="Passport, please"
    )
    week = now + timedelta(days=7)
    case = lifecycle.perform(record=case, name="investigate", actor=line, at=week)
    deliver_all(week)
    case.refresh_from_db()
    left = clocks.business_hours_between(start=now, end=due)
    assert case.due_at == clocks.add_business_hours(start=week, hours=left)
    moved = case.due_at
    event = Event.objects.get(record_id=case.pk, action="investigate")
    services.resume_clock(event=event, at=week)
    case.refresh_from_db()
    assert case.due_at == moved, "told twice, moved once"
