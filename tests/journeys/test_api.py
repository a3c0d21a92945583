"""Touchpoints over the API: batches, each event answered for, and the same one once."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clm.core.models import User
from journeys.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(make_user: Callable[..., User], client_for: Callable[[User], Client]) -> Client:
    return client_for(make_user("nina", "journey_designer"))


def send(client: Client, events: list[Any], journey: str = "App") -> Any:
    body = json.dumps({"journey": journey, "events": events})
    return client.post("/api/v1/touchpoints/", body, content_type="application/json")


def test_a_batch_is_taken_in_once(client: Client) -> None:
    event = {"id": "e1", "case_id": "1", "activity": "log in", "at": "2026-01-01T10:00:00Z"}
    bad = [
        {**event, "id": "e2", "at": "yesterday"},
        {**event, "id": "e3", "ended_at": "2025-01-01T10:00:00Z"},
        {**event, "id": "e4", "unknown": 1},
        "no event",
        {**event, "id": "e5", "at": "1970-01-01T00:00:00Z"},
    ]
    answer = send(client, [event, *bad, {**event, "id": "e6"}])
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert (found["added"], found["known"]) == (2, 0)
    assert [one["index"] for one in found["refused"]] == [1, 2, 3, 4, 5]
    again = send(client, [event]).json()
    assert (again["added"], again["known"]) == (0, 1)
    assert Touchpoint.objects.filter(journey_id=found["journey"]).count() == 2
    report = client.get(f"/api/v1/journeys/{found['journey']}/friction/").json()
    assert (report["events"], report["cases"]) == (2, 1)
    rows = client.get("/api/v1/touchpoints/?limit=1").json()
    assert len(rows["results"]) == 1


def test_batches_have_a_size(client: Client) -> None:
    assert send(client, []).status_code == 400
    assert send(client, [{}] * 10_001).status_code == 400
    assert send(client, [{}], journey="life-cycle").status_code == 400
