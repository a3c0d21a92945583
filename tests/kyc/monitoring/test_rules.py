"""
Every rule against a slow and plain reading of what it says, over histories of all shapes.

A rule that looks through a window is one pass; here each window is taken apart by itself.
"""

from statistics import median
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings

from kyc.monitoring import Finding, History, registered
from tests.kyc.monitoring.histories import DAY, histories, joined, make, named, windows

SMALL: dict[str, dict[str, Any]] = {
    "structuring": {"limit": 15_000, "count": 3, "total": 20_000, "days": 5},
    "velocity": {"count": 4, "total": 30_000, "days": 3},
    "rapid_in_out": {"total": 50_000, "share": 80, "days": 3},
    "dormant_awakening": {"quiet": 12, "total": 50_000, "days": 4},
    "high_risk_corridor": {"countries": ["IR"], "total": 20_000, "days": 7},
    "round_amounts": {"step": 1_000, "least": 5_000, "count": 3, "days": 6},
    "own_history": {"times": 2, "total": 50_000, "days": 7, "periods": 4, "active": 2},
}


def found_by(rule: str, history: History, **changes: Any) -> list[Finding]:
    return list(registered()[rule].run(history, {**SMALL[rule], **changes}))


def test_every_rule_is_tried_and_says_what_it_looks_for() -> None:
    assert set(SMALL) == set(registered())
    for kind in registered().values():
        with translation.override("da"):
            assert kind.doc != " ".join((kind.run.__doc__ or "").split()), "has no Danish"
        assert set(SMALL[kind.name]) == {one.name for one in kind.parameters}
        assert kind.look_back(SMALL[kind.name]) >= kind.window(SMALL[kind.name])


@given(histories)
def test_structuring(history: History) -> None:
    cash = [one for one in history.movements if one.kind == "cash" and 0 < one.value < 1_500_000]
    expected = windows(
        cash, days=5, hit=lambda w: len(w) >= 3 and sum(one.value for one in w) >= 2_000_000
    )
    assert named(found_by("structuring", history)) == expected


@given(histories)
def test_velocity(history: History) -> None:
    moved = [one for one in history.movements if one.kind in {"transfer", "cash"}]
    expected = windows(
        moved, days=3, hit=lambda w: len(w) >= 4 and sum(abs(one.value) for one in w) >= 3_000_000
    )
    assert named(found_by("velocity", history)) == expected


@given(histories)
def test_high_risk_corridor(history: History) -> None:
    moved = [one for one in history.movements if one.country == "IR"]
    expected = windows(moved, days=7, hit=lambda w: sum(abs(one.value) for one in w) >= 2_000_000)
    assert named(found_by("high_risk_corridor", history)) == expected


@given(histories)
def test_round_amounts(history: History) -> None:
    moved = [
        one
        for one in history.movements
        if one.kind in {"transfer", "cash"}
        and one.amount % 100_000 == 0
        and abs(one.value) >= 500_000
    ]
    assert named(found_by("round_amounts", history)) == windows(
        moved, days=6, hit=lambda w: len(w) >= 3
    )


@given(histories)
def test_rapid_in_out(history: History) -> None:
    moved = [one for one in history.movements if one.kind not in {"fee", "salary"}]
    hits = []
    for place, begin in enumerate(moved):
        held = [one for one in moved[place:] if one.day <= begin.day + 3]
        come = sum(one.value for one in held if one.value > 0)
        gone = -sum(one.value for one in held if one.value < 0)
        if begin.value > 0 and come >= 5_000_000 and gone >= come * 0.8:
            hits.append(frozenset(one.id for one in held))
    assert named(found_by("rapid_in_out", history)) == joined(hits)


