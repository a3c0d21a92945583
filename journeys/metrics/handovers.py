"""From hand to hand."""

from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ordered, by_group, quantiles, runs

TITLE = _("Hand-overs")


def compute(log: Ordered) -> dict[str, Any]:
    """
    How often the next step of a case was done by somebody else, by the ways on which it
    happened, and how long the case waited for them. Moves where either is not named are left
    out of the count and of the share.
    """
    empty: dict[str, Any] = {"count": 0, "share": None, "cases": 0, "ways": []}
    if not log.actors.size:
        return empty
    one, other = log.actors[log.moves], log.actors[log.moves + 1]
    named = (one >= 0) & (other >= 0)
    changed = named & (one != other)
    if not named.any():
        return empty
    pairs, waits = by_group(log.pairs[changed], log.waits[changed])
    first, counts = runs(pairs)
    medians = quantiles(waits, first, counts, 0.5) if counts.size else np.empty(0)
    ways = [
        {
            "source": log.names[pair // len(log.names)],
            "target": log.names[pair % len(log.names)],
            "count": count,
            "median_s": median,
        }
        for pair, count, median in zip(
            pairs[first].tolist(), counts.tolist(), medians.tolist(), strict=True
        )
    ]
    return {
        "count": int(changed.sum()),
        "share": float(changed.sum() / named.sum()),
        "cases": int(np.unique(log.index[log.moves][changed]).size),
        "ways": sorted(ways, key=lambda way: (-way["count"], way["source"], way["target"])),
    }
