"""What changed between two periods."""

from collections.abc import Collection
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import MICROSECONDS, Floats, Ordered
from journeys.metrics.abandonment import HORIZON_DAYS, outcomes

TITLE = _("Before and after")
_DRAWS = 1_000
_MOST = 20_000


def compute(
    log: Ordered,
    *,
    before: Ordered,
    horizon_days: int = HORIZON_DAYS,
    now: int | None = None,
    endings: Collection[str] = (),
    seed: int = 0,
) -> dict[str, Any]:
    """
    How the median duration of a case and the share given up differ from the period before, with
    95 % intervals by drawing the cases of both periods again a thousand times (percentile
    bootstrap; Efron and Tibshirani, 1993). An interval that holds nought shows no change.

    :param before: the log of the period to compare with
    """
    rng = np.random.default_rng(seed)
    periods = (before, log)
    durations = [
        (one.closes - one.starts[one.first]) / MICROSECONDS if one.size else np.empty(0)
        for one in periods
    ]
    given_up = []
    for one in periods:
        found = outcomes(one, horizon_days=horizon_days, now=now, endings=endings)
        given_up.append(found.abandoned[~found.open].astype(np.float64))
    return {
        "cases": [int(one.first.size) for one in periods],
        "median_s": _difference(rng, *durations, median=True),
        "abandoned": _difference(rng, *given_up, median=False),
    }


def _difference(
    rng: np.random.Generator, one: Floats, other: Floats, *, median: bool
) -> dict[str, float] | None:
    """The second minus the first, with its interval; None where either is empty."""
    if not one.size or not other.size:
        return None
    middle = np.median if median else np.mean
    drawn = [draws(rng, values, median=median) for values in (one, other)]
    low, high = np.percentile(drawn[1] - drawn[0], (2.5, 97.5))
    return {
        "before": float(middle(one)),
        "after": float(middle(other)),
        "difference": float(middle(other) - middle(one)),
        "low": float(low),
        "high": float(high),
    }


def draws(rng: np.random.Generator, values: Floats, *, median: bool) -> Floats:
    """The middles of as many samples, each as large as the whole, drawn with replacement."""
    size = values.size
    if not median:
        # Of noughts and ones only the number of ones is drawn.
        return rng.binomial(size, values.mean(), size=_DRAWS) / size
    if size > _MOST:
        # The place of the median among the sorted is what varies; its law is close to normal.
        places = np.clip(
            np.round(rng.normal((size - 1) / 2, np.sqrt(size) / 2, _DRAWS)), 0, size - 1
        ).astype(np.int64)
        return np.asarray(np.sort(values)[places])
    return np.array([np.median(rng.choice(values, size)) for _draw in range(_DRAWS)])
