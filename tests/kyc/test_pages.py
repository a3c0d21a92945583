"""Pages: who may open them, what they show, and what the keyboard's forms do."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from clm.core import lifecycle
from clm.core.models import User
from kyc import services
from kyc.lifecycle import CaseState
from kyc.models import Case, HitState, ReasonCode, WatchlistVersion

BORN = date(1961, 2, 3)
LISTED = "1,Igor Petrovich Volkov,person,1961-02-03,RU"


@pytest.fixture
def case(load_names: Any, make_case: Callable[..., Case]) -> Case:
    load_names(LISTED)
    return make_case("Igor", "Volkov", born_on=BORN)


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_page_opens_in_both_languages(
    case: Case, karen: User, client_for: Callable[[User], Client], language: str
) -> None:
    karen.language = language
    karen.save(update_fields=["language"])
    client = client_for(karen)
    hit = case.hits.get()
    for address in (
        "/kyc/", "/kyc/?tab=approve", "/kyc/?tab=team", "/kyc/?tab=unassigned",
        f"/kyc/cases/{case.pk}/", f"/kyc/hits/{hit.pk}/", "/kyc/lists/", "/kyc/lists/upload/",
        "/kyc/screening/", "/kyc/risk/", "/kyc/risk/draft/", "/kyc/gaps/", "/",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address


def test_advisers_see_nothing_of_kyc(
    case: Case, ada: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(ada)
    hit = case.hits.get()
    for address in ("/kyc/", f"/kyc/cases/{case.pk}/", f"/kyc/hits/{hit.pk}/", "/kyc/lists/"):
        assert client.get(address).status_code == 403, address
    assert "/kyc/" not in client.get("/").content.decode()


def test_deciding_leads_to_the_case(
    case: Case, line: User, client_for: Callable[[User], Client]
) -> None:
    hit = case.hits.get()
    client = client_for(line)
    answer = client.post(
        f"/kyc/hits/{hit.pk}/decide/",
        {"decision": "false_match", "reason_code": "born", "version": hit.version},
    )
    assert answer.headers["Location"] == f"/kyc/cases/{case.pk}/"
    hit.refresh_from_db()
    assert hit.status == HitState.FALSE_MATCH
    stale = client.post(
        f"/kyc/hits/{hit.pk}/decide/",
        {"decision": "true_match", "reason_code": "born", "version": 1},
        headers={"HX-Request": "true"},
    )
    assert stale.status_code == 409
    client.post(f"/kyc/hits/{hit.pk}/undo/")
    hit.refresh_from_db()
    assert hit.status == HitState.OPEN
    client.post(f"/kyc/hits/{hit.pk}/decide/", {"decision": "look"})
    case.refresh_from_db()
    assert case.state == CaseState.INVESTIGATING


def test_the_second_person_finds_it_under_to_approve(
    case: Case, line: User, karen: User, now: datetime, client_for: Callable[[User], Client]
) -> None:
    services.decide_hit(
        hit=case.hits.get(), decision=HitState.FALSE_MATCH, reason_code=ReasonCode.BORN,
        actor=line, at=now,
    )  # fmt: skip
    case = lifecycle.perform(
        record=case, name="propose_clearance", actor=line, at=now, reason="another man"
    )
    client = client_for(karen)
    page = client.get("/kyc/?tab=approve").content.decode()
    assert str(case.customer) in page
    answer = client.post(
        _transition(case, "clear"),
        {"version": case.version},
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.CLEARED


def _transition(case: Case, name: str) -> str:
    from django.urls import reverse

    return reverse("web:transition", args=["kyc", "case", case.pk, name])


def test_many_are_assigned_after_a_preview(
    load_names: Any, make_case: Any, karen: User, line: User, client_for: Callable[[User], Client]
) -> None:
    load_names(LISTED)
    cases = [make_case("Igor", "Volkov", born_on=BORN),
             make_case("Igor P.", "Volkov", born_on=BORN)]  # fmt: skip
    client = client_for(karen)
    body = {"case": [str(one.pk) for one in cases], "assignee": str(line.pk)}
    preview = client.post("/kyc/assign/", body)
    assert preview.status_code == 200
    assert not Case.objects.filter(assignee=line).exists()
    client.post("/kyc/assign/", {**body, "confirmed": "1"})
    assert Case.objects.filter(assignee=line).count() == 2


def test_screening_a_name_shows_why(
    load_names: Any, line: User, client_for: Callable[[User], Client]
) -> None:
    load_names(LISTED)
    page = client_for(line).post("/kyc/screening/", {"name": "Igor Wolkow", "kind": "person"})
    assert page.status_code == 200
    assert "Igor Petrovich Volkov" in page.content.decode()


def test_a_held_list_is_accepted_by_an_officer(
    load_names: Any, karen: User, line: User, client_for: Callable[[User], Client]
) -> None:
    rows = [f"{n},Name{n} Person{n},person" for n in range(10)]
    load_names(*rows)
    held = load_names(*rows[:5]).version
    assert client_for(line).post(f"/kyc/lists/{held.pk}/accept/").status_code == 403
    client_for(karen).post(f"/kyc/lists/{held.pk}/accept/")
    assert WatchlistVersion.objects.get(standing="in_force").entries == 5
