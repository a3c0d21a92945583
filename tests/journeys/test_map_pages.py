"""The canvas as pages: shown, asked for again, and worked on without a script."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from clm.core.models import User
from journeys.models import JourneyMap, MapCard
from journeys.services import maps
from tests.factories import maps as make
from tests.journeys.test_pages import journey  # noqa: F401

pytestmark = pytest.mark.django_db
ODD = "</script><b>&\"'#[*x*]"


@pytest.fixture
def drawn(dan: User, journey: Any, now: datetime) -> JourneyMap:  # noqa: F811
    found = make.drawn(by=dan, at=now, journey=journey)
    for number, name in ((0, "apply"), (1, "check"), (3, "<b>odd</b>")):
        maps.change_step(
            on=found,
            step=make.part(found, "steps", number).pk,
            activities=[name],
            actor=dan,
            at=now,
        )
    make.card(on=found, by=dan, at=now, text=ODD)
    step = make.part(found, "steps", 1)
    maps.feel(
        on=found, step=step.pk, persona=found.personas.get().pk, value="-1.6", actor=dan, at=now
    )
    return found


def test_the_canvas_shows_what_is_drawn_and_measured(
    drawn: JourneyMap, dan: User, ada: User, client_for: Callable[[User], Client], now: datetime
) -> None:
    client = client_for(dan)
    maps.comment(on=drawn, step=make.part(drawn, "steps").pk, text="Odense", actor=dan, at=now)
    page = client.get(f"/journeys/maps/{drawn.pk}/")
    content = page.content.decode()
    assert page.status_code == 200
    assert "<b>&amp;" not in content
    assert "&lt;/script&gt;&lt;b&gt;&amp;" in content
    assert "glow-" in content
    assert "−1.6" in content
    assert "Odense" in content
    for part in (MapCard.objects.get(), make.part(drawn, "steps"), make.part(drawn, "lanes")):
        name = type(part).__name__.removeprefix("Map").lower()
        chosen = client.get(f"/journeys/maps/{drawn.pk}/?{name}={part.pk}")
        assert chosen.status_code == 200
        assert 'id="chosen"' in chosen.content.decode()
    for query in ("?card=nonsense", "?step=%00", "?persona=x", "?persona=%27%3E"):
        assert client.get(f"/journeys/maps/{drawn.pk}/{query}").status_code == 200
    reader = client_for(ada).get(f"/journeys/maps/{drawn.pk}/").content.decode()
    assert "data-add" not in reader
    fit = client.get(f"/journeys/maps/{drawn.pk}/fit/").content.decode()
    assert "check" in fit
    for address in ("maps/", "maps/new/", "personas/", f"personas/{drawn.personas.get().pk}/"):
        assert client.get(f"/journeys/{address}").status_code == 200, address


def test_the_board_is_sent_when_something_is_new(
    drawn: JourneyMap, dan: User, client_for: Callable[[User], Client], now: datetime
) -> None:
    client = client_for(dan)
    board = f"/journeys/maps/{drawn.pk}/board/"
    first = client.get(board)
    again = client.get(board, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    make.card(on=drawn, by=dan, at=now, text="Fresh from Karen")
    fresh = client.get(board, headers={"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200
    assert "Fresh from Karen" in fresh.content.decode()


def test_everything_can_be_done_by_form(
    drawn: JourneyMap, dan: User, ada: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(dan)
    here, do = f"/journeys/maps/{drawn.pk}/", f"/journeys/maps/{drawn.pk}/do/"
    step, lane = make.part(drawn, "steps").pk, make.part(drawn, "lanes").pk
    card, persona = MapCard.objects.get().pk, drawn.personas.get().pk
    acts: list[dict[str, Any]] = [
        {"do": "add-card", "lane": lane, "step": step, "text": "x"},
        {"do": "write-card", "card": card, "text": "y", "version": "1"},
        {"do": "move-card", "card": card, "lane": lane, "step": step},
        {"do": "remove-card", "card": card},
        {"do": "undo"},
        {"do": "add-step", "title": "Move in"},
        {"do": "change-step", "step": step, "title": "t", "phase": "", "binding": "1"},
        {"do": "move-step", "step": step, "before": ""},
        {"do": "add-lane", "kind": "dna", "title": ""},
        {"do": "change-lane", "lane": lane, "title": "Does"},
        {"do": "move-lane", "lane": lane, "before": ""},
        {"do": "feel", "step": step, "persona": persona, "value": "2"},
        {"do": "comment", "step": step, "text": "Hm"},
        {"do": "comment", "card": card, "text": "Hm"},
        {"do": "save-version", "name": "One"},
        {"do": "share", "shared": "1"},
        {"do": "remove-lane", "lane": lane},
        {"do": "remove-step", "step": step},
    ]
    for post in acts:
        answer = client.post(do, {**post, "next": here})
        assert (answer.status_code, answer["Location"]) == (302, here), post
        told = client.post(do, post, headers={"Accept": "application/json"})
        assert told.status_code == 200, (post, told.content)
    version = drawn.versions.order_by("number")[0]
    assert client.get(f"/journeys/maps/{drawn.pk}/versions/{version.pk}/").status_code == 200
    assert client.post(do, {"do": "restore", "version": version.pk}).status_code == 302
    made = client.post(do, {"do": "to-be"})
    assert "Location" in made
    assert client.get(made["Location"]).status_code == 200
    assert client.post(do, {"do": "nothing"}).status_code == 400
    refused = client.post(
        do, {"do": "add-card", "lane": lane, "step": "x", "text": "x"},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert refused.status_code == 422
    assert "map" in refused.json()["said"]
    maps.share(on=drawn, shared=False, actor=dan, at=version.created_at)
    assert client_for(ada).post(do, acts[0]).status_code == 403


def test_a_map_and_a_persona_are_made_by_form(
    dan: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(dan)
    made = client.post("/journeys/personas/new/", {"name": "Olga", "worries": "Forms"})
    assert made.status_code == 302
    page = client.get(made["Location"]).content.decode()
    assert "Forms" in page
    old = {"name": "Olga P", "seen": "7"}
    assert client.post(made["Location"], old).status_code == 422
    drawn = client.post(
        "/journeys/maps/new/", {"name": "Pension", "kind": "as-is", "steps": "Ask\nPlan: Meet\n\n"}
    )
    assert drawn.status_code == 302
    assert "Meet" in client.get(drawn["Location"]).content.decode()
    assert client.post("/journeys/maps/new/", {"name": " "}).status_code == 422
    edited = client.post(f"{drawn['Location']}edit/", {"name": "Pension soon"})
    assert edited.status_code == 302
