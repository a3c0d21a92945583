"""What rules are tried with: movements of a few weeks, made by hypothesis or by hand."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from hypothesis import strategies as st

from kyc.monitoring import History, Movement

DAY = 739_000
KINDS = ("cash", "transfer", "card", "salary", "fee", "standing-order")

_row = st.tuples(
    st.integers(0, 40),
    st.sampled_from([-60_000, -20_000, -5_000, -501, 499, 5_000, 14_999, 15_000, 60_000, 250_000]),
    st.sampled_from(KINDS),
    st.sampled_from(["DK", "IR", ""]),
)


def make(rows: Sequence[tuple[Any, ...]], **fields: Any) -> History:
    """`(day, kroner, kind, country)`, in any order; ids tell which row it was."""
    numbered = sorted(zip(count(), rows), key=lambda one: (one[1][0], one[0]))
    movements = [
        Movement(
            str(number), DAY + day, kroner * 100, kroner * 100, *rest, *("DK", "")[len(rest) - 1 :]
        )
        for number, (day, kroner, *rest) in numbered
    ]
    return History(movements, **{"opens": DAY - 400, "known_since": DAY - 4_000, **fields})


histories = st.lists(_row, max_size=25).map(make)


def joined(hits: Sequence[frozenset[str]]) -> set[frozenset[str]]:
    """Sets that share a member made one, however long that takes."""
    parts = [set(hit) for hit in hits]
    while True:
        pair = next(((a, b) for i, a in enumerate(parts) for b in parts[i + 1 :] if a & b), None)
        if pair is None:
            return {frozenset(part) for part in parts}
        parts.remove(pair[1])
        pair[0].update(pair[1])


def windows(
    movements: Sequence[Movement], *, days: int, hit: Callable[[list[Movement]], bool]
) -> set[frozenset[str]]:
    """By brute force: every window that ends on a movement's day, and is a hit, overlaps joined."""
    found = []
    for place, end in enumerate(movements):
        held = [one for one in movements[: place + 1] if one.day > end.day - days]
        if hit(held):
            found.append(frozenset(one.id for one in held))
    return joined(found)


def named(findings: Sequence[Any]) -> set[frozenset[str]]:
    return {frozenset(one.transactions) for one in findings}
