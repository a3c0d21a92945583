"""Cases that were given up."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import MICROSECONDS, Ints, Ordered

TITLE = _("Given up")
DAY = 86_400 * MICROSECONDS
HORIZON_DAYS = 30
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Outcomes:
    """
    What became of each case, in the order of the log's cases.

    :param abandoned: given up
    :param open: nobody can know yet
    :param endings: by activity, whether it is an end of the journey
    """

    abandoned: Flags
    open: Flags
    endings: Flags


def compute(
    log: Ordered,
    *,
    horizon_days: int = HORIZON_DAYS,
    now: int | None = None,
    endings: Collection[str] = (),
) -> dict[str, Any]:
    """
    A case counts as given up when its last step is no end of the journey and nothing has
    happened in it for 30 days (or another horizon). A case whose last step is younger is open
    and counted in neither. A step at which more than half of its cases end is an end. The share
    is of the cases whose outcome is known.

    :param now: in microseconds; the latest event of the log where none is given
    :param endings: the ends of the journey, where they are known
    """
    found = outcomes(log, horizon_days=horizon_days, now=now, endings=endings)
    known = int((~found.open).sum())
    last = log.activities[log.last]
    lost = np.bincount(last[found.abandoned], minlength=len(log.names))
    steps = [
        {"activity": log.names[int(index)], "cases": int(lost[index])}
        for index in np.flatnonzero(lost).tolist()
    ]
    return {
        "cases": int(found.abandoned.sum()),
        "open": int(found.open.sum()),
        "share": float(found.abandoned.sum() / known) if known else None,
        "steps": sorted(steps, key=lambda one: (-one["cases"], one["activity"])),
    }


def outcomes(
    log: Ordered,
    *,
    horizon_days: int = HORIZON_DAYS,
    now: int | None = None,
    endings: Collection[str] = (),
) -> Outcomes:
    last: Ints = log.activities[log.last] if log.size else log.activities
    if endings:
        is_end = np.array([name in endings for name in log.names], dtype=bool)
    else:
        is_end = 2 * np.bincount(last, minlength=len(log.names)) > log.passed[0]
    if not log.size:
        nothing = np.empty(0, dtype=bool)
        return Outcomes(nothing, nothing, is_end)
    quiet_since = (int(log.closes.max()) if now is None else now) - horizon_days * DAY
    going = ~is_end[last]
    young = log.closes > quiet_since
    return Outcomes(going & ~young, going & young, is_end)
