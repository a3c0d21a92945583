"""The fast report against an obvious one, hand-counted cases, and the textbook's log."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.logs import EventRow, read_log
from journeys.mining import Log, mine
from tests.journeys import slow_mining

LOGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "eventlogs"
SECOND = 1_000_000


def log_of(events: list[tuple[str, str, int, int]]) -> Log:
    cases: dict[str, int] = {}
    names: dict[str, int] = {}
    rows = [
        (cases.setdefault(case, len(cases)), names.setdefault(activity, len(names)), start, end)
        for case, activity, start, end in events
    ]
    numbers, steps, starts, ends = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Log(numbers, steps, starts, ends, list(names))


def as_dicts(report: dict[str, Any]) -> dict[str, Any]:
    """The report in the shape of the slow version, so that order plays no part."""
    return {
        **report,
        "activities": {one["name"]: (one["count"], one["cases"]) for one in report["activities"]},
        "edges": {
            (one["source"], one["target"]): (one["count"], one["median_s"], one["p90_s"])
            for one in report["edges"]
        },
        "variants": {tuple(one["path"]): one["count"] for one in report["variants"]},
        "rework": {one["activity"]: one["cases"] for one in report["rework"]},
        "case_duration_s": (
            report["case_duration_s"]["median"],
            report["case_duration_s"]["p90"],
        ),
    }


events = st.lists(
    st.tuples(
        st.sampled_from("pqrs"),
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 30).map(lambda n: n * SECOND),
        st.integers(0, 5).map(lambda n: n * SECOND),
    ).map(lambda e: (e[0], e[1], e[2], e[2] + e[3])),
    min_size=1,
    max_size=60,
)


@given(events)
def test_equals_the_obvious_version(some: list[tuple[str, str, int, int]]) -> None:
    fast, slow = as_dicts(mine(log_of(some))), slow_mining.mine(some)
    for key in ("events", "cases", "activities", "starts", "ends", "variants", "rework"):
        assert fast[key] == slow[key], key
    assert fast["case_duration_s"] == pytest.approx(slow["case_duration_s"], abs=1e-6)
    assert fast["edges"].keys() == slow["edges"].keys()
    for pair, (count, median, p90) in slow["edges"].items():
        assert fast["edges"][pair] == (count, pytest.approx(median), pytest.approx(p90))


@given(events)
def test_counts_reconcile(some: list[tuple[str, str, int, int]]) -> None:
    """Whatever arrives at a step or begins there also leaves it or ends there."""
    report = mine(log_of(some))
    for activity in report["activities"]:
        name = activity["name"]
        arriving = sum(e["count"] for e in report["edges"] if e["target"] == name)
        leaving = sum(e["count"] for e in report["edges"] if e["source"] == name)
        assert arriving + report["starts"].get(name, 0) == activity["count"]
        assert leaving + report["ends"].get(name, 0) == activity["count"]
    assert sum(v["count"] for v in report["variants"]) == report["cases"]


def test_waits_run_from_the_end_of_one_to_the_start_of_the_next() -> None:
    report = mine(
        log_of(
            [
                ("1", "a", 0, 10 * SECOND),
                ("1", "b", 25 * SECOND, 25 * SECOND),
                ("2", "a", 0, 0),
                ("2", "b", 5 * SECOND, 5 * SECOND),
            ]
        )
    )
    assert report["edges"] == [
        {"source": "a", "target": "b", "count": 2, "median_s": 10.0, "p90_s": 14.0}
    ]


def test_ties_keep_the_order_of_the_file() -> None:
    report = mine(log_of([("1", "b", 5, 5), ("1", "a", 5, 5), ("1", "c", 0, 0)]))
    assert report["variants"] == [{"path": ["c", "b", "a"], "count": 1}]


def test_an_empty_log_is_an_empty_report() -> None:
    report = mine(log_of([]))
    assert (report["events"], report["cases"], report["edges"]) == (0, 0, [])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("running-example.xes", (42, 6, 8, 6)),
        ("receipt.csv", (8_577, 1_434, 27, 116)),
        ("bpic2012.xes.gz", (262_200, 13_087, 24, 4_366)),
    ],
)
def test_known_logs(name: str, expected: tuple[int, int, int, int]) -> None:
    path = LOGS / name
    if not path.exists():
        pytest.skip(f"{path} is not here; it is not part of the project")
    with path.open("rb") as stream:
        rows = [row for row in read_log(stream) if isinstance(row, EventRow)]
    some = [
        (row.case_id, row.activity, round(row.at.timestamp() * SECOND),
         round((row.ended_at or row.at).timestamp() * SECOND))
        for row in rows
    ]  # fmt: skip
    report = mine(log_of(some))
    found = (report["events"], report["cases"], len(report["activities"]), len(report["variants"]))
    assert found == expected
    fast, slow = as_dicts(report), slow_mining.mine(some)
    assert fast["variants"] == slow["variants"]
    assert {pair: one[0] for pair, one in fast["edges"].items()} == {
        pair: one[0] for pair, one in slow["edges"].items()
    }
    for pair, (_count, median, p90) in slow["edges"].items():
        assert fast["edges"][pair][1:] == (pytest.approx(median), pytest.approx(p90))
