"""
Very large loops: a floating-point solution, and around it two bounds proved in whole numbers.

For `x = b + A x` with `A >= 0`: any `h >= 0` with `h >= b + A h` lies over the least solution,
and, since the loop is connected, its existence shows that the solution is unique, so that any
`l` with `l <= b + A l` lies under it. Both are checked without rounding.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from customers.ownership.amounts import Amount
from customers.ownership.graph import Key

STEPS = 2000
SMALL = 1e-11
_SCALE = 1 << 80


class NotEnclosed(Exception):
    """No bounds were found: what goes round is everything, or all but."""


def enclosed(
    weights: Mapping[Key, Mapping[Key, Amount]], start: Mapping[Key, Amount]
) -> dict[Key, Amount]:
    """:raises NotEnclosed: nothing finite can be proved"""
    import numpy as np
    from scipy.sparse import csr_matrix

    nodes = list(weights)
    place = {node: i for i, node in enumerate(nodes)}
    entries = [
        (place[node], place[company], float(part.middle))
        for node, row in weights.items()
        for company, part in row.items()
    ]
    rows, columns, parts = zip(*entries, strict=True)
    matrix: Any = csr_matrix((parts, (rows, columns)), shape=(len(nodes), len(nodes)))
    found = _solved(matrix, np.array([float(start[node].middle) for node in nodes]))
    # Where every party gains a little, the bounds hold with room for the rounding.
    ease = _solved(matrix, np.ones(len(nodes)))
    low = [max(int((x - SMALL * u) * _SCALE), 0) for x, u in zip(found, ease, strict=True)]
    high = [int((x + SMALL * u) * _SCALE) + 1 for x, u in zip(found, ease, strict=True)]
    for i, node in enumerate(nodes):
        under, over = start[node].low * _SCALE, start[node].high * _SCALE
        for company, part in weights[node].items():
            under += part.low * low[place[company]]
            over += part.high * high[place[company]]
        if low[i] > under or high[i] < over:
            raise NotEnclosed
    return {
        node: Amount(Fraction(low[i], _SCALE), Fraction(high[i], _SCALE))
        for i, node in enumerate(nodes)
    }


def _solved(matrix: Any, start: Any) -> Any:
    import numpy as np
    from scipy.sparse import identity
    from scipy.sparse.linalg import splu

    found = start
    for _step in range(STEPS):
        before, found = found, start + matrix @ found
        if np.abs(found - before).max() <= 1e-15 * np.abs(found).max():
            break
    else:
        # It hardly lets go: solve it at one go.
        try:
            found = splu((identity(len(start)) - matrix).tocsc()).solve(start)
        except RuntimeError:
            raise NotEnclosed from None
    if not np.isfinite(found).all() or (found < 0).any() or np.abs(found).max() > 1e6:
        raise NotEnclosed
    return found
