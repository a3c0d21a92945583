"""A mapping project from briefing to measured action, and what its gates refuse."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from clm.core import lifecycle, records
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.models import Event, User
from journeys import selectors, services
from journeys.eventlog import MICROSECONDS, Log, Ordered
from journeys.metrics import effect
from journeys.models import JourneyMap, MappingProject, MapStep, Persona, ResearchNote
from journeys.web import modules

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def nina(make_user: Callable[..., User], aarhus: Any) -> User:
    return make_user("nina", "journey_designer", branch=aarhus)


@pytest.fixture
def persona(system: User, now: datetime) -> Persona:
    return records.create(record=Persona(name="First home"), actor=system, at=now)


@pytest.fixture
def step(nina: User, system: User, now: datetime) -> MapStep:
    drawn = records.create(
        record=JourneyMap(name="Home loan today", owner=nina), actor=system, at=now
    )
    made = MapStep(map=drawn, title="Documents", order=1, activities=["Documents received"])
    return records.create(record=made, actor=system, at=now)


@pytest.fixture
def project(nina: User, now: datetime) -> MappingProject:
    return services.open_project(values={"title": "Home loan"}, actor=nina, at=now)


def go(project: MappingProject, name: str, nina: User, now: datetime, **more: Any) -> Any:
    return lifecycle.perform(record=project, name=name, actor=nina, at=now, **more)


def test_each_module_says_what_the_next_one_needs(
    project: MappingProject, persona: Persona, step: MapStep, nina: User, now: datetime
) -> None:
    with pytest.raises(TransitionRefused) as refusal:
        go(project, "skip_research", nina, now)
    assert len(refusal.value.reasons) == 3
    project = services.change_project(
        project=project, changes={"goal": "Faster", "scope": "Until paid out"},
        personas=[persona], actor=nina, at=now,
    )  # fmt: skip
    project = go(project, "skip_research", nina, now)
    with pytest.raises(TransitionRefused, match="has steps"):
        go(project, "analyse", nina, now)
    project = services.change_project(
        project=project, changes={"as_is": step.map}, actor=nina, at=now
    )
    project = go(project, "analyse", nina, now)
    with pytest.raises(TransitionRefused, match="moment of truth"):
        go(project, "present", nina, now)
    add: dict[str, Any] = {"project": project, "actor": nina, "at": now}
    services.add_part(kind="moments", values={"step": step, "why": "They give up"}, **add)
    services.add_part(
        kind="opportunities", values={"title": "Read by itself", "worth": 5, "effort": 2}, **add
    )
    project = go(project, "present", nina, now)
    action = services.add_part(kind="actions", values={"title": "Do it", "owner": nina}, **add)
    with pytest.raises(TransitionRefused, match="due date"):
        go(project, "finish", nina, now)
    services.change_part(
        part=action, kind="actions", values={"due_on": now.date()}, actor=nina, at=now
    )
    project = go(project, "finish", nina, now)
    with pytest.raises(ValidationError, match="over"):
        services.add_part(kind="insights", values={"text": "Too late"}, **add)
    # The effect comes after the project: that it is done may still be said.
    services.change_part(
        part=action, kind="actions", values={"done_on": now.date()}, actor=nina, at=now
    )
    with pytest.raises(TransitionRefused, match="reason"):
        go(project, "back_to_analysis", nina, now)
    go(project, "back_to_analysis", nina, now, reason="New numbers")
    taken = Event.objects.filter(record_id=project.pk).values_list("action", flat=True)
    assert {"skip_research", "change", "finish", "back_to_analysis"} <= set(taken)


def test_a_data_backed_project_researches_and_measures(
    project: MappingProject, persona: Persona, nina: User, now: datetime
) -> None:
    changes = {"goal": "x", "scope": "x", "depth": "data"}
    project = services.change_project(
        project=project, changes=changes, personas=[persona], actor=nina, at=now
    )
    with pytest.raises(TransitionRefused) as refusal:
        go(project, "skip_research", nina, now)
    assert len(refusal.value.reasons) == 2  # no events, and research may not be left out


def test_two_people_finish_the_same_module(
    project: MappingProject, persona: Persona, nina: User, now: datetime
) -> None:
    project = services.change_project(
        project=project, changes={"goal": "x", "scope": "x"}, personas=[persona], actor=nina,
        at=now,
    )  # fmt: skip
    go(project, "start_research", nina, now, version=project.version)
    with pytest.raises(StaleVersion):
        go(project, "start_research", nina, now, version=project.version)
    with pytest.raises(TransitionRefused):
        go(project, "start_research", nina, now)


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("actions", {"title": "x", "done_on": timedelta(days=1)}, "done_on"),
        ("actions", {"title": "x", "done_on": timedelta(0)}, "owner"),
        ("actions", {"title": "x", "metric": "wait"}, "activity"),
        ("actions", {"title": "x", "group": "phone"}, "group"),
        ("opportunities", {"title": "x", "worth": 6, "effort": 1}, "worth"),
        ("opportunities", {"title": "x", "worth": 1, "effort": 0}, "effort"),
        ("notes", {"kind": "interview", "held_on": timedelta(0)}, "text"),
        ("notes", {"kind": "interview", "held_on": timedelta(days=1), "text": "x"}, "held_on"),
        ("points", {"kind": "goal", "text": ""}, "text"),
        ("points", {"kind": "goal", "text": "x" * 501}, "text"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    project: MappingProject, nina: User, now: datetime, kind: str, values: Any, field: str
) -> None:
    given = {
        name: now.date() + value if isinstance(value, timedelta) else value
        for name, value in values.items()
    }
    with pytest.raises(ValidationError) as refusal:
        services.add_part(project=project, kind=kind, values=given, actor=nina, at=now)
    assert field in refusal.value.message_dict


def test_a_step_of_another_map_is_no_moment_of_this_project(
    project: MappingProject, step: MapStep, nina: User, ada: User, now: datetime
) -> None:
    values = {"step": step, "why": "x"}
    with pytest.raises(ValidationError, match="no map of this project"):
        services.add_part(project=project, kind="moments", values=values, actor=nina, at=now)
    with pytest.raises(PermissionDenied):
        services.add_part(project=project, kind="moments", values=values, actor=ada, at=now)


def test_erased_words_are_nowhere(project: MappingProject, nina: User, now: datetime) -> None:
    values = {
        "kind": "interview", "held_on": now.date(), "text": "Zacharias waited",
        "quotation": "says Zacharias", "themes": ["waiting"],
    }  # fmt: skip
    note: Any = services.add_part(project=project, kind="notes", values=values, actor=nina, at=now)
    note = services.change_part(
        part=note, kind="notes", values={"text": "Zacharias waited long"}, actor=nina, at=now
    )
    services.erase_words(note=note, actor=nina, at=now)
    left = ResearchNote.objects.get()
    assert (left.text, left.quotation, left.themes) == ("", "", ["waiting"])
    assert not any("Zacharias" in str(one.payload) for one in Event.objects.all())
    assert selectors.themes_of(notes=[left]) == [("waiting", 1, 1)]


# What an action changed ------------------------------------------------------------------------


def cases_of(days: list[float], begin: float) -> Ordered:
    """Cases that are decided after so many days each, one begun every hour."""
    size = len(days)
    starts = begin + np.arange(size) / 24
    ends = starts + np.array(days)
    at = np.stack([starts, ends], axis=1).ravel() * 86_400 * MICROSECONDS
    return Ordered(
        Log(
            cases=np.repeat(np.arange(size), 2), activities=np.tile([0, 1], size),
            starts=at.astype(np.int64), ends=at.astype(np.int64), names=["apply", "decide"],
        )
    )  # fmt: skip


def measured(before: list[float], after: list[float], reached: int, **more: Any) -> Any:
    groups = np.array([1] * reached + [0] * (len(before) - reached))
    day = 86_400 * MICROSECONDS
    return effect.compute(
        cases_of(after, 200), before=effect.Period(cases_of(before, 100), groups, 190 * day),
        groups=groups, until=290 * day, **more,
    )  # fmt: skip


def test_an_effect_is_what_changed_beyond_what_changed_everywhere() -> None:
    rng = np.random.default_rng(1)

    def some(days: float) -> list[float]:
        return list(rng.normal(days, 1, 60))

    # Reached: 20 to 10 days; the others: 12 to 9 meanwhile. So 7 days are the action's.
    found = measured([*some(20), *some(12)], [*some(10), *some(9)], 60)
    assert found["known"]
    assert found["shown"]
    assert found["low"] < -7 < found["high"]
    assert found["difference"] == pytest.approx(-7, abs=0.8)
    same = measured([*some(20), *some(12)], [*some(17), *some(9)], 60, expected=-3)
    assert same["low"] < 0 < same["high"]
    assert not same["shown"]
    share = measured([*some(20), *some(12)], [*some(10), *some(9)], 60, metric="given-up")
    assert share["difference"] == 0


def test_with_too_few_cases_it_says_how_many_are_needed() -> None:
    found = measured([20, 21, 22, 12, 13], [10, 11, 12, 9, 10], 3, expected=-0.2)
    assert (found["known"], found["difference"]) == (False, None)
    assert found["sizes"] == [3, 2, 3, 2]
    assert found["needed"] > effect.LEAST
    nothing = measured([20.0], [10.0], 1)
    assert (nothing["known"], nothing["needed"]) == (False, effect.LEAST)


# The pages -------------------------------------------------------------------------------------


def test_the_modules_pages_and_their_forms(
    project: MappingProject, persona: Persona, step: MapStep, nina: User, now: datetime,
    client_for: ClientFor,
) -> None:  # fmt: skip
    services.change_project(
        project=project, changes={"as_is": step.map}, personas=[persona], actor=nina, at=now
    )
    client = client_for(nina)
    home = f"/journeys/projects/{project.pk}/"
    today = timezone.localdate().isoformat()
    sent = {
        "points": {"points-kind": "goal", "points-text": "<b>Half the time</b>"},
        "notes": {
            "notes-kind": "survey", "notes-held_on": today, "notes-question": "What annoyed you?",
            "notes-answers": "Waiting: 12\nPapers: 3", "notes-themes": "waiting, papers, waiting",
        },
        "moments": {"moments-step": step.pk, "moments-why": "They give up"},
        "insights": {"insights-text": "They wait", "insights-recommendation": "Ask once"},
        "opportunities": {
            "opportunities-title": "One list", "opportunities-worth": 4, "opportunities-effort": 1,
        },
        "actions": {"actions-title": "Write the list", "actions-due_on": today},
    }  # fmt: skip
    for kind, values in sent.items():
        answer = client.post(f"{home}{kind}/", values)
        assert answer.status_code == 302, answer.content.decode()
        page = client.get(answer["Location"])
        assert page.status_code == 200, kind
    assert "&lt;b&gt;Half the time" in client.get(f"{home}?module=briefing").content.decode()
    assert client.get(f"{home}?module=workshop").status_code == 200
    assert client.get(f"{home}impact/").status_code == 200
    note = ResearchNote.objects.get()
    assert (note.themes, note.people) == (["waiting", "papers"], 15)
    refused = client.post(f"{home}notes/", {"notes-answers": "Waiting"})
    assert refused.status_code == 422
    assert "One answer a line" in refused.content.decode()
    assert client.post(f"{home}nonsense/", {}).status_code == 404
    erased = client.post(f"/journeys/parts/notes/{note.pk}/", {"do": "erase"})
    assert erased.status_code == 302
    assert client.get("/journeys/projects/?open=1").status_code == 200
    path = modules.path(MappingProject.objects.get(), at=now)
    assert [one["state"] for one in path] == ["now", "", "", "", ""]


def test_a_project_over_the_api(nina: User, persona: Persona, client_for: ClientFor) -> None:
    client = client_for(nina)
    made = client.post(
        "/api/v1/mapping-projects/", {"title": "Home loan", "personas": [str(persona.pk)]},
        content_type="application/json",
    )  # fmt: skip
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["state"], body["personas"]) == ("BRIEFING", [str(persona.pk)])
    address = f"/api/v1/mapping-projects/{body['id']}/"
    changed = client.patch(
        address, {"goal": "Faster", "scope": "All", "team": [str(nina.pk)]},
        content_type="application/json", headers={"If-Match": made["ETag"]},
    )  # fmt: skip
    assert (changed.status_code, changed.json()["team"]) == (200, [str(nina.pk)])
    moved = client.post(
        f"{address}transitions/skip_research/", {}, content_type="application/json",
        headers={"If-Match": changed["ETag"]},
    )  # fmt: skip
    assert (moved.status_code, moved.json()["state"]) == (200, "WORKSHOP")
