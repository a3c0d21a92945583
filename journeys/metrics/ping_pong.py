"""Back and forth between two steps."""

from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ordered

TITLE = _("Back and forth")


def compute(log: Ordered) -> list[dict[str, Any]]:
    """
    How often a case went from one step to another and straight back to the first: three
    consecutive events A, B, A. Counted for A and B in this order, with the cases it happened in.
    """
    if log.size < 3:
        return []
    same = (log.cases[2:] == log.cases[:-2]) & (log.activities[2:] == log.activities[:-2])
    places = np.flatnonzero(same & (log.activities[1:-1] != log.activities[:-2]))
    pairs = log.activities[places] * len(log.names) + log.activities[places + 1]
    keys, counts = np.unique(pairs, return_counts=True)
    once = np.unique(np.stack((pairs, log.index[places])), axis=1)[0]
    in_cases = dict(
        zip(*(one.tolist() for one in np.unique(once, return_counts=True)), strict=True)
    )
    found = [
        {
            "activity": log.names[key // len(log.names)],
            "other": log.names[key % len(log.names)],
            "count": count,
            "cases": in_cases[key],
        }
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True)
    ]
    return sorted(found, key=lambda one: (-one["count"], one["activity"], one["other"]))
