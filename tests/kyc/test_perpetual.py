"""Perpetual KYC: what happens opens or refreshes a case that asks what it concerns, and says why."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from clm.core import jobs, lifecycle, records
from clm.core.models import Job, User
from customers import services as customer_services
from customers.models import Customer, Document, RelationKind
from kyc import services
from kyc.lifecycle import CaseState
from kyc.models import Case, FileGap, HitState, RiskModel, Trigger
from kyc.rating.selectors import STOCKTAKE
from kyc.rating.stocktake import spread
from tests.factories import customers
from tests.factories.kyc import content, risk_draft
from tests.papers import picture

FIRM = {"kind": "organisation", "stage": "ACTIVE", "residence_country": "DK"}


@pytest.fixture
def firm(db: None, system: User, now: datetime) -> Customer:
    """A firm of the bank, cleared, with a review in two years."""
    return cleared(customers.customer(**FIRM, at=now), system, now)


def cleared(customer: Customer, system: User, at: datetime, **changes: Any) -> Customer:
    values = {
        "kyc_cleared_at": at, "risk_level": "low", "kyc_review_on": date(at.year + 2, 3, 5),
    }  # fmt: skip
    return records.change(record=customer, changes={**values, **changes}, actor=system, at=at)


def test_a_new_owner_opens_a_case_with_the_checks_of_owners_on_all_below(
    firm: Customer, system: User, now: datetime, deliver_all: Any
) -> None:
    daughter = cleared(customers.customer(**FIRM, at=now), system, now)
    customer_services.add_relation(
        kind=RelationKind.OWNERSHIP, customer=firm, other=daughter, share=Decimal(60),
        actor=system, at=now,
    )  # fmt: skip
    deliver_all()
    first = Case.objects.get()
    assert (first.customer_id, first.trigger) == (daughter.pk, Trigger.OWNERSHIP_CHANGED)
    owner = customers.customer(stage="ACTIVE", at=now)
    customer_services.add_relation(
        kind=RelationKind.OWNERSHIP, customer=owner, other=firm, share=Decimal(80),
        actor=system, at=now,
    )  # fmt: skip
    deliver_all()
    above, below = Case.objects.get(customer=firm), Case.objects.get(customer=daughter)
    for case in (above, below):
        assert case.asked == ["beneficial_owners", "sanctioned_ownership"]
        ran = case.checks.filter(round=case.round).values_list("kind", flat=True)
        assert sorted(ran) == case.asked
    # What stood open already is refreshed: two reasons, two rounds, one case.
    assert [len(one.because) for one in (above, below)] == [1, 2]
    assert below.round == 2
    assert above.because[0]["facts"] == {"kind": "ownership", "relation": "added"}


def test_some_checks_are_no_review(
    firm: Customer, system: User, line: User, karen: User, now: datetime, deliver_all: Any
) -> None:
    cleared(firm, system, now, risk_level="high")
    services.ask(
        customer=firm, trigger=Trigger.OWNERSHIP_CHANGED, asked=["age", "high_risk_country"],
        reason={"code": "ownership_changed", "facts": {}}, cause=firm.pk, at=now,
    )  # fmt: skip
    deliver_all()
    case = Case.objects.get()
    assert case.checks.get().kind == "high_risk_country"
    case = lifecycle.perform(
        record=case, name="propose_clearance", actor=line, at=now, reason="nothing found"
    )

    # More is asked while it waits for a second person: the question is void.
    services.ask(
        customer=firm, trigger=Trigger.REVIEW, asked=[], cause=case.pk, at=now,
        reason={"code": "review_due", "facts": {"on": "2026-03-05"}},
    )  # fmt: skip
    deliver_all()
    case.refresh_from_db()
    assert (case.state, case.asked, case.round) == (CaseState.INVESTIGATING, [], 2)
    assert case.checks.filter(round=2).count() > 1
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.perform(record=case, name="clear", actor=karen, at=now)


def test_a_cleared_look_at_some_checks_puts_no_review_off(
    make_customer: Callable[..., Customer], system: User, now: datetime, deliver_all: Any
) -> None:
    customer = make_customer()
    customer = cleared(customer, system, now - timedelta(days=9), risk_level="low")
    services.ask(
        customer=customer, trigger=Trigger.REACTIVATED, asked=["identity"],
        reason={"code": "reactivated", "facts": {}}, cause=customer.pk, at=now,
    )  # fmt: skip
    deliver_all()
    assert Case.objects.get().state == CaseState.CLEARED
    customer.refresh_from_db()
    assert customer.kyc_review_on == date(now.year + 2, 3, 5)
    assert customer.kyc_cleared_at == now - timedelta(days=9)


def test_a_change_asks_only_where_something_comes_of_it(
    firm: Customer, system: User, now: datetime, deliver_all: Any
) -> None:
    records.change(record=firm, changes={"tax_countries": ["DK"]}, actor=system, at=now)
    deliver_all()
    # No identity number and a legal person is more than the low risk on record.
    case = Case.objects.get()
    assert case.asked == ["high_risk_country", "tax_residence"]
    assert case.because[0]["facts"] == {"fields": ["tax_countries"]}
    settled = cleared(customers.customer(**FIRM, at=now), system, now, risk_level="high")
    records.change(record=settled, changes={"tax_countries": ["DK"]}, actor=system, at=now)
    deliver_all()
    assert not Case.objects.filter(customer=settled).exists()
    records.change(record=settled, changes={"tax_countries": ["DK", "IR"]}, actor=system, at=now)
    deliver_all()
    assert Case.objects.get(customer=settled).asked == ["high_risk_country", "tax_residence"]


def test_a_passport_that_runs_out_asks_for_another_and_no_more(
    system: User, line: User, now: datetime, deliver_all: Any
) -> None:
    owner = cleared(customers.customer(stage="ACTIVE", at=now), system, now)
    today = timezone.localdate(now)

    def passport(red: int, expires_on: date) -> Document:
        handed = customer_services.upload_document(
            customer=owner, kind="passport", file=picture((red, 40, 40)), expires_on=expires_on,
            actor=system, at=now,
        )  # fmt: skip
        done = lifecycle.perform(record=handed, name="accept", actor=system, at=now)
        deliver_all()
        return done

    first = passport(200, today + timedelta(days=40))
    assert customer_services.announce_expiring(at=now) == 1
    deliver_all()
    case = Case.objects.get()
    assert (case.trigger, case.asked) == (Trigger.DOCUMENT_EXPIRY, ["document_validity"])
    assert (case.state, case.checks.get().code) == (CaseState.TRIAGE, "document_expiring")
    assert timezone.localdate(case.due_at) == first.expires_on
    # It is let run out: the same case says so, and nobody else's reminder opens a second.
    later = now + timedelta(days=41)
    customer_services.expire_documents(at=later)
    deliver_all(at=later)
    case = Case.objects.get()
    assert [one["code"] for one in case.because] == ["document_expiring", "document_expire"]
    newest = case.checks.order_by("-round").first()
    assert newest is not None
    assert newest.code == "document_expired"
    # With another passport the check passes, and the officer may propose the end.
    passport(90, today + timedelta(days=4000))
    case = Case.objects.get()
    assert case.checks.get(round=case.round).code == "document_valid"
    lifecycle.perform(record=case, name="propose_clearance", actor=line, at=later, reason="seen")


def test_a_case_decided_under_fewer_checks_does_not_hang(
    firm: Customer, system: User, line: User, karen: User, now: datetime, deliver_all: Any
) -> None:
    case = services.open_case(customer=firm, trigger=Trigger.REQUEST, actor=system, at=now)
    deliver_all()
    case.refresh_from_db()
    # The platform knew no company register when the round ran.
    case.checks.filter(kind="company_register").delete()
    case = lifecycle.perform(
        record=case, name="propose_clearance", actor=line, at=now, reason="nothing found"
    )
    case = lifecycle.perform(record=case, name="clear", actor=karen, at=now)
    assert case.state == CaseState.CLEARED
    jobs.run(job=services.start_stocktake(actor=system, at=now), at=now)
    assert FileGap.objects.filter(customer=firm, code="check.company_register").exists()


def test_a_name_that_cannot_be_compared_any_more_opens_a_case(
    system: User, now: datetime, deliver_all: Any
) -> None:
    person = cleared(customers.customer(stage="ACTIVE", at=now), system, now)
    records.change(
        record=person, changes={"given_names": "", "family_name": "X"}, actor=system, at=now
    )
    deliver_all()
    case = Case.objects.get()
    assert (case.trigger, case.state) == (Trigger.CUSTOMER_CHANGED, CaseState.TRIAGE)
    assert case.checks.get(kind="sanctions").code == "sanctions_no_name"


def test_every_night_files_are_looked_through_and_due_reviews_begun(
    firm: Customer, system: User, now: datetime, deliver_all: Any
) -> None:
    due = cleared(
        customers.customer(stage="ACTIVE", residence_country="DK", at=now), system, now,
        kyc_review_on=now.date() + timedelta(days=20),
    )  # fmt: skip
    prospect = customers.customer(at=now)
    for night in range(2):
        at = now + timedelta(days=night)
        job = jobs.run(job=services.start_stocktake(actor=system, at=at), at=at)
        assert job.state == "DONE", job.cursor
        deliver_all()
    case = Case.objects.get()
    assert (case.customer_id, case.trigger, case.asked) == (due.pk, Trigger.REVIEW, [])
    codes = set(FileGap.objects.filter(customer=firm).values_list("code", flat=True))
    assert codes == {
        "level", "missing.identifier", "missing.address",
    }  # fmt: skip
    assert not FileGap.objects.filter(customer=prospect).exists()
    first = FileGap.objects.get(customer=firm, code="level")
    assert (first.facts, first.found_at) == ({"recorded": "low", "rated": "medium"}, now)
    # Put right, it is gone the next time.
    cleared(firm, system, now, risk_level="medium")
    jobs.run(job=services.start_stocktake(actor=system, at=now), at=now)
    assert not FileGap.objects.filter(pk=first.pk).exists()


def test_a_new_model_brings_reviews_forward(
    firm: Customer, system: User, line: User, karen: User, now: datetime, deliver_all: Any
) -> None:
    changed = content()
    next(one for one in changed["factors"] if one["code"] == "organisation")["points"] = 60
    draft = risk_draft(at=now, actor=line, **changed)
    jobs.run(job=services.start_back_test(model=draft, actor=line, at=now), at=now)
    draft = RiskModel.objects.get(pk=draft.pk)
    assert draft.back_test["reviews"] == 1
    draft = lifecycle.perform(record=draft, name="propose", actor=line, at=now)
    lifecycle.perform(record=draft, name="approve", actor=karen, at=now)
    deliver_all()
    job = jobs.run(job=Job.objects.get(kind=STOCKTAKE), at=now)
    assert job.outcome["brought_forward"] == 1
    deliver_all()
    firm.refresh_from_db()
    assert firm.kyc_review_on == now.date()
    case = Case.objects.get()
    assert (case.trigger, case.asked) == (Trigger.RULES_CHANGED, [])
    assert case.because[0]["facts"] == {"number": 3, "before": "medium", "after": "high"}
    assert case.risk == "high"


def test_what_a_new_model_makes_due_is_spread_over_days(now: datetime) -> None:
    model, today = RiskModel(back_test={"due": {"high": 45, "medium": 4000}}), now.date()
    keys = [UUID(int=number) for number in range(900)]

    def days(level: str) -> Counter[int]:
        return Counter(
            (spread(key=key, level=level, model=model, today=today) - today).days for key in keys
        )

    assert set(days("high")) == set(range(5)), "ten a day"
    assert set(days("medium")) == set(range(60)), "at most two months"
    assert max(days("medium").values()) < 40
    assert set(days("low")) == {0}


def test_who_is_politically_exposed_is_high_and_may_be_cleared_by_two(
    load_names: Any, make_case: Callable[..., Case], line: User, karen: User, now: datetime,
    tmp_path: Any, system: User, deliver_all: Any,
) -> None:  # fmt: skip
    path = tmp_path / "pep.csv"
    path.write_text(
        "entry_id,name,kind,born,country,programme\n1,Mette Holm,person,1980-05-17,DK,PEP\n",
        encoding="utf-8",
    )
    services.load_list(format="names-csv", path=path, name="PEP", force=False, actor=system, at=now)
    case = make_case("Mette", "Holm")
    hit = case.hits.get()
    services.decide_hit(
        hit=hit, decision=HitState.TRUE_MATCH, reason_code="name", actor=line, at=now
    )
    case = lifecycle.perform(
        record=case, name="propose_clearance", actor=line, at=now, reason="known politician"
    )
    case = lifecycle.perform(record=case, name="clear", actor=karen, at=now)
    deliver_all()
    # The next look rates by what was confirmed.
    again = services.open_case(
        customer=case.customer, trigger=Trigger.REQUEST, actor=system, at=now
    )
    deliver_all()
    again.refresh_from_db()
    assert again.risk == "high"
    assert "pep" in {one["code"] for one in again.assessments.get().factors}


def test_the_list_of_gaps_is_a_page_and_a_file(
    firm: Customer, system: User, karen: User, client_for: Callable[..., Any], now: datetime
) -> None:
    records.change(record=firm, changes={"name": "=Firma A/S"}, actor=system, at=now)
    jobs.run(job=services.start_stocktake(actor=system, at=now), at=now)
    browser = client_for(karen)
    page = browser.get("/kyc/gaps/?code=missing.address")
    assert page.content.decode().count("Missing: Address") == 2
    lines = b"".join(browser.get("/kyc/gaps/export/").streaming_content).decode("utf-8-sig")
    assert len(lines.splitlines()) == 1 + FileGap.objects.count()
    assert "'=Firma" in lines or "=Firma" not in lines
