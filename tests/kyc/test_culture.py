"""Attestations by role, samples that anybody can draw again, and late work by unit."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from clm.core import lifecycle
from clm.core.intervals import wilson
from clm.core.models import Branch, User
from customers.models import Customer
from kyc import services as kyc
from kyc.culture import selectors, services
from kyc.models import Case, HitState, PolicyText, QualityReview, ReasonCode, Trigger
from tests.factories import customers

BORN = date(1961, 2, 3)
TEXTS = {"title_da": "Politik", "title_en": "Policy", "text_da": "Tekst", "text_en": "Text"}


@pytest.fixture
def publish(karen: User, mads: User, now: datetime) -> Callable[..., PolicyText]:
    """Written by Karen, published by Mads."""

    def make(**fields: Any) -> PolicyText:
        values = {"code": "aml", "roles": ["adviser"], "due_on": now.date(), **TEXTS, **fields}
        policy = services.draft_policy(**values, actor=karen, at=now)
        policy = lifecycle.perform(record=policy, name="propose", actor=karen, at=now)
        assert policy not in selectors.policies(), "nobody else has read it yet"
        with pytest.raises(lifecycle.TransitionRefused):
            lifecycle.perform(record=policy, name="approve", actor=karen, at=now)
        return lifecycle.perform(record=policy, name="approve", actor=mads, at=now)

    return make


@pytest.fixture
def cleared(
    load_names: Any, make_case: Callable[..., Case], line: User, karen: User, now: datetime
) -> list[Case]:
    """Three cases that Line proposed and Karen cleared."""
    load_names("1,Igor Petrovich Volkov,person,1961-02-03,RU")
    found = []
    for number in range(3):
        case = make_case(
            "Igor", "Volkov", born_on=BORN, identifiers=[("passport", f"P10{number}", "DK")]
        )
        for hit in case.hits.all():
            kyc.decide_hit(
                hit=hit, decision=HitState.FALSE_MATCH, reason_code=ReasonCode.BORN, actor=line,
                at=now,
            )  # fmt: skip
        case = lifecycle.perform(
            record=case, name="propose_clearance", actor=line, at=now, reason="another"
        )
        found.append(lifecycle.perform(record=case, name="clear", actor=karen, at=now))
    return found


def test_wilson_is_what_the_textbook_says() -> None:
    # Newcombe (1998), table I: 81 of 263, and 0 of 20.
    assert wilson(found=81, of=263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(found=0, of=20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(found=0, of=0) is None


def test_a_new_version_is_attested_anew_and_by_its_roles_alone(
    publish: Callable[..., PolicyText], ada: User, line: User, karen: User, now: datetime
) -> None:
    first = publish()
    services.attest(policy=first, actor=ada, at=now)
    services.attest(policy=first, actor=ada, at=now)
    assert first.attestations.count() == 1
    with pytest.raises(ValidationError):
        services.attest(policy=first, actor=line, at=now)
    second = publish(roles=["adviser", "compliance_analyst"])
    assert (second.number, selectors.policies()) == (2, [second])
    with pytest.raises(ValidationError):
        services.attest(policy=first, actor=ada, at=now)
    assert {one.user for one in selectors.duties(at=now)} == {ada, line}
    late = now + timedelta(days=2)
    services.attest(policy=second, actor=line, at=now)
    assert [one.user for one in selectors.duties(at=late) if one.overdue] == [ada]
    assert selectors.by_role(selectors.duties(at=late)) == {
        "adviser": (0, 1), "compliance_analyst": (1, 1),
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        services.draft_policy(
            code="x", roles=["adviser"], due_on=now.date(), **TEXTS, actor=line, at=now
        )


def test_the_same_seed_draws_the_same_cases() -> None:
    cases = [UUID(int=number) for number in range(200)]
    drawn = selectors.drawn(cases=cases, percent=5, seed="2026-02")
    assert len(drawn) == 10
    assert selectors.drawn(cases=list(reversed(cases)), percent=5, seed="2026-02") == drawn
    assert selectors.drawn(cases=cases, percent=5, seed="2026-03") != drawn
    assert len(selectors.drawn(cases=cases[:3], percent=5, seed="x")) == 1


def test_who_had_no_hand_in_a_case_looks_at_it_again(
    cleared: list[Case], line: User, karen: User, mads: User, now: datetime
) -> None:
    with pytest.raises(ValidationError):
        services.draw_sample(month=now.date(), percent=100, actor=karen, at=now)
    later = now + timedelta(days=31)
    with pytest.raises(PermissionDenied):
        services.draw_sample(month=now.date(), percent=100, actor=line, at=later)
    sample = services.draw_sample(month=now.date(), percent=60, actor=karen, at=later)
    assert (sample.population, sample.reviews.count()) == (3, 2)
    first, second = sample.reviews.all()
    for theirs in (line, karen):
        with pytest.raises(PermissionDenied):
            examine(first, theirs, later)
    with pytest.raises(ValidationError):
        examine(first, mads, later, verdict="error")
    examine(first, mads, later, verdict="error", error_kind="reason", comment="Too short")
    examine(second, mads, later)
    with pytest.raises(ValidationError):
        examine(second, mads, later)
    ((_sample, found),) = selectors.quality(months=12, at=later)
    assert (found.examined, found.errors, found.rate) == (2, 1, 0.5)


def examine(review: QualityReview, actor: User, at: datetime, **fields: Any) -> QualityReview:
    values = {"verdict": "agree", "error_kind": "", "comment": "", **fields}
    return services.examine(review=review, **values, actor=actor, at=at)


def test_late_work_stands_by_branch(
    load_names: Any,
    make_case: Callable[..., Case],
    make_user: Any,
    karen: User,
    now: datetime,
    aarhus: Branch,
) -> None:
    load_names("1,Igor Petrovich Volkov,person,1961-02-03,RU")
    make_case("Igor", "Volkov", born_on=BORN)
    other = customers.customer(stage="ACTIVE", branch=aarhus, at=now)
    Customer.objects.filter(pk=other.pk).update(kyc_review_on=now.date() - timedelta(days=1))
    late = now + timedelta(days=30)
    (unit,) = selectors.late_by_unit(actor=karen, at=late)
    assert (unit.name, unit.cases, unit.late_cases, unit.late_reviews) == (aarhus.name, 1, 1, 1)
    # Of a case that an alert opened nobody outside compliance is told, in no number either.
    Case.objects.update(trigger=Trigger.ALERT)
    (unit,) = selectors.late_by_unit(actor=make_user("maria", "manager"), at=late)
    assert (unit.cases, unit.late_cases, unit.late_reviews) == (0, 0, 1)


def test_the_pages_attest_draw_and_examine(
    publish: Callable[..., PolicyText], cleared: list[Case], ada: User, karen: User, mads: User,
    client_for: Any,
) -> None:  # fmt: skip
    policy = publish()
    home = client_for(ada).get("/").content.decode()
    assert "Policy" in home
    client_for(ada).post("/kyc/policies/attest/", {"policy": str(policy.pk)})
    assert policy.attestations.get().user == ada
    # The clock of the pages is the real one: a month long over has no such cases.
    assert client_for(karen).post("/kyc/quality/", {"percent": "0"}).status_code == 302
    client_for(karen).post("/kyc/quality/", {"percent": "50"})
    client_for(karen).post("/kyc/quality/", {"percent": "50"})
    assert client_for(mads).get("/kyc/quality/").status_code == 200
    assert client_for(karen).get("/kyc/culture/").status_code == 200
    told = {**TEXTS, "code": "gifts", "due_on": "2027-01-01", "roles": ["adviser"]}
    assert client_for(karen).post("/kyc/policies/", {**told, "roles": []}).status_code == 422
    assert client_for(karen).post("/kyc/policies/", {**told, "due_on": "x"}).status_code == 422
    assert client_for(karen).post("/kyc/policies/", told).status_code == 302
