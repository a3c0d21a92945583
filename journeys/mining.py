"""
Friction mining: the report of a log that `mine` prints, put together from `journeys.metrics`.

Everything is computed on columns; no step loops over events. Definitions follow W. van der
Aalst, Process Mining (2016), chapter 6, and stand with each metric.
"""

from typing import Any

from journeys.eventlog import MICROSECONDS, Log, Ordered
from journeys.metrics import (
    activities,
    case_duration,
    directly_follows,
    rework,
    starts_and_ends,
    variants,
)

__all__ = ["MICROSECONDS", "Log", "mine"]


def mine(log: Log | Ordered) -> dict[str, Any]:
    """
    The friction report of a log; its shape is a contract with those who read it.

    An edge joins consecutive events of a case in time order (ties in file order); its wait
    runs from the end of the first to the start of the second, and is negative where they
    overlap. A case lasts from its first start to its latest end. Times are in seconds.
    """
    ordered = log if isinstance(log, Ordered) else Ordered(log)
    return {
        "events": ordered.size,
        "cases": int(ordered.first.size),
        "activities": activities.compute(ordered),
        "edges": directly_follows.compute(ordered),
        "starts": starts_and_ends.starts(ordered),
        "ends": starts_and_ends.ends(ordered),
        "variants": variants.compute(ordered),
        "rework": rework.compute(ordered),
        "case_duration_s": case_duration.compute(ordered),
    }
