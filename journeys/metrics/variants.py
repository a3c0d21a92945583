"""The paths that cases take."""

from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ordered

TITLE = _("Variants")


def compute(log: Ordered) -> list[dict[str, Any]]:
    """Every path that cases took from beginning to end, and how many took exactly this one."""
    names = log.names
    # A case's path is the bytes of its activity numbers: exact, and one slice a case.
    kind = np.uint8 if len(names) < 2**8 else np.uint16 if len(names) < 2**16 else np.uint32
    small = log.activities.astype(kind)
    width = small.itemsize
    raw = small.tobytes()
    counts: dict[bytes, int] = {}
    begin = 0
    for end in ((log.last + 1) * width).tolist():
        path = raw[begin:end]
        counts[path] = counts.get(path, 0) + 1
        begin = end
    found = [
        {"path": [names[index] for index in np.frombuffer(path, kind)], "count": count}
        for path, count in counts.items()
    ]
    return sorted(found, key=lambda one: (-one["count"], one["path"]))
