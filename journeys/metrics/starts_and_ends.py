"""Where cases begin and where they end."""

from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ints, Ordered

TITLE = _("Where cases begin and end")


def compute(log: Ordered) -> dict[str, Any]:
    """How many cases begin with each step, and how many have it as their last so far."""
    return {"starts": starts(log), "ends": ends(log)}


def starts(log: Ordered) -> dict[str, int]:
    return _tally(log.activities[log.first], log.names)


def ends(log: Ordered) -> dict[str, int]:
    return _tally(log.activities[log.last], log.names)


def _tally(activities: Ints, names: list[str]) -> dict[str, int]:
    counts = np.bincount(activities, minlength=len(names))
    found = [(names[int(index)], int(counts[index])) for index in np.flatnonzero(counts).tolist()]
    return dict(sorted(found, key=lambda one: (-one[1], one[0])))
