"""
Friction mining: the directly-follows graph of a log, its waits, variants and rework.

Everything is computed on columns with numpy; no step loops over events. Definitions follow
W. van der Aalst, Process Mining (2016), chapter 6; medians and 90th percentiles are linearly
interpolated (Hyndman and Fan, type 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Log:
    """
    Events in columns, in file order.

    :param cases: the case of each event, as a number
    :param activities: the index of each event's activity in `names`
    :param starts: when each event began, in microseconds
    :param ends: when it ended; its start where it has no end
    :param names: the activities' names
    """

    cases: Ints
    activities: Ints
    starts: Ints
    ends: Ints
    names: Sequence[str]


@dataclass(frozen=True)
class _Sorted:
    """The log by case and time, with the places where a case begins and ends."""

    cases: Ints
    activities: Ints
    starts: Ints
    ends: Ints
    first: Ints
    last: Ints


def mine(log: Log) -> dict[str, Any]:
    """
    The friction report of a log.

    An edge joins consecutive events of a case in time order (ties in file order); its wait
    runs from the end of the first to the start of the second, and is negative where they
    overlap. A case lasts from its first start to its latest end. Times are in seconds.
    """
    names = list(log.names)
    ordered = _sort(log)
    if not ordered.cases.size:
        return _empty()
    return {
        "events": int(ordered.cases.size),
        "cases": int(ordered.first.size),
        "activities": _activities(ordered, names),
        "edges": _edges(ordered, names),
        "starts": _tally(ordered.activities[ordered.first], names),
        "ends": _tally(ordered.activities[ordered.last], names),
        "variants": _variants(ordered, names),
        "rework": _rework(ordered, names),
        "case_duration_s": _durations(ordered),
    }


def _empty() -> dict[str, Any]:
    return {
        "events": 0,
        "cases": 0,
        "activities": [],
        "edges": [],
        "starts": {},
        "ends": {},
        "variants": [],
        "rework": [],
        "case_duration_s": {"median": None, "p90": None},
    }


def _sort(log: Log) -> _Sorted:
    # lexsort is stable, so events of one case and instant keep the order of the file.
    order = np.lexsort((log.starts, log.cases))
    cases = log.cases[order]
    changes = np.flatnonzero(cases[1:] != cases[:-1]) + 1
    first = np.concatenate(([0], changes)) if cases.size else changes
    last = np.concatenate((changes - 1, [cases.size - 1])) if cases.size else changes
    return _Sorted(
        cases=cases,
        activities=log.activities[order],
        starts=log.starts[order],
        ends=log.ends[order],
        first=first.astype(np.int64),
        last=last.astype(np.int64),
    )


def _activities(log: _Sorted, names: Sequence[str]) -> list[dict[str, Any]]:
    counts = np.bincount(log.activities, minlength=len(names))
    pairs = np.unique(log.cases * len(names) + log.activities)
    in_cases = np.bincount(pairs % len(names), minlength=len(names))
    found = [
        {"name": name, "count": int(counts[index]), "cases": int(in_cases[index])}
        for index, name in enumerate(names)
        if counts[index]
    ]
    return sorted(found, key=lambda one: (-one["count"], one["name"]))


def _edges(log: _Sorted, names: Sequence[str]) -> list[dict[str, Any]]:
    within = log.cases[1:] == log.cases[:-1]
    pairs = (log.activities[:-1] * len(names) + log.activities[1:])[within]
    waits = (log.starts[1:] - log.ends[:-1])[within]
    if not pairs.size:
        return []
    order = np.lexsort((waits, pairs))
    pairs, waits = pairs[order], waits[order]
    keys, first, counts = np.unique(pairs, return_index=True, return_counts=True)
    medians = _quantiles(waits, first, counts, 0.5)
    p90s = _quantiles(waits, first, counts, 0.9)
    found = [
        {
            "source": names[int(key) // len(names)],
            "target": names[int(key) % len(names)],
            "count": int(count),
            "median_s": float(median),
            "p90_s": float(p90),
        }
        for key, count, median, p90 in zip(keys, counts, medians, p90s, strict=True)
    ]
    return sorted(found, key=lambda one: (-one["count"], one["source"], one["target"]))


def _quantiles(values: Ints, first: Ints, counts: Ints, share: float) -> npt.NDArray[np.float64]:
    """The quantile of each sorted run of `values`, interpolated, in seconds."""
    position = (counts - 1) * share
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, counts - 1)
    low = values[first + below]
    # The step is taken in whole microseconds, so that equal waits give exactly that wait.
    step = (values[first + above] - low) * (position - below)
    return np.asarray((low + step) / MICROSECONDS, dtype=np.float64)


def _tally(activities: Ints, names: Sequence[str]) -> dict[str, int]:
    counts = np.bincount(activities, minlength=len(names))
    found = [(names[int(index)], int(counts[index])) for index in np.flatnonzero(counts).tolist()]
    return dict(sorted(found, key=lambda one: (-one[1], one[0])))


def _variants(log: _Sorted, names: Sequence[str]) -> list[dict[str, Any]]:
    # A case's path is the bytes of its activity numbers: exact, and one slice a case.
    small = log.activities.astype(np.uint16 if len(names) < 2**16 else np.uint32)
    width = small.itemsize
    raw = small.tobytes()
    counts: dict[bytes, int] = {}
    ends = (log.last + 1) * width
    for begin, end in zip((log.first * width).tolist(), ends.tolist(), strict=True):
        path = raw[begin:end]
        counts[path] = counts.get(path, 0) + 1
    found = [
        {"path": [names[index] for index in np.frombuffer(path, small.dtype)], "count": count}
        for path, count in counts.items()
    ]
    return sorted(found, key=lambda one: (-one["count"], one["path"]))


def _rework(log: _Sorted, names: Sequence[str]) -> list[dict[str, Any]]:
    pairs, counts = np.unique(log.cases * len(names) + log.activities, return_counts=True)
    again = np.bincount(pairs[counts > 1] % len(names), minlength=len(names))
    found = [
        {"activity": names[int(index)], "cases": int(again[index])}
        for index in np.flatnonzero(again).tolist()
    ]
    return sorted(found, key=lambda one: (-one["cases"], one["activity"]))


def _durations(log: _Sorted) -> dict[str, float]:
    latest = np.maximum.reduceat(log.ends, log.first)
    durations = np.sort(latest - log.starts[log.first])
    run, size = np.array([0]), np.array([durations.size])
    return {
        "median": float(_quantiles(durations, run, size, 0.5)[0]),
        "p90": float(_quantiles(durations, run, size, 0.9)[0]),
    }
