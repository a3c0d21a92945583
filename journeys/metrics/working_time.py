"""How much of a case's time somebody worked on it."""

from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import MICROSECONDS, Ints, Ordered, quantile

TITLE = _("Working and waiting")
START, COMPLETE = 1, 2


def compute(log: Ordered) -> dict[str, Any]:
    """
    Work is from start to end of an event, and from the record that a step starts to the next
    record of the case that it is complete (first started, first complete). Times at which
    several steps are worked on count once. The rest of a case's time is waiting. For each step:
    how often its work was timed, its median, and all of it together.
    """
    cases, steps, begins, ends = intervals(log)
    total = int((log.closes - log.starts[log.first]).sum()) if log.size else 0
    worked = _covered(cases, begins, ends)
    found = []
    for index in np.unique(steps).tolist():
        lasting = (ends - begins)[steps == index]
        found.append(
            {
                "activity": log.names[index],
                "count": int(lasting.size),
                "median_s": quantile(lasting, 0.5),
                "total_s": int(lasting.sum()) / MICROSECONDS,
            }
        )
    return {
        "working_s": worked / MICROSECONDS,
        "waiting_s": (total - worked) / MICROSECONDS,
        "share": worked / total if total else None,
        "steps": sorted(found, key=lambda one: (-one["total_s"], one["activity"])),
    }


def intervals(log: Ordered) -> tuple[Ints, Ints, Ints, Ints]:
    """Case, step, begin and end of everything that was timed."""
    timed = np.flatnonzero(log.ends > log.starts)
    cases, steps = log.index[timed], log.activities[timed]
    begins, ends = log.starts[timed], log.ends[timed]
    paired = _paired(log)
    if not paired.size:
        return cases, steps, begins, ends
    one, other = paired
    return (
        np.concatenate((cases, log.index[one])),
        np.concatenate((steps, log.activities[one])),
        np.concatenate((begins, log.starts[one])),
        np.concatenate((ends, log.ends[other])),
    )


def _paired(log: Ordered) -> Ints:
    """The places of each record of a start and of the record of its completion."""
    if not log.phases.size:
        return np.empty((2, 0), dtype=np.int64)
    open_since: dict[tuple[int, int], list[int]] = {}
    found: list[tuple[int, int]] = []
    places = np.flatnonzero(log.phases)
    rows = zip(
        places.tolist(), log.index[places].tolist(), log.activities[places].tolist(),
        log.phases[places].tolist(), strict=True,
    )  # fmt: skip
    for place, case, step, phase in rows:
        waiting = open_since.setdefault((case, step), [])
        if phase == START:
            waiting.append(place)
        elif waiting:
            found.append((waiting.pop(0), place))
    return np.array(found, dtype=np.int64).reshape(-1, 2).T


def _covered(cases: Ints, begins: Ints, ends: Ints) -> int:
    """The time that the intervals of each case cover together, in microseconds."""
    if not cases.size:
        return 0
    order = np.lexsort((begins, cases))
    cases, begins, ends = cases[order], begins[order], ends[order]
    # Shifted by case, so that one running maximum serves them all.
    low = int(begins.min())
    span = int(ends.max()) - low + 1
    if span * (int(cases.max()) + 1) < 2**62:
        shift = cases * span - low
        begins, ends = begins + shift, ends + shift
        before = np.concatenate(([np.int64(-1)], np.maximum.accumulate(ends)[:-1]))
        return int(np.maximum(ends - np.maximum(begins, before), 0).sum())
    total, case, until = 0, -1, 0
    for one, begin, end in zip(cases.tolist(), begins.tolist(), ends.tolist(), strict=True):
        until = begin if one != case else max(until, begin)
        total, case, until = total + max(end - until, 0), one, max(until, end)
    return total
