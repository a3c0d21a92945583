"""The explorer shows what is chosen, and its numbers add up."""

import io
import itertools
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from clm.core.models import User
from journeys import selectors, services
from journeys.metrics.friction import friction_of
from journeys.selectors.cuts import load
from journeys.web import explorer

pytestmark = pytest.mark.django_db

LOG = b"""case_id,activity,timestamp
1,apply,2026-01-01T10:00:00Z
1,check,2026-01-09T10:00:00Z
1,pay,2026-01-10T10:00:00Z
2,apply,2026-01-01T10:00:00Z
2,check,2026-01-02T10:00:00Z
3,apply,2026-02-01T10:00:00Z
3,<b>odd</b>,2026-02-01T11:00:00Z
"""


@pytest.fixture
def journey(system: User, now: datetime) -> Any:
    found = services.journey_named(name="Loan", actor=system, at=now)
    services.import_log(stream=io.BytesIO(LOG), journey=found, actor=system, at=now)
    return found


def test_the_explorer_with_every_choice(
    journey: Any, karen: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(karen)
    for query in (
        "", "?measure=count", "?measure=p90&view=table", "?paths=1", "?least=99",
        "?paths=x&least=-5&measure=no&since=31-02", "?since=2026-02-01", "?since=2030-01-01",
    ):  # fmt: skip
        page = client.get(f"/journeys/loan/{query}")
        assert page.status_code == 200, query
    content = client.get("/journeys/loan/?paths=100").content.decode()
    assert "&lt;b&gt;odd&lt;/b&gt;" in content
    assert "<b>odd" not in content
    assert client.get("/journeys/").status_code == 200
    assert client.get("/journeys/nothing/").status_code == 404
    assert client.get("/journeys/loan/customers/?activity=apply").status_code == 200


def test_what_comes_in_while_a_page_is_made_does_not_break_it(
    journey: Any,
    karen: User,
    system: User,
    now: datetime,
    client_for: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Steps that nobody has seen before come in behind every reading."""
    count = itertools.count()

    def and_more(**asked: Any) -> Any:
        found = load(**asked)
        rows = f"case_id,activity,timestamp\n1,new {next(count)},2026-01-09T11:00:00Z\n".encode()
        services.import_log(stream=io.BytesIO(rows), journey=journey, actor=system, at=now)
        return found

    monkeypatch.setattr("journeys.selectors.measured.load", and_more)
    for query in ("", "?view=table&measure=cost", "?since=2026-01-01&until=2026-02-28&compare=1"):
        assert client_for(karen).get(f"/journeys/loan/{query}").status_code == 200, query
    assert next(count) >= 3
    report = selectors.analysis(journey=journey, actor=system, at=now)
    assert {one["name"] for one in report["report"]["activities"]} == {
        one["activity"] for one in report["steps"]
    }


@pytest.mark.parametrize(
    ("wait", "again", "lost", "friction"),
    [(None, 0, 0, 0), (5 * 86_400, 0, 0, 50), (0, 0.5, 0.5, 75), (-60, 0, 0, 0)],
)
def test_friction_joins_waiting_again_and_giving_up(
    wait: float | None, again: float, lost: float, friction: int
) -> None:
    assert friction_of(wait=wait, again=again, lost=lost) == friction


def test_a_step_and_a_way_lead_to_their_cases_with_the_same_choice(
    journey: Any, karen: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(karen)
    page = client.get("/journeys/loan/?paths=100&since=2026-01-01&until=2026-01-31&value=1000")
    content = page.content.decode()
    query = "since=2026-01-01&amp;until=2026-01-31&amp;activity=apply&amp;target=check"
    assert f"/journeys/loan/customers/?{query}" in content
    found = client.get(f"/journeys/loan/customers/?{query.replace('&amp;', '&')}").context
    assert found["count"] == 2
    assert [(row["case_id"], row["wait"]) for row in found["rows"]] == [
        ("1", 8 * 86_400), ("2", 86_400),
    ]  # fmt: skip
    assert client.get("/journeys/loan/?value=1000&measure=cost").context["steps"][0][0].cost


def test_the_page_names_the_longest_wait_and_compares_periods(
    journey: Any, karen: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(karen)
    page = client.get("/journeys/loan/").context
    assert page["worst"].key == "apply"
    compared = client.get("/journeys/loan/?compare=1&since=2026-02-01&until=2026-02-28").context
    assert compared["cut"].before() == selectors.Cut(
        since=date(2026, 1, 4), until=date(2026, 1, 31)
    )
    rows = {row.key: row for row, _url in compared["steps"]}
    assert rows["apply"].change is None  # nothing began in the four weeks before
    earlier = client.get("/journeys/loan/?compare=1&since=2026-02-01&until=2026-03-15").context
    rows = {row.key: row for row, _url in earlier["steps"]}
    assert rows["apply"].change == rows["apply"].friction - rows["apply"].before
    assert client.get("/journeys/loan/?kind=organisation").context["report"]["cases"] == 0
    assert client.get("/journeys/loan/?branch=nothing&channel=").status_code == 200


def test_nobody_without_a_role_sees_it(
    journey: Any, max_: User, client_for: Callable[[User], Client]
) -> None:
    assert client_for(max_).get("/journeys/loan/").status_code == 403


def test_a_period_keeps_whole_cases(journey: Any, system: User) -> None:
    cut = selectors.Cut(since=date(2026, 1, 1), until=date(2026, 1, 31))
    report = selectors.friction(journey=journey, actor=system, cut=cut)
    assert (report["cases"], report["events"]) == (2, 5)


def test_ways_shown_are_the_most_used_ones(journey: Any, system: User, now: datetime) -> None:
    report = selectors.friction(journey=journey, actor=system)
    shown = explorer.worth_seeing(report["edges"], explorer.Choice(paths=50))
    # Each step keeps its main way out, so the rare end of a journey does not fall off the graph.
    assert [(one["source"], one["target"]) for one in shown] == [
        ("apply", "check"),
        ("check", "pay"),
    ]
    everything = explorer.worth_seeing(report["edges"], explorer.Choice(paths=100))
    assert sum(one["count"] for one in everything) == 4
    found = selectors.analysis(journey=journey, actor=system, at=now)
    rows = {row.name: row for row in explorer.step_rows(found, own=False)}
    assert rows["apply"].cases == 3
    # A log ends with its last event: only what had been silent for a month then was given up.
    assert (rows["check"].lost, rows["<b>odd</b>"].ending) == (0.5, True)
