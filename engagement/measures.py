"""
What answers add up to, with 95 % intervals.

NPS is promoters less detractors in points (Reichheld 2003), its interval that of a mean of -1, 0
and +1. Satisfaction, effort and trust are the share of good answers, with Wilson's interval.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from clm.core.intervals import Z, wilson
from engagement.models.feedback import Measure, band_of

#: With fewer answers nothing is said.
ENOUGH = 20


@dataclass(frozen=True)
class Figure:
    """A figure from `n` answers; without a value there are too few."""

    measure: Measure
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def missing(self) -> int:
        """How many answers more it takes."""
        return max(ENOUGH - self.n, 0)


def figure(*, measure: str, scores: Iterable[int]) -> Figure:
    """NPS in points from -100 to 100; the others as a share of 1."""
    bands = [band_of(measure, score) for score in scores]
    n, good, bad = len(bands), bands.count("good"), bands.count("bad")
    if n < ENOUGH:
        return Figure(Measure(measure), n)
    if measure != Measure.NPS:
        low, high = wilson(found=good, of=n) or (0.0, 1.0)
        return Figure(Measure(measure), n, good / n, low, high)
    mean = (good - bad) / n
    half = Z * sqrt(max((good + bad) / n - mean**2, 0) / n)
    low, high = max(mean - half, -1), min(mean + half, 1)
    return Figure(Measure.NPS, n, 100 * mean, 100 * low, 100 * high)
