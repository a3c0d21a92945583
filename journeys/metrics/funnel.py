"""How many get from the first of some steps to the last."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ints, Ordered, quantile

TITLE = _("Funnel")
KINDS = ("strict", "ordered", "any")


def compute(
    log: Ordered,
    *,
    steps: Sequence[str],
    kind: str = "ordered",
    groups: Ints | None = None,
    labels: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """
    How many cases reach each of the given steps. In order: one after the other, with anything
    between them, each taken at the first chance. Strict: each directly after the one before.
    Any: the steps may come in any order, and a case counts as far as it has done all steps up to
    there. With the share of the first and of the step before, the median time from the step
    before (in order and strict), and each group of cases by itself.

    :param groups: the group of each case in the order of the log's cases, -1 for none
    :raises ValueError: no such kind of funnel
    """
    if kind not in KINDS:
        raise ValueError(f"A funnel is one of {', '.join(KINDS)}.")
    places = {name: number for number, name in enumerate(log.names)}
    wanted = [places.get(step, -1) for step in steps]
    reached, times = (_any(log, wanted), None) if kind == "any" else _along(log, wanted, kind)
    rows: list[dict[str, Any]] = []
    counts = [int((reached > place).sum()) for place in range(len(steps))]
    for place, step in enumerate(steps):
        got = reached > place
        row: dict[str, Any] = {
            "activity": step,
            "cases": counts[place],
            "of_first": counts[place] / counts[0] if counts[0] else None,
            "of_previous": counts[place] / counts[place - 1]
            if place and counts[place - 1]
            else None,
            "median_s": None,
        }
        if times is not None and place:
            row["median_s"] = quantile((times[place] - times[place - 1])[got], 0.5)
        if groups is not None:
            inside = np.bincount(groups[got & (groups >= 0)], minlength=len(labels)).tolist()
            row["groups"] = dict(zip(labels, inside, strict=True))
        rows.append(row)
    return rows


def _any(log: Ordered, wanted: Sequence[int]) -> Ints:
    still = np.ones(log.first.size, dtype=bool)
    reached = np.zeros(log.first.size, dtype=np.int64)
    for step in wanted:
        done = np.zeros(log.first.size, dtype=bool)
        done[log.index[log.activities == step]] = True
        still &= done
        reached += still
    return reached


def _along(log: Ordered, wanted: Sequence[int], kind: str) -> tuple[Ints, list[Ints]]:
    """How many of the steps each case reaches in order, and when; strict tries every beginning."""
    if kind == "strict":
        return _directly(log, wanted)
    cases = log.first.size
    at = log.first - 1  # the event at which each case stands
    reached = np.zeros(cases, dtype=np.int64)
    alive = np.ones(cases, dtype=bool)
    times: list[Ints] = []
    for step in wanted:
        places = np.flatnonzero(log.activities == step)
        following = np.searchsorted(places, at, side="right")
        found = np.append(places, log.size)[following]
        alive &= found <= log.last
        at = np.where(alive, found, at)
        reached += alive
        times.append(_times(log, at, alive))
    return reached, times


def _directly(log: Ordered, wanted: Sequence[int]) -> tuple[Ints, list[Ints]]:
    """The longest beginning of `wanted` that stands somewhere in each case, the first such."""
    cases = log.first.size
    fits: npt.NDArray[np.bool_] = np.ones(log.size, dtype=bool)
    length = np.zeros(log.size, dtype=np.int64)
    for offset, step in enumerate(wanted):
        there = np.zeros(log.size, dtype=bool)
        body = log.size - offset
        if body > 0:
            there[:body] = (log.activities[offset:] == step) & (
                log.cases[offset:] == log.cases[:body]
            )
        fits &= there
        length += fits
    reached = np.zeros(cases, dtype=np.int64)
    if log.size:
        reached = np.maximum.reduceat(length, log.first)
    best = np.flatnonzero(length == reached[log.index]) if log.size else log.first
    _cases, where = np.unique(log.index[best], return_index=True)
    begin = best[where]
    times = [
        _times(log, np.where(reached > offset, begin + offset, 0), reached > offset)
        for offset in range(len(wanted))
    ]
    return reached, times


def _times(log: Ordered, places: Ints, alive: npt.NDArray[np.bool_]) -> Ints:
    return np.where(alive, log.starts[np.where(alive, places, 0)], 0) if log.size else log.starts
