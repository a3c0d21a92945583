"""Touchpoints over the API: batches, each event answered for, and the same one once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clm.core.models import User
from journeys.api.items import read_items
from journeys.api.serializers import NewTouchpointSerializer
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
    address = f"/api/v1/journeys/{found['journey']}/friction/"
    report = client.get(address).json()
    assert (report["events"], report["cases"]) == (2, 1)
    assert report["steps"][0]["activity"] == "log in"
    assert client.get(f"{address}?since=2026-01-02&value=10").json()["events"] == 0
    assert client.get(f"{address}?since=yesterday").status_code == 400
    assert client.get(f"{address}?nothing=1").status_code == 400
    rows = client.get("/api/v1/touchpoints/?limit=1").json()
    assert len(rows["results"]) == 1


def test_batches_have_a_size(client: Client) -> None:
    assert send(client, []).status_code == 400
    assert send(client, [{}] * 10_001).status_code == 400
    assert send(client, [{}], journey="life-cycle").status_code == 400


def test_the_same_id_with_other_content_is_told_and_the_first_stays(client: Client) -> None:
    event = {"id": "e1", "case_id": "1", "activity": "log in", "at": "2026-01-01T10:00:00Z"}
    other = {**event, "activity": "log out"}
    first = send(client, [event, other, event]).json()
    assert (first["added"], first["known"]) == (1, 1)
    assert [one["index"] for one in first["refused"]] == [1]
    again = send(client, [other, event, {**event, "id": "e2"}]).json()
    assert (again["added"], again["known"]) == (1, 1)
    assert [one["index"] for one in again["refused"]] == [0]
    assert set(Touchpoint.objects.values_list("activity", flat=True)) == {"log in"}


def test_an_event_far_ahead_is_refused_and_an_appointment_is_not(client: Client) -> None:
    now = timezone.now()
    event = {"case_id": "1", "activity": "meet"}
    soon, far = now + timedelta(days=30), now + timedelta(days=400)
    found = send(
        client,
        [
            {**event, "id": "e1", "at": soon.isoformat()},
            {**event, "id": "e2", "at": far.isoformat()},
            {**event, "id": "e3", "at": "2026-01-01T10:00:00Z", "ended_at": far.isoformat()},
        ],
    ).json()
    assert found["added"] == 1
    assert [list(one["detail"]) for one in found["refused"]] == [["at"], ["ended_at"]]


TEXTS = st.text("ab \u00e6", max_size=3)
ODD = st.one_of(TEXTS, st.none(), st.integers(-3, 3), st.booleans(), st.just("x" * 300))
ITEMS = st.fixed_dictionaries(
    {"id": ODD, "case_id": TEXTS, "activity": TEXTS},
    optional={
        "at": st.sampled_from(
            [
                "2026-01-01T10:00:00Z",
                "2026-01-01",
                "2026-01-01T10:00",
                "x",
                "2026-01-01T10:00+02:00",
            ]
        ),
        "ended_at": st.sampled_from(["2026-01-01T09:00:00Z", "2026-01-02T10:00:00Z", None, 5]),
        "cost": st.sampled_from(["1.5", "1.555", "", 2, "1e3", None, "-0.10"]),
        "sentiment": ODD,
        "channel": ODD,
        "attributes": st.dictionaries(TEXTS, ODD, max_size=2),
        "else": ODD,
    },
)


@given(ITEMS)
def test_the_short_way_takes_what_the_long_one_would(one: dict[str, Any]) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    good, refused = read_items([one], now=at)
    item = NewTouchpointSerializer(data=one, context={"now": at})
    assert bool(good) == item.is_valid()
    assert bool(refused) != bool(good)
    if good:
        assert good[0][1] == dict(item.validated_data)
