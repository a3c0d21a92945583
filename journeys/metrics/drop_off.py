"""Who gives up more often."""

import math
from collections.abc import Collection
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ints, Ordered
from journeys.metrics.abandonment import HORIZON_DAYS, outcomes

TITLE = _("Who gives up more often")
_Z = 1.959963984540054


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
    The odds of giving up in one group of cases over the odds in all others together, with a 95 %
    interval (Woolf, 1955: normal on the logarithm; where a count is nought, a half is added to
    all four, after Haldane and Anscombe). Cases whose outcome is not known yet are left out. An
    interval that holds 1 shows no difference.

    :param groups: the group of each case in the order of the log's cases, -1 for none
    """
    found = outcomes(log, horizon_days=horizon_days, now=now, endings=endings)
    known = ~found.open & (groups >= 0)
    size = len(labels)
    every = np.bincount(groups[known], minlength=size)
    lost = np.bincount(groups[known & found.abandoned], minlength=size)
    rows = []
    for place, label in enumerate(labels):
        a, b = int(lost[place]), int(every[place] - lost[place])
        c, d = int(lost.sum()) - a, int(every.sum() - lost.sum()) - b
        if not a + b or not c + d:
            continue
        ratio, low, high = odds_ratio(a, b, c, d)
        rows.append(
            {
                "group": label, "cases": a + b, "abandoned": a,
                "odds_ratio": ratio, "low": low, "high": high,
            }
        )  # fmt: skip
    return sorted(rows, key=lambda one: (-one["odds_ratio"], one["group"]))


def odds_ratio(a: float, b: float, c: float, d: float) -> tuple[float, float, float]:
    """(a/b) / (c/d) and its 95 % interval."""
    if not (a and b and c and d):
        a, b, c, d = a + 0.5, b + 0.5, c + 0.5, d + 0.5
    ratio = a * d / (b * c)
    error = _Z * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return ratio, ratio * math.exp(-error), ratio * math.exp(error)
