"""Where one group of cases waits much longer than the others."""

from collections.abc import Collection
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ints, Ordered, quantile
from journeys.metrics.abandonment import DAY, HORIZON_DAYS, outcomes
from journeys.metrics.drop_off import odds_ratio

TITLE = _("Who waits longer")
_FEWEST = 5
_TIMES = 1.5
_LEAST_DAYS = 0.5


def compute(
    log: Ordered,
    *,
    groups: Ints,
    labels: list[str],
    horizon_days: int = HORIZON_DAYS,
    now: int | None = None,
    endings: Collection[str] = (),
) -> list[dict[str, Any]]:
    """
    Steps after which one group of cases waits half as long again as all others together, and
    half a day longer at least (medians; five waits or more on either side), the most lost days
    first. With the odds ratio of giving up after this step, among the cases that pass it.

    :param groups: the group of each case in the order of the log's cases, -1 for none
    """
    if not log.size:
        return []
    found = outcomes(log, horizon_days=horizon_days, now=now, endings=endings)
    steps, owners = log.activities[log.moves], log.index[log.moves]
    last = log.activities[log.last]
    rows = []
    for step in np.unique(steps).tolist():
        if found.endings[step]:
            continue
        at = steps == step
        waits, whose = log.waits[at], groups[owners[at]]
        passing = np.unique(log.index[log.activities == step])
        for group in np.unique(whose[whose >= 0]).tolist():
            here, there = waits[whose == group], waits[whose != group]
            if min(here.size, there.size) < _FEWEST:
                continue
            one, other = quantile(here, 0.5) or 0.0, quantile(there, 0.5) or 0.0
            if one < other * _TIMES or one - other < _LEAST_DAYS * 86_400:
                continue
            lost = found.abandoned[passing] & (last[passing] == step)
            known, inside = ~found.open[passing], groups[passing] == group
            a, c = int((lost & inside).sum()), int((lost & ~inside).sum())
            b, d = int((known & inside).sum()) - a, int((known & ~inside).sum()) - c
            ratio, low, high = odds_ratio(a, b, c, d)
            rows.append(
                {
                    "activity": log.names[step],
                    "group": labels[group],
                    "cases": int(inside.sum()),
                    "median_s": one,
                    "elsewhere_s": other,
                    "lost_days": float(np.maximum(here / DAY - other / 86_400, 0).sum()),
                    "odds_ratio": ratio,
                    "low": low,
                    "high": high,
                }
            )
    return sorted(rows, key=lambda row: (-row["lost_days"], row["activity"], row["group"]))