@given(histories)
def test_dormant_awakening(history: History) -> None:
    moved = [one for one in history.movements if one.kind != "fee"]
    expected = set()
    for place, one in enumerate(moved):
        before = moved[place - 1].day if place else history.opens
        part = [other for other in moved[place:] if other.day < one.day + 4]
        if one.day - before >= 12 and sum(abs(other.value) for other in part) >= 5_000_000:
            expected.add(frozenset(other.id for other in part))
    assert named(found_by("dormant_awakening", history)) == expected


@given(histories)
@settings(max_examples=60)
def test_own_history(history: History) -> None:
    moved = [one for one in history.movements if one.kind != "fee"]

    def between(first: int, last: int) -> int:
        return sum(abs(one.value) for one in moved if first < one.day <= last)

    hits = []
    for place, end in enumerate(moved):
        held = [one for one in moved[: place + 1] if one.day > end.day - 7]
        turnover = sum(abs(one.value) for one in held)
        before = [between(end.day - 7 * n - 7, end.day - 7 * n) for n in range(1, 5)]
        active = [one for one in before if one]
        if len(active) < 2 or turnover < 5_000_000 or turnover < 2 * round(median(active)):
            continue
        hits.append(frozenset(one.id for one in held))
    assert named(found_by("own_history", history)) == joined(hits)


@given(histories)
@settings(max_examples=40)
def test_a_finding_is_whole(history: History) -> None:
    by_id = {one.id: one for one in history.movements}
    for name in SMALL:
        for one in found_by(name, history):
            days = [by_id[key].day for key in one.transactions]
            assert days == sorted(days)
            assert (one.first, one.last) == (days[0], days[-1])
            assert one.strength >= 1
            assert str(registered()[name].sentence) % one.facts


@pytest.mark.parametrize("known_since", [None, DAY - 3])
def test_who_was_not_there_was_not_dormant(known_since: int | None) -> None:
    first = make([(0, 250_000, "transfer", "DK")], known_since=known_since)
    assert not found_by("dormant_awakening", first)


def test_there_is_no_history_before_the_movements_begin() -> None:
    rows = [(day, 1_000, "card", "DK") for day in (1, 9, 16)] + [(30, 60_000, "transfer", "DK")]
    assert found_by("own_history", make(rows))
    assert not found_by("own_history", make(rows, opens=DAY + 15))


def test_the_last_period_to_compare_with_counts_and_none_before_it() -> None:
    for day, found in ((3, True), (-1, False)):
        rows = [(day, 1_000, "card", "DK"), (25, 1_000, "card", "DK"), (35, 60_000, "cash", "DK")]
        assert bool(found_by("own_history", make(rows))) is found


@pytest.mark.parametrize(
    ("rule", "rows", "found"),
    [
        ("structuring", [(1, 7_000), (2, 7_000), (5, 7_000)], True),
        ("structuring", [(1, 7_000), (2, 7_000), (6, 7_000)], False),
        ("structuring", [(1, 7_000), (2, 7_000), (5, 15_000)], False),
        ("structuring", [(1, 6_000), (2, 7_000), (5, 6_999)], False),
        ("velocity", [(1, 7_500), (1, -7_500), (2, 7_500), (3, 7_500)], True),
        ("velocity", [(1, 7_500), (2, 7_500), (3, 15_000)], False),
        ("round_amounts", [(1, 5_000), (2, -5_000), (6, 5_000)], True),
        ("round_amounts", [(1, 5_000), (2, 5_000), (6, 4_000)], False),
        ("round_amounts", [(1, 5_000), (2, 5_000), (6, 5_001)], False),
        ("rapid_in_out", [(1, 50_000), (4, -40_000)], True),
        ("rapid_in_out", [(1, 50_000), (4, -39_999)], False),
        ("rapid_in_out", [(1, -40_000), (2, 50_000)], False),
    ],
)
def test_limits_are_reached_exactly(rule: str, rows: list[tuple[int, int]], found: bool) -> None:
    history = make([(day, kroner, "cash", "DK") for day, kroner in rows])
    assert bool(found_by(rule, history)) is found
