"""KYC over the API: clients propose, people approve."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from clm.core.models import User
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
