"""KYC over the API: clients propose, people approve."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from clm.core import jobs
from clm.core.models import Job, User
from kyc import services
from kyc.models import Case, HitState, ReasonCode

BORN = date(1961, 2, 3)
LISTED = "1,Igor Petrovich Volkov,person,1961-02-03,RU"


@pytest.fixture
def case(load_names: Any, make_case: Callable[..., Case]) -> Case:
    load_names(LISTED)
    return make_case("Igor", "Volkov", born_on=BORN)


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(
        f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def test_cases_and_hits_are_read(
    case: Case, line: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(line)
    (found,) = client.get("/api/v1/kyc/cases/?state=TRIAGE").json()["results"]
    assert found["id"] == str(case.pk)
    assert {one["kind"] for one in found["checks"]} >= {"sanctions", "identity", "age"}
    (hit,) = client.get("/api/v1/kyc/hits/").json()["results"]
    assert sum(one["points"] for one in hit["explanation"]) == pytest.approx(
        float(hit["score"]) * 100, abs=0.3
    )
    (watchlist,) = client.get("/api/v1/kyc/watchlists/").json()["results"]
    assert watchlist["in_force"]["entries"] == 1


def test_a_hit_is_decided_with_its_entity_tag(
    case: Case, line: User, client_for: Callable[[User], Client]
) -> None:
    client, hit = client_for(line), case.hits.get()
    path = f"kyc/hits/{hit.pk}/decide/"
    body = {"decision": "false_match", "reason_code": "born"}
    assert post(client, path, body).status_code == 428
    tag = client.get(f"/api/v1/kyc/hits/{hit.pk}/").headers["ETag"]
    assert post(client, path, body, **{"If-Match": tag}).status_code == 200
    assert post(client, path, body, **{"If-Match": tag}).status_code == 412


def test_proposing_is_refused_with_the_guards_sentences(
    case: Case, line: User, now: datetime, client_for: Callable[[User], Client]
) -> None:
    client = client_for(line)
    tag = client.get(f"/api/v1/kyc/cases/{case.pk}/").headers["ETag"]
    path = f"kyc/cases/{case.pk}/transitions/propose_clearance/"
    refused = post(client, path, {"reason": "fine"}, **{"If-Match": tag})
    assert refused.status_code == 409
    assert "No screening hit is open" in refused.content.decode()
    services.decide_hit(
        hit=case.hits.get(), decision=HitState.FALSE_MATCH, reason_code=ReasonCode.BORN,
        actor=line, at=now,
    )  # fmt: skip
    tag = client.get(f"/api/v1/kyc/cases/{case.pk}/").headers["ETag"]
    assert post(client, path, {"reason": "fine"}, **{"If-Match": tag}).status_code == 200


def test_screening_answers_with_reasons(
    load_names: Any, line: User, ada: User, client_for: Callable[[User], Client]
) -> None:
    load_names(LISTED)
    body = {"name": "Игорь Волков", "kind": "person"}
    answer = post(client_for(line), "kyc/screenings/", body)
    assert answer.status_code == 200
    (found,) = answer.json()["candidates"]
    assert found["entry_id"] == "1"
    assert found["match"] is True
    assert post(client_for(ada), "kyc/screenings/", body).status_code == 403
    assert post(client_for(line), "kyc/screenings/", {"nom": "x"}).status_code == 400


def test_advisers_are_refused(case: Case, ada: User, client_for: Callable[[User], Client]) -> None:
    client = client_for(ada)
    assert client.get("/api/v1/kyc/cases/").status_code == 403
    assert client.get(f"/api/v1/kyc/hits/{case.hits.get().pk}/").status_code == 403


def test_a_rule_is_drafted_replayed_and_proposed_over_the_api(
    line: User, karen: User, now: datetime, client_for: Callable[[User], Client]
) -> None:
    client, page = client_for(line), "kyc/monitoring-rules/"
    (shipped,) = client.get(f"/api/v1/{page}?rule=velocity").json()["results"]
    body = {"rule": "velocity", "note": "fewer", "parameters": {"count": 40}}
    drafted = post(client, page, body)
    assert drafted.status_code == 201, drafted.content
    draft = drafted.json()
    assert (draft["state"], draft["number"]) == ("DRAFT", shipped["number"] + 1)
    assert draft["parameters"] == {**shipped["parameters"], "count": 40}
    assert post(client, page, {**body, "parameters": {"count": "x"}}).status_code == 400
    assert post(client, page, {**body, "rule": "no such"}).status_code == 400
    assert post(client, page, {**body, "parameters": [1]}).status_code == 400
    one = f"{page}{draft['id']}/"
    tag = {"If-Match": drafted.headers["ETag"]}
    assert post(client, f"{one}transitions/propose/", {"reason": ""}, **tag).status_code == 409
    assert post(client, f"{one}replay/", {"months": 25}).status_code == 400
    accepted = post(client, f"{one}replay/", {"months": 2})
    assert accepted.status_code == 202, accepted.content
    assert jobs.run(job=Job.objects.get(pk=accepted.json()["id"]), at=now).state == "DONE"
    (replay,) = client.get(f"/api/v1/{one}replays/").json()["results"]
    assert replay["done_at"]
    assert post(client, f"{one}transitions/propose/", {"reason": ""}, **tag).status_code == 200
    tag = {"If-Match": client.get(f"/api/v1/{one}").headers["ETag"]}
    assert post(client, f"{one}transitions/approve/", {}, **tag).status_code == 403
    assert post(client_for(karen), f"{one}transitions/approve/", {}, **tag).status_code == 200


HIDDEN = (
    "I\u200bg\u200bo\u200br V\u200bo\u200bl\u200bk\u200bo\u200bv",  # gaps without room
    "I g o r  V o l k o v",
    "\u202eIgor\u202c \U0001f600 Volkov",  # right to left, an emoji
    "Ігоr Vоlkоv",  # letters that look Latin
    "1g0r V0lk0v",
    "𝕴𝖌𝖔𝖗 𝖁𝖔𝖑𝖐𝖔𝖛",
    "I.g.o.r V.o.l.k.o.v",
)
REFUSED = (
    {"name": ""}, {"name": " \u200b "}, {"name": "X"}, {"name": "\U0001f600\U0001f600"},
    {"name": "Igor\x00Volkov"}, {"name": "A" * 10_000}, {"name": "Igor Volkov", "born": "2999-01-01"},
    {"name": "Igor Volkov", "born": "0001-01-01"}, {"name": "Igor Volkov", "country": "QQ"},
    {"name": ["Igor Volkov"]}, {"name": None},
)  # fmt: skip


def test_a_name_in_hiding_is_found_and_no_name_is_refused(
    load_names: Any, line: User, client_for: Callable[[User], Client]
) -> None:
    load_names("1,Igor Volkov,person")
    client = client_for(line)
    for name in HIDDEN:
        answer = post(client, "kyc/screenings/", {"name": name, "kind": "person"})
        assert answer.status_code == 200, name
        assert [one["match"] for one in answer.json()["candidates"]] == [True], name
    for body in REFUSED:
        assert post(client, "kyc/screenings/", body).status_code == 400, body
    # Half a character is no character, wherever it comes back.
    half = client.post(
        "/api/v1/kyc/screenings/", '{"name": "Igor \\ud800 Volkov"}',
        content_type="application/json",
    )  # fmt: skip
    assert half.status_code in (200, 400), half.content
    page = client.post("/kyc/screening/", {"name": "Igor Volkov", "born_on": "2999-01-01"})
    assert "Nobody who lives" in page.content.decode()
