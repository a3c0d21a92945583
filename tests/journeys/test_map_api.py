"""Maps, cards and personas over the API."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from clm.core.models import User
from tests.factories import maps as make

pytestmark = pytest.mark.django_db
API = "/api/v1"


def test_a_map_is_drawn_over_the_api(
    dan: User, client_for: Callable[[User], Client], now: datetime
) -> None:
    client = client_for(dan)

    def send(method: str, path: str, body: Any = None, **headers: str) -> Any:
        call = getattr(client, method)
        return call(
            f"{API}/{path}", json.dumps(body), content_type="application/json", headers=headers
        )

    who = send("post", "personas/", {"name": "Sofie", "worries": "Forms"}).json()
    made = send(
        "post", "journey-maps/",
        {"name": "Loan", "kind": "as-is", "steps": ["Apply: Ask", "Sign"], "personas": [who["id"]]},
    )  # fmt: skip
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    whole = client.get(f"{API}/journey-maps/{key}/").json()
    assert [(one["phase"], one["title"]) for one in whole["steps"]] == [
        ("Apply", "Ask"),
        ("", "Sign"),
    ]
    cell = {"map": key, "lane": whole["lanes"][0]["id"], "step": whole["steps"][0]["id"]}
    card = send("post", "journey-map-cards/", {**cell, "text": "First"})
    assert card.status_code == 201, card.content
    place = f"journey-map-cards/{card.json()['id']}/"
    second = {**cell, "text": "Before it", "before": card.json()["id"]}
    assert send("post", "journey-map-cards/", second).status_code == 201
    whole = client.get(f"{API}/journey-maps/{key}/").json()
    assert [one["text"] for one in whole["cards"]] == ["Before it", "First"]
    # Nobody writes over what they have not seen.
    assert send("patch", place, {"text": "x"}).status_code == 428
    tag = client.get(f"{API}/{place}")["ETag"]
    moved = {"text": "Second", "step": whole["steps"][1]["id"]}
    changed = send("patch", place, moved, **{"If-Match": tag})
    assert (changed.status_code, changed.json()["text"]) == (200, "Second")
    assert changed.json()["step"] == whole["steps"][1]["id"]
    assert send("patch", place, {"text": "Late"}, **{"If-Match": tag}).status_code == 412
    for body in ({"text": ""}, {"text": "x" * 501}, {"lane": key}, {"map": "x"}, {"order": 1}):
        refused = send("patch", place, body, **{"If-Match": "*"})
        assert refused.status_code == 400, body
    named = send("patch", f"journey-maps/{key}/", {"name": "Home"}, **{"If-Match": "*"})
    assert named.json()["name"] == "Home"
    gone = client.delete(f"{API}/{place}", headers={"If-Match": "*"})
    assert gone.status_code == 204
    assert client.get(f"{API}/{place}").status_code == 404


def test_readers_read(
    dan: User, ada: User, client_for: Callable[[User], Client], now: datetime
) -> None:
    drawn = make.drawn(by=dan, at=now)
    card = make.card(on=drawn, by=dan, at=now)
    client = client_for(ada)
    rows = client.get(f"{API}/journey-map-cards/?map={drawn.pk}").json()["results"]
    assert [one["id"] for one in rows] == [str(card.pk)]
    refused = client.patch(
        f"{API}/journey-map-cards/{card.pk}/", json.dumps({"text": "x"}),
        content_type="application/json", headers={"If-Match": "*"},
    )  # fmt: skip
    assert refused.status_code == 403
