"""
Drift: whether today's customers still look like those the model has learnt from.

The population stability index compares shares in the tenths of the training data: below 0.1 hardly
anything moved, above 0.25 the model judges people it has not met (N. Siddiqi, 2006).
"""

from collections.abc import Mapping, Sequence
from math import log
from typing import Any

MOVED, STRANGE = 0.1, 0.25
_LEAST = 1e-4


def psi(shares: Sequence[float], counted: Sequence[int]) -> float:
    """The population stability index of counts against the shares that were learnt from."""
    total = sum(counted)
    if not total:
        return 0.0
    pairs = ((max(a, _LEAST), max(b / total, _LEAST)) for a, b in zip(shares, counted, strict=True))
    return sum((now - then) * log(now / then) for then, now in pairs)


def psis(known: Mapping[str, Any], counted: Mapping[str, Sequence[int]]) -> dict[str, float]:
    """The index of each column and of the score."""
    return {
        name: psi(known[name]["shares"], parts) for name, parts in counted.items() if name in known
    }
