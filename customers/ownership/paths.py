"""The ways from an owner to the target, the heaviest first, each with its product."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, pairwise

from customers.ownership.graph import Holdings, Key

#: How many ways are looked at in all, and kept for one owner; the rest is told as a sum.
LOOKED_AT = 5000
KEPT = 12
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Path:
    """A way that passes nobody twice: `parties` from the owner to the target, the shares between."""

    parties: tuple[Key, ...]
    shares: tuple[Fraction, ...]
    product: Fraction


@dataclass(frozen=True, slots=True)
class Ways:
    """
    :param complete: every way that passes nobody twice is among them, so that what is missing
        from an owner's sum goes round a loop
    """

    of: dict[Key, list[Path]]
    complete: bool


def ways(owners: Holdings, target: Key, is_end: Callable[[Key], bool]) -> Ways:
    """
    :param owners: who owns what: `{company: {owner: part}}`
    """
    found: dict[Key, list[Path]] = {}
    tie = count()
    heap: list[tuple[float, int, tuple[Key, ...], Fraction]] = [
        (-1.0, next(tie), (target,), Fraction(1))
    ]
    complete = True
    for _looked in range(LOOKED_AT):
        if not heap:
            break
        _order, _tie, parties, product = heapq.heappop(heap)
        if is_end(parties[0]) and len(parties) > 1:
            kept = found.setdefault(parties[0], [])
            if len(kept) < KEPT:
                shares = tuple(owners[company][owner] for owner, company in pairwise(parties))
                kept.append(Path(parties, shares, product))
            else:
                complete = False
            continue
        if len(parties) > LONGEST:
            complete = False
            continue
        for owner, part in owners.get(parties[0], {}).items():
            if owner not in parties:
                further = product * part
                heapq.heappush(heap, (-float(further), next(tie), (owner, *parties), further))
    return Ways(found, complete and not heap)
