"""Pages and resources of analytics answer, with a model and without."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clm.core.models import User
from tests.analytics.test_services import activate, bank, dan, eva, in_use, score, small_trees  # noqa: F401
from tests.factories import customers

pytestmark = pytest.mark.django_db


def test_without_a_model(dan: User, client_for: Callable[[User], Client]) -> None:  # noqa: F811
    assert client_for(dan).get("/analytics/").status_code == 200


def test_with_a_model_and_scores(
    bank: Any,  # noqa: F811
    in_use: Any,  # noqa: F811
    dan: User,  # noqa: F811
    rikke: User,
    now: Any,
    client_for: Callable[[User], Client],
) -> None:

    activate(bank, now)
    score(dan, now)
    client = client_for(rikke)
    assert client.get("/analytics/").status_code == 200
    assert client.get(f"/analytics/models/{in_use.pk}/").status_code == 200
    scores = client.get("/api/v1/churn-scores/?latest=true&ordering=-probability&limit=5")
    assert scores.status_code == 200, scores.content
    found = scores.json()["results"]
    assert found[0]["probability"] >= found[-1]["probability"]
    assert client.get(f"/analytics/scores/{found[0]['id']}/").status_code == 200
    # On demand: today's score, made once; no risk for who is no customer, 404 out of reach.
    asked = {"customer": found[0]["customer"]}
    first, again = (
        client.post("/api/v1/churn-scores/", asked, content_type="application/json")
        for _time in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"] != found[0]["id"]
    prospect = customers.customer(at=now)
    for key, status in ((prospect.pk, 409), (in_use.pk, 404)):
        answer = client.post(
            "/api/v1/churn-scores/", {"customer": str(key)}, content_type="application/json"
        )
        assert answer.status_code == status, answer.content
    late = customers.customer(stage="ACTIVE", at=now)
    asked = {"customer": str(late.pk)}
    fresh = client.post("/api/v1/churn-scores/", asked, content_type="application/json")
    assert fresh.json()["customer"] == str(late.pk)
    assert fresh.json()["reasons"]
    models = client.get("/api/v1/models/").json()["results"]
    assert models[0]["state"] == "APPROVED"
    assert client.get("/").status_code == 200
