"""How often each step is done, and by how many cases."""

from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ordered

TITLE = _("Steps")


def compute(log: Ordered) -> list[dict[str, Any]]:
    """How often each step was done, and in how many cases it was done at least once."""
    counts = np.bincount(log.activities, minlength=len(log.names))
    in_cases = log.passed[0]
    found = [
        {"name": name, "count": int(counts[index]), "cases": int(in_cases[index])}
        for index, name in enumerate(log.names)
        if counts[index]
    ]
    return sorted(found, key=lambda one: (-one["count"], one["name"]))
