"""What an action changed, beyond what changed everywhere."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Floats, Ints, Log, Ordered
from journeys.metrics.abandonment import DAY, HORIZON_DAYS, outcomes
from journeys.metrics.before_after import draws

TITLE = _("Measured effect")
#: With fewer in any of the four groups nothing is said.
LEAST = 20
#: 2.5 % of false alarms on each side, and four in five true effects found.
_SURE = 1.959964 + 0.841621
NEITHER, COMPARED, REACHED = -1, 0, 1


@dataclass(frozen=True)
class Period:
    """
    Cases that began in a period, and whom the action reaches.

    :param groups: of each case: REACHED, COMPARED or NEITHER
    :param until: the end of the period, in microseconds; nothing later is read
    """

    log: Ordered
    groups: Ints
    until: int


def compute(
    log: Ordered,
    *,
    before: Period,
    groups: Ints,
    until: int,
    metric: str = "duration",
    activity: str = "",
    expected: float | None = None,
    horizon_days: int = HORIZON_DAYS,
    endings: Collection[str] = (),
    seed: int = 0,
) -> dict[str, Any]:
    """
    The change among those whom the action reaches, from the period before its date to an equally
    long one after it, less the change in a comparison group meanwhile (difference in differences;
    Card and Krueger, 1994), with a 95 % interval by drawing the cases of all four groups again a
    thousand times. Both periods are read as of their own last day, so that what is still under
    way is left out of both alike. With fewer than 20 in a group nothing is said; then, and where
    the interval holds nought, it is told how many in each group would show the expected change
    four times in five.

    :param metric: `duration` and `wait` in days (medians), `given-up` in percent (mean)
    :param activity: of `wait`: the step after which is waited
    """
    rng = np.random.default_rng(seed)
    median = metric != "given-up"
    cells: list[Floats] = []
    for period in (before, Period(log, groups, until)):
        owners, values = _values(period, metric, activity, horizon_days, endings)
        told = period.groups[owners]
        cells += [values[told == REACHED], values[told == COMPARED]]
    sizes = [int(one.size) for one in cells]
    drawn = [draws(rng, one, median=median) if one.size > 1 else None for one in cells]
    found: dict[str, Any] = {
        "sizes": sizes,
        "known": min(sizes) >= LEAST,
        "needed": _needed(sizes, drawn, expected),
        "cells": [_middle(one, median=median) for one in cells],
        "difference": None,
        "low": None,
        "high": None,
        "shown": False,
    }
    if found["known"]:
        was, was_there, now, now_there = found["cells"]
        at_was, at_was_there, at_now, at_now_there = (one for one in drawn if one is not None)
        low, high = np.percentile((at_now - at_was) - (at_now_there - at_was_there), (2.5, 97.5))
        found["difference"] = (now - was) - (now_there - was_there)
        found["low"], found["high"] = float(low), float(high)
        found["shown"] = bool(low > 0 or high < 0)
    return found


def _values(
    period: Period, metric: str, activity: str, horizon_days: int, endings: Collection[str]
) -> tuple[Ints, Floats]:
    """What is measured, and of which case each value is."""
    log = _as_of(period.log, period.until)
    if not log.size:
        return np.empty(0, dtype=np.int64), np.empty(0)
    if metric == "wait":
        number = log.names.index(activity) if activity in log.names else -1
        there = log.activities[log.moves] == number
        waits: Floats = np.asarray(log.waits[there] / DAY, dtype=np.float64)
        return log.index[log.moves[there]], waits
    found = outcomes(log, horizon_days=horizon_days, now=period.until, endings=endings)
    known: Ints = np.flatnonzero(~found.open)
    if metric == "given-up":
        return known, np.where(found.abandoned[known], 100.0, 0.0)
    # Somebody who gave up is through with nothing.
    through: Ints = np.flatnonzero(~found.open & ~found.abandoned)
    days: Floats = np.asarray((log.closes - log.starts[log.first]) / DAY, dtype=np.float64)
    return through, days[through]


def _as_of(log: Ordered, until: int) -> Ordered:
    """What was known then; every case began before."""
    kept = log.starts <= until
    if kept.all():
        return log
    return Ordered(
        Log(
            cases=log.cases[kept],
            activities=log.activities[kept],
            starts=log.starts[kept],
            ends=np.minimum(log.ends[kept], until),
            names=log.names,
        )
    )


def _middle(values: Floats, *, median: bool) -> float | None:
    if not values.size:
        return None
    return float(np.median(values) if median else np.mean(values))


def _needed(sizes: list[int], drawn: list[Floats | None], expected: float | None) -> int:
    """How many in each group would show the expected change, as far as the spread is known."""
    spread = [
        size * float(np.var(one)) for size, one in zip(sizes, drawn, strict=True) if one is not None
    ]
    if not expected or not spread:
        return LEAST
    # Groups of which nothing is known are taken to be as spread as the others.
    total = 4 * sum(spread) / len(spread)
    return max(LEAST, math.ceil(_SURE**2 * total / expected**2))
