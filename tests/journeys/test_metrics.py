"""Every metric against cases counted by hand, and the fast ones against a plain loop."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.metrics import (
    abandonment,
    before_after,
    conformance,
    drop_off,
    friction,
    funnel,
    handovers,
    metrics,
    ping_pong,
    slow_groups,
    working_time,
)
from tests.journeys.logs_by_hand import HOUR, log_of

paths = st.lists(st.text("abc", min_size=1, max_size=7), min_size=1, max_size=6)


def spaced(some: list[str]) -> Any:
    return log_of(*(" ".join(f"{name}{hour}" for hour, name in enumerate(one)) for one in some))


def test_every_metric_says_what_it_counts() -> None:
    found = {one.name: one for one in metrics()}
    assert len(found) >= 16
    for one in found.values():
        assert str(one.title)
        assert one.meaning.endswith(".")
        assert ":param" not in one.meaning


def test_back_and_forth() -> None:
    log = log_of("a0 b1 a2 b3", "a0 b1 c2", "a0 a1 a2")
    assert ping_pong.compute(log) == [
        {"activity": "a", "other": "b", "count": 1, "cases": 1},
        {"activity": "b", "other": "a", "count": 1, "cases": 1},
    ]


@given(paths)
def test_back_and_forth_as_a_loop_counts_it(some: list[str]) -> None:
    wanted: dict[tuple[str, str], int] = {}
    for path in some:
        for one, two, three in zip(path, path[1:], path[2:], strict=False):
            if one == three != two:
                wanted[one, two] = wanted.get((one, two), 0) + 1
    found = ping_pong.compute(spaced(some))
    assert {(one["activity"], one["other"]): one["count"] for one in found} == wanted


def test_hand_overs() -> None:
    found = handovers.compute(log_of("a0@1 b3@2 c4@2", "a0@1 b5@3", "a0 b1@2"))
    assert (found["count"], found["cases"]) == (2, 2)
    assert found["share"] == pytest.approx(2 / 3)
    assert found["ways"] == [{"source": "a", "target": "b", "count": 2, "median_s": 4 * 3600.0}]


def test_given_up_after_the_horizon_and_open_before() -> None:
    # Four of five end with c; one stopped at b long ago, one began yesterday.
    log = log_of("a0 b1 c2", "a0 c2", "a0 b1 c3", "a0 b1", f"a0 b{50 * 24}")
    found = abandonment.compute(log, now=51 * 24 * HOUR)
    assert (found["cases"], found["open"], found["share"]) == (1, 1, 0.25)
    assert found["steps"] == [{"activity": "b", "cases": 1}]
    assert abandonment.compute(log, now=51 * 24 * HOUR, endings=["b", "c"])["cases"] == 0


def test_working_and_waiting() -> None:
    # Two hours of a; b from 3 to 6 by its records, overlapping c from 5 to 7.
    found = working_time.compute(log_of("a0+2 b3< c5+2 b6> b9>"))
    assert found["working_s"] == 6 * 3600
    assert found["waiting_s"] == 3 * 3600
    assert {one["activity"]: one["median_s"] / 3600 for one in found["steps"]} == {
        "a": 2.0, "b": 3.0, "c": 2.0,
    }  # fmt: skip


MAP: dict[str, Any] = {
    "ways": [("a", "b"), ("b", "c"), ("b", "d"), ("d", "c")], "begins": ["a"], "ends": ["c"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "cost", "left_out", "not_foreseen"),
    [
        ("abc", 0, [], []),
        ("abdc", 0, [], []),
        ("ac", 1, ["b"], []),
        ("axbc", 1, [], ["x"]),
        ("abcx", 1, [], ["x"]),
        ("ab", 1, ["c"], []),
        ("x", 4, ["a", "b", "c"], ["x"]),
        ("adc", 1, ["b"], []),
        ("cba", 4, ["a", "b"], ["a", "b"]),
    ],
)
def test_alignment(path: str, cost: int, left_out: list[str], not_foreseen: list[str]) -> None:
    found = conformance.compute(spaced([path]), **MAP)
    assert found["deviations"] == cost
    assert found["fitting"] == int(cost == 0)
    assert found["fitness"] == pytest.approx(1 - cost / (len(path) + 3))
    if path != "cba":  # several alignments cost the same there
        assert sorted(found["left_out"]) == left_out
        assert sorted(found["not_foreseen"]) == not_foreseen


@given(st.text("abcdx", min_size=1, max_size=6))
def test_alignment_is_the_cheapest_of_all(path: str) -> None:
    """Against every path of the map: the fewest insertions and deletions."""

    def apart(one: str, other: str) -> int:
        rows = range(len(other) + 1)
        before = list(rows)
        for place, letter in enumerate(one, start=1):
            now = [place]
            for column in rows[1:]:
                same = before[column - 1] if letter == other[column - 1] else math.inf
                now.append(int(min(before[column] + 1, now[column - 1] + 1, same)))
            before = now
        return before[-1]

    assert conformance.compute(spaced([path]), **MAP)["deviations"] == min(
        apart(path, "abc"), apart(path, "abdc")
    )


def test_a_map_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="No way"):
        conformance.compute(spaced(["ab"]), ways=[("a", "b")], begins=["a"], ends=["c"])


def test_odds_ratio_is_the_textbooks() -> None:
    # Bland and Altman (2000): hay fever and eczema, 141/420 to 928/13525: 4.89 (4.00 to 5.99).
    found = drop_off.odds_ratio(141, 420, 928, 13_525)
    assert found == pytest.approx((4.89, 3.99, 5.99), abs=0.02)
    assert math.isfinite(drop_off.odds_ratio(0, 5, 3, 2)[2])


def test_who_waits_longer_and_gives_up_more_often() -> None:
    slow = ["a0 b240 c241"] * 6 + ["a0"] * 4
    quick = ["a0 b24 c25"] * 9 + ["a0"]
    log = log_of(*slow, *quick)
    groups = np.array([0] * 10 + [1] * 10)
    asked: dict[str, Any] = {"groups": groups, "labels": ["Odense", "Aarhus"], "now": 10**5 * HOUR}
    first = slow_groups.compute(log, **asked)[0]
    assert (first["activity"], first["group"], first["cases"]) == ("a", "Odense", 10)
    assert (first["median_s"], first["elsewhere_s"]) == (240 * 3600, 24 * 3600)
    assert first["odds_ratio"] == pytest.approx(4 / 6 / (1 / 9))
    rows = {one["group"]: one for one in drop_off.compute(log, **asked)}
    assert (rows["Odense"]["abandoned"], rows["Aarhus"]["abandoned"]) == (4, 1)
    assert rows["Aarhus"]["odds_ratio"] == pytest.approx(1 / rows["Odense"]["odds_ratio"])


def test_before_and_after() -> None:
    old = log_of(*(f"a0 b{hours}" for hours in range(10, 60)))
    new = log_of(*(f"a0 b{hours}" for hours in range(110, 160)))
    found = before_after.compute(new, before=old)
    lasting = found["median_s"]
    assert lasting["difference"] == 100 * 3600
    assert 80 * 3600 < lasting["low"] < lasting["difference"] < lasting["high"] < 120 * 3600
    assert before_after.compute(new, before=old) == found
    same = before_after.compute(old, before=old)["median_s"]
    assert same["low"] < 0 < same["high"]
    assert before_after.compute(old, before=log_of())["median_s"] is None


def test_funnels() -> None:
    log = log_of("a0 b2 c3", "a0 x1 b5 c9", "b0 a1 c2", "a0")
    steps = ["a", "b", "c"]

    def counts(kind: str) -> list[int]:
        return [one["cases"] for one in funnel.compute(log, steps=steps, kind=kind)]

    assert counts("ordered") == [4, 2, 2]
    assert counts("strict") == [4, 1, 1]
    assert counts("any") == [4, 3, 3]
    asked: dict[str, Any] = {"groups": np.array([0, 1, 1, -1]), "labels": ["web", "branch"]}
    rows = funnel.compute(log, steps=steps, **asked)
    assert rows[1]["groups"] == {"web": 1, "branch": 1}
    assert (rows[1]["of_first"], rows[2]["of_previous"]) == (0.5, 1.0)
    assert rows[1]["median_s"] == 3.5 * 3600
    with pytest.raises(ValueError, match="strict, ordered, any"):
        funnel.compute(log, steps=steps, kind="loose")


@given(paths, st.text("abcd", min_size=1, max_size=4))
def test_funnels_as_a_loop_counts_them(some: list[str], steps: str) -> None:
    wanted: dict[str, list[int]] = {"ordered": [], "strict": [], "any": []}
    for upto in range(1, len(steps) + 1):
        part = steps[:upto]
        wanted["strict"].append(sum(part in path for path in some))
        wanted["any"].append(sum(set(part) <= set(path) for path in some))
        inside = 0
        for path in some:
            rest = iter(path)
            inside += all(step in rest for step in part)
        wanted["ordered"].append(inside)
    for kind, counts in wanted.items():
        found = funnel.compute(spaced(some), steps=list(steps), kind=kind)
        assert [one["cases"] for one in found] == counts, kind


def test_friction_and_what_it_costs() -> None:
    # Two of four wait five days after a, one is given up there, one goes on at once.
    log = log_of("a0 b120", "a0 b120", "a0", "a0 b1")
    rows = {one["activity"]: one for one in friction.compute(log, value=365, now=10**4 * HOUR)}
    step = rows["a"]
    assert (step["cases"], step["abandoned"], step["abandoned_share"]) == (4, 1, 0.25)
    assert step["delay_days"] == 8
    # 8 days of a 365th of 365 each, and one customer: seen in a month, told for a year.
    assert step["cost_year"] == pytest.approx((8 + 365) * 365 / 30, abs=0.01)
    assert step["cost_low"] < step["cost_year"] < step["cost_high"]
    assert step["friction"] == round(100 * (1 - 0.5 * 0.75))
    assert rows["b"]["ending"]
    assert friction.compute(log)[0]["cost_year"] is None
    assert friction.delay_days_by_way(log) == {("a", "b"): 8.0}
    # Where a customer rests, waiting is no delay and to stay is not to give up.
    resting = friction.compute(log, value=365, now=10**4 * HOUR, endings=["a", "b"])
    assert [(one["friction"], one["cost_year"]) for one in resting] == [(0, 0.0), (0, 0.0)]


@given(paths)
def test_costs_add_up(some: list[str]) -> None:
    """Delay by step and by way is the same delay, and nobody is given up twice."""
    log = spaced(some)
    rows = friction.compute(log, value=100.0, norm_days=0)
    assert sum(friction.delay_days_by_way(log, norm_days=0).values()) == pytest.approx(
        sum(one["delay_days"] for one in rows), abs=0.05
    )
    assert sum(one["abandoned"] for one in rows) == abandonment.compute(log)["cases"]
    assert all(0 <= one["friction"] <= 100 for one in rows)


def test_nothing_gives_nothing() -> None:
    nothing: Any = np.empty(0, dtype=np.int64)
    for one in (ping_pong, handovers, abandonment, working_time, friction):
        one.compute(log_of())
    assert funnel.compute(log_of(), steps=["a"])[0]["cases"] == 0
    assert slow_groups.compute(log_of(), groups=nothing, labels=[]) == []
