"""What the rules that look through a window share: sliding it, and joining what overlaps."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from kyc.monitoring import Finding, Movement, kroner

#: `strength(count, sum of |value|)`: 1 or more where the window is a hit, else less.
Strength = Callable[[int, int], float]


def spans(
    movements: Sequence[Movement], *, days: int, strength: Strength
) -> Iterator[tuple[int, int, float]]:
    """
    Every stretch of movements in which windows of `days` days are hits, as `(first, last, peak)`.

    A window ends at each movement and reaches back `days` days, that day included. Windows that
    share a movement are one stretch; `last` is a position, too. One pass.
    """
    left = total = 0
    first, last, peak = -1, -1, 0.0
    for right, movement in enumerate(movements):
        total += abs(movement.value)
        floor = movement.day - days
        while movements[left].day <= floor:
            total -= abs(movements[left].value)
            left += 1
        found = strength(right - left + 1, total)
        if found < 1:
            continue
        if first >= 0 and left <= last:
            last, peak = right, max(peak, found)
            continue
        if first >= 0:
            yield first, last, peak
        first, last, peak = left, right, found
    if first >= 0:
        yield first, last, peak


def total(movements: Sequence[Movement]) -> int:
    """Øre that moved, whichever way."""
    return sum(abs(one.value) for one in movements)


def ids(movements: Sequence[Movement]) -> tuple[str, ...]:
    return tuple(one.id for one in movements)


def behaviour(part: Sequence[Movement], strength: float, **facts: Any) -> Finding:
    """These movements as a finding; its facts begin with how much and over how many days."""
    days = part[-1].day - part[0].day + 1
    return Finding(
        part[0].day, part[-1].day, strength, ids(part),
        {"total_kr": kroner(total(part)), "days": days, **facts},
    )  # fmt: skip
