"""Steps that are done again."""

from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ordered

TITLE = _("Done again")


def compute(log: Ordered) -> list[dict[str, Any]]:
    """In how many cases each step was done more than once."""
    again = log.passed[1]
    found = [
        {"activity": log.names[int(index)], "cases": int(again[index])}
        for index in np.flatnonzero(again).tolist()
    ]
    return sorted(found, key=lambda one: (-one["cases"], one["activity"]))
