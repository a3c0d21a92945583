"""Fair assignment, and one step for many cases: shown first, each through its gate."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from clm.core import events, lifecycle
from clm.core.models import Approval, Event, User
from kyc import services
from kyc.fair import Hand, Piece, share
from kyc.lifecycle import CaseState
from kyc.models import Case, HitState, ReasonCode
from kyc.selectors import team, visible_cases

BORN = date(1961, 2, 3)
LISTED = "1,Igor Petrovich Volkov,person,1961-02-03,RU"
A, B, C = (UUID(int=number) for number in (1, 2, 3))
ONE, TWO, THREE = (UUID(int=number) for number in (11, 12, 13))


@pytest.fixture
def waiting(load_names: Any, make_case: Callable[..., Case]) -> list[Case]:
    """Three cases that a person is to look at and nobody has."""
    load_names("1,Igor Volkov,person,1961-02-03,RU", "2,Olga Orlova,person,1970-01-01,RU")
    return [
        make_case("Igor", "Volkov", born_on=BORN),
        make_case("Olga", "Orlova", born_on=date(1970, 1, 1)),
        make_case("Igor", "Volkov", born_on=BORN, identifiers=[("passport", "P77", "DK")]),
    ]


def test_work_goes_to_the_least_loaded_for_the_time_they_have() -> None:
    full, half = Hand(A, "a", 0, 20), Hand(B, "b", 0, 10)
    pieces = [Piece(ONE, 2), Piece(TWO, 2), Piece(THREE, 2)]
    assert share(pieces=pieces, hands=[half, full]) == {ONE: A, TWO: A, THREE: B}
    busy = Hand(C, "c", 12, 20)
    assert share(pieces=[Piece(ONE, 1)], hands=[busy, half]) == {ONE: B}


def test_equals_are_told_apart_by_name_and_the_barred_get_nothing() -> None:
    hands = [Hand(B, "b", 0, 20), Hand(A, "a", 0, 20)]
    assert share(pieces=[Piece(ONE, 1)], hands=hands) == {ONE: A}
    assert share(pieces=[Piece(ONE, 1, {A})], hands=hands) == {ONE: B}
    assert share(pieces=[Piece(ONE, 1, {A, B})], hands=hands) == {ONE: None}
    assert share(pieces=[Piece(ONE, 1)], hands=[Hand(A, "a", 0, 0)]) == {ONE: None}


def test_what_was_previewed_is_what_is_given(
    waiting: list[Case], karen: User, line: User, now: datetime, client_for: Any
) -> None:
    client: Client = client_for(karen)
    plan = team.plan(cases=waiting, at=now)
    assert {one.user for one in plan.rows} == {karen, line}
    page = client.get("/kyc/share-out/")
    assert page.context["given"] == 3
    assert not Case.objects.exclude(assignee=None).exists()
    pairs = [f"{one.case.pk}:{one.user.pk}" for one in page.context["rows"]]
    client.post("/kyc/share-out/", {"pair": pairs})
    for text in pairs:
        case, user = text.split(":")
        assert str(Case.objects.get(pk=case).assignee_id) == user
    # The same form a second time gives nothing to anybody else, and says so.
    answer = client.post("/kyc/share-out/", {"pair": pairs}, follow=True)
    assert "Nobody has the case yet" in answer.content.decode()


def test_who_may_not_have_a_case_does_not_get_it(
    waiting: list[Case], karen: User, line: User, mads: User, now: datetime
) -> None:
    case = waiting[0]
    services.set_case_worker(
        user=mads, away_until=now.date() + timedelta(days=1), actor=mads, at=now
    )
    type(case.customer).objects.filter(pk=case.customer_id).update(adviser=line)
    Approval.objects.create(
        record_type="kyc.Case", record_id=case.pk, action="kyc.clear", round=1, shown={},
        digest=b"", maker=line, made_at=now, checker=karen, decided_at=now, decision="approved",
    )  # fmt: skip
    assert team.plan(cases=[case], at=now).rows[0].user is None
    outcome = services.share_out(pairs={case.pk: karen.pk}, actor=karen, at=now)
    assert not outcome.done
    assert "neither decided" in outcome.refused[case.pk][0]
    outcome = services.share_out(pairs={case.pk: mads.pk}, actor=karen, at=now)
    assert outcome.refused[case.pk] == ["The person is at work"]


def test_new_cases_are_given_as_they_come_when_the_team_has_it_so(
    load_names: Any, make_case: Callable[..., Case], karen: User, line: User, now: datetime,
) -> None:  # fmt: skip
    from tests.kyc.conftest import REACTIONS

    events.subscribe({**REACTIONS, ("kyc.Case", "triage"): (services.assign_new_case,)})
    load_names(LISTED)
    first = make_case("Igor", "Volkov", born_on=BORN)
    assert first.assignee is None
    with pytest.raises(PermissionDenied):
        services.set_sharing(switched_on=True, actor=line, at=now)
    services.set_sharing(switched_on=True, actor=karen, at=now)
    second = make_case("Igor", "Volkov", born_on=BORN, identifiers=[("passport", "P77", "DK")])
    assert second.assignee == karen
    third = make_case("Igor", "Volkov", born_on=BORN, identifiers=[("passport", "P88", "DK")])
    assert third.assignee == line


@pytest.mark.django_db(transaction=True)
def test_two_who_share_out_at_once_give_each_case_once(
    waiting: list[Case], karen: User, mads: User, line: User, now: datetime
) -> None:
    barrier = Barrier(2)

    def share_all(actor: User, to: User) -> Any:
        try:
            barrier.wait(10)
            pairs = {one.pk: to.pk for one in waiting}
            return services.share_out(pairs=pairs, actor=actor, at=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(share_all, (karen, mads), (line, mads)))
    assert sorted(len(one.done) for one in outcomes) == [0, 3]
    assert len(set(Case.objects.values_list("assignee", flat=True))) == 1
    given = Event.objects.filter(record_type="kyc.Case", payload__fields=["assignee"])
    assert given.count() == 3


# One step for many ----------------------------------------------------------------------------


def test_a_preview_does_nothing_and_says_what_is_refused(
    waiting: list[Case], line: User, now: datetime
) -> None:
    for one in waiting[1:]:
        one.hits.update(score="0.8500")
    before = Event.objects.count()
    lines = services.preview_of(cases=waiting, action="dismiss", actor=line, at=now)
    assert Event.objects.count() == before
    assert not any(one.hits.exclude(status=HitState.OPEN).exists() for one in waiting)
    assert [bool(one.done) for one in lines] == [False, True, True]
    assert "one by one" in lines[0].refused[0]


def test_many_are_dismissed_and_proposed_with_one_reason_and_a_second_person_clears(
    waiting: list[Case], line: User, karen: User, now: datetime, client_for: Any
) -> None:
    cases = waiting[1:]
    for one in cases:
        one.hits.update(score="0.8500")
    client: Client = client_for(line)

    def step(who: Client, action: str, **fields: Any) -> Any:
        return who.post(
            "/kyc/together/",
            {"action": action, "case": [str(one.pk) for one in cases], **fields},
            follow=True,
        )

    assert step(client, "dismiss").context["fits"]
    asked = step(client, "dismiss", confirmed="1")
    assert asked.status_code == 422
    assert "Choose a reason" in asked.content.decode()
    step(client, "dismiss", confirmed="1", reason_code=ReasonCode.BORN)
    step(client, "propose_clearance", confirmed="1", reason="Other people")
    states = set(
        visible_cases(actor=line)
        .filter(pk__in=[one.pk for one in cases])
        .values_list("state", flat=True)
    )
    assert states == {CaseState.PENDING_APPROVAL}
    # An analyst may not clear, and who proposed may not either.
    assert not step(client, "clear").context["fits"]
    lines = services.act_on_cases(cases=cases, action="clear", actor=karen, at=now)
    assert all(line.done for line in lines)
    assert Approval.objects.filter(decision="approved", maker=line, checker=karen).count() == 2


def test_a_case_that_changed_since_the_preview_is_left(
    waiting: list[Case], line: User, now: datetime
) -> None:
    case = waiting[1]
    case.hits.update(score="0.8500")
    lifecycle.perform(record=case, name="investigate", actor=line, at=now)
    lines = services.act_on_cases(
        cases=[case], action="dismiss", actor=line, at=now, reason_code=ReasonCode.BORN,
        versions={case.pk: case.version},
    )  # fmt: skip
    assert lines[0].refused == ("The case is as you saw it",)


def test_everybody_says_when_they_are_away_and_the_officer_says_the_rest(
    line: User, karen: User, now: datetime, client_for: Any
) -> None:
    def post(who: User, person: User, **fields: Any) -> int:
        answer = client_for(who).post("/kyc/team/person/", {"person": str(person.pk), **fields})
        return int(answer.status_code)

    assert post(line, line, away_until="2199-01-01") == 302
    assert [one.user for one in team.desks(at=now) if one.at_work] == [karen]
    assert post(line, karen, away_until="2199-01-01") == 403
    assert post(line, line, hours_a_week="10") == 403
    assert post(karen, line, hours_a_week="10") == 302
    desk = next(one for one in team.desks(at=now) if one.user == line)
    assert (desk.hours_a_week, desk.at_work) == (10, True)
