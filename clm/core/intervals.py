"""How sure a share is that few cases told."""

from math import sqrt

Z = 1.959964


def wilson(*, found: int, of: int) -> tuple[float, float] | None:
    """
    The 95 % interval of a share by Wilson's score (1927); None where nothing was looked at.

    Unlike `p ± 2 s` it stays within 0 and 1 and is honest about none found of a few.
    """
    if of <= 0:
        return None
    share = found / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z / (1 + Z * Z / of) * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)
