"""What is lost at each step, in time, customers and money."""

from collections.abc import Collection
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Floats, Ints, Ordered, by_group, quantiles, runs
from journeys.metrics.abandonment import DAY, HORIZON_DAYS, Flags, Outcomes, outcomes

TITLE = _("Friction")
NORM_DAYS = 1.0
_HALF_DAYS = 5
_Z = 1.959963984540054
_YEAR = 365


def compute(
    log: Ordered,
    *,
    value: float | None = None,
    norm_days: float = NORM_DAYS,
    horizon_days: int = HORIZON_DAYS,
    now: int | None = None,
    endings: Collection[str] = (),
) -> list[dict[str, Any]]:
    """
    Friction, 0 to 100, joins three shares like independent chances, so each can only add:
    waiting (half at a median of five days after the step), cases that do the step again, and
    cases given up after it. Money: customers given up after the step times what a customer is
    worth in a year, and the days that cases waited after it beyond the norm of one day times a
    365th of that; set to a year, with a 95 % interval over the cases (normal). After an end of
    the journey, and where a customer rests, nothing is a delay.

    :param value: what a customer is worth a year; without it no money is told
    :param norm_days: waiting that nobody calls a delay
    :param now: in microseconds; the latest event of the log where none is given
    :param endings: the ends of the journey and the places of rest, where they are known
    """
    if not log.size:
        return []
    size = len(log.names)
    found = outcomes(log, horizon_days=horizon_days, now=now, endings=endings)
    lost = np.bincount(log.activities[log.last][found.abandoned], minlength=size)
    opened = np.bincount(log.activities[log.last][found.open], minlength=size)
    counts = np.bincount(log.activities, minlength=size)
    passing, again = log.passed
    medians, p90s = _waits(log, size)
    delays, totals = _money(log, found, _beyond(log, norm_days, found.endings), value or 0.0)
    factor = _YEAR / _days(log)
    rows: list[dict[str, Any]] = []
    for index in np.flatnonzero(counts).tolist():
        known = int(passing[index] - opened[index])
        share = int(lost[index]) / known if known > 0 else 0.0
        repeated = int(again[index]) / int(passing[index])
        row = {
            "activity": log.names[index],
            "cases": int(passing[index]),
            "events": int(counts[index]),
            "wait_median_s": medians[index],
            "wait_p90_s": p90s[index],
            "again": repeated,
            "ending": bool(found.endings[index]),
            "abandoned": int(lost[index]),
            "abandoned_share": share,
            "delay_days": round(float(delays[index]), 3),
            "friction": 0
            if found.endings[index]
            else friction_of(wait=medians[index], again=repeated, lost=share),
            "cost_year": None,
            "cost_low": None,
            "cost_high": None,
        }
        if value is not None:
            total, error = totals[0][index] * factor, _Z * totals[1][index] * factor
            row["cost_year"] = round(float(total), 2)
            if log.first.size > 1:
                row["cost_low"] = round(float(max(total - error, 0.0)), 2)
                row["cost_high"] = round(float(total + error), 2)
        rows.append(row)
    return sorted(rows, key=lambda one: (-one["events"], one["activity"]))


def friction_of(*, wait: float | None, again: float, lost: float) -> int:
    """:param wait: the median wait after the step, in seconds"""
    waited = max(wait or 0.0, 0.0)
    half = _HALF_DAYS * 86_400
    smooth = (1 - waited / (waited + half)) * (1 - again) * (1 - lost)
    return round(100 * (1 - smooth))


def cost_of_wait(*, delay_days: float, value: float) -> float:
    """What so many days of delay cost."""
    return delay_days * value / _YEAR


def delay_days_by_way(
    log: Ordered, *, norm_days: float = NORM_DAYS, endings: Collection[str] = ()
) -> dict[tuple[str, str], float]:
    """The days beyond the norm that cases waited on each way."""
    size = len(log.names)
    beyond = _beyond(log, norm_days, outcomes(log, endings=endings).endings)
    totals = np.bincount(log.pairs, weights=beyond, minlength=size * size)
    return {
        (log.names[pair // size], log.names[pair % size]): float(totals[pair])
        for pair in np.unique(log.pairs).tolist()
    }


def year_factor(log: Ordered) -> float:
    """By what the log's figures are multiplied to be a year's; at least a month is seen."""
    return _YEAR / _days(log) if log.size else 1.0


def _days(log: Ordered) -> float:
    return max((int(log.closes.max()) - int(log.starts.min())) / DAY, 30.0)


def _beyond(log: Ordered, norm_days: float, endings: Flags) -> Floats:
    """The days of delay of each move; none after an end."""
    days = np.maximum(log.waits / DAY - norm_days, 0.0)
    return np.where(endings[log.activities[log.moves]], 0.0, days)


def _waits(log: Ordered, size: int) -> tuple[list[float | None], list[float | None]]:
    """By step, the median and 90th percentile of what is waited after it, whatever comes next."""
    steps, waits = by_group(log.activities[log.moves], log.waits)
    first, counts = runs(steps)
    medians: list[float | None] = [None] * size
    p90s: list[float | None] = [None] * size
    if counts.size:
        columns = zip(
            steps[first].tolist(),
            quantiles(waits, first, counts, 0.5).tolist(),
            quantiles(waits, first, counts, 0.9).tolist(),
            strict=True,
        )
        for step, median, p90 in columns:
            medians[step], p90s[step] = median, p90
    return medians, p90s


def _money(
    log: Ordered, found: Outcomes, beyond: Floats, value: float
) -> tuple[Floats, tuple[Floats, Floats]]:
    """By step: the days of delay; what is lost, and its standard error over the cases."""
    size = len(log.names)
    steps: Ints = log.activities[log.moves]
    days = np.bincount(steps, weights=beyond, minlength=size).astype(np.float64)
    sums, squares = np.zeros(size), np.zeros(size)
    owners, last = log.index[log.moves], log.activities[log.last]
    for begin, end in log.chunks():
        low, high = np.searchsorted(owners, (begin, end))
        cells = (owners[low:high] - begin) * size + steps[low:high]
        weights, cell_count = beyond[low:high], (end - begin) * size
        lost = np.bincount(cells, weights=weights, minlength=cell_count).astype(np.float64)
        table = lost.reshape(-1, size) * (value / _YEAR)
        gone = np.flatnonzero(found.abandoned[begin:end])
        table[gone, last[begin:end][gone]] += value
        sums += table.sum(axis=0)
        squares += (table**2).sum(axis=0)
    cases = log.first.size
    variance = np.maximum(squares - sums**2 / cases, 0.0) * cases / max(cases - 1, 1)
    return days, (sums, np.sqrt(variance))
