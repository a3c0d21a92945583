"""
How much of the target a whole unit of each party is: multiplied along chains, added across them.

With `W` the matrix of direct shares and `e` the target, that is the least `g >= 0` with
`g = e + W g`. Parties in no loop are one multiplication each; a loop is a small linear system,
solved exactly by elimination. A loop in which companies own each other wholly has no solution:
nothing ever leaves it. It is named, and each of its holdings is then followed once, towards the
target, which can only be too little.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from customers.ownership import enclosure
from customers.ownership.amounts import NOTHING, WHOLE, Amount
from customers.ownership.graph import Holdings, Key, components

#: Loops of more parties than this are enclosed between bounds instead of solved exactly.
EXACTLY = 40


class Closed(Exception):
    """The loop never lets go of what enters it."""


@dataclass(frozen=True)
class Effective:
    """
    :param unit: how much of the target each party is, wholly owned; the target's own is over 1
        when it holds in itself by a loop
    :param loops: the groups of parties that hold in each other
    :param closed: those of them that own each other wholly, or more
    """

    unit: Mapping[Key, Amount]
    loops: Sequence[Sequence[Key]]
    closed: Sequence[Sequence[Key]]


def effective(holdings: Holdings, target: Key, nodes: Sequence[Key]) -> Effective:
    """
    :param holdings: the direct holdings between `nodes`, all of whom lead to the target
    """
    unit: dict[Key, Amount] = {}
    loops, closed = [], []
    for group in components(nodes, holdings):
        inside = set(group)
        start: dict[Key, Amount] = {}
        for node in group:
            total = WHOLE if node == target else NOTHING
            for company, part in holdings.get(node, {}).items():
                if company not in inside:
                    total = total + Amount.exactly(part) * unit[company]
            start[node] = total
        if len(group) == 1:
            unit.update(start)
            continue
        loops.append(group)
        weights = {
            node: {
                company: Amount.exactly(part)
                for company, part in holdings.get(node, {}).items()
                if company in inside
            }
            for node in group
        }
        try:
            if len(group) <= EXACTLY:
                unit.update(_eliminated(weights, start))
            else:
                unit.update(enclosure.enclosed(weights, start))
        except (Closed, enclosure.NotEnclosed):
            closed.append(group)
            unit.update(_once(weights, start))
    return Effective(unit, loops, closed)


def _eliminated(
    weights: Mapping[Key, Mapping[Key, Amount]], start: Mapping[Key, Amount]
) -> dict[Key, Amount]:
    """
    Gauss, without ever taking a difference but what does not go round: the least connected
    party first.

    :raises Closed: what goes round is everything
    """
    rows = {node: dict(row) for node, row in weights.items()}
    into: dict[Key, set[Key]] = {node: set() for node in rows}
    for node, row in rows.items():
        for company in row:
            into[company].add(node)
    total = dict(start)
    order = []
    left = set(rows)
    while left:
        node = min(left, key=lambda one: (len(rows[one]) * len(into[one]), str(one)))
        left.discard(node)
        row = rows[node]
        loop = row.pop(node, NOTHING)
        into[node].discard(node)
        if loop.high >= 1:
            raise Closed
        if loop:
            total[node] = total[node].over_rest(loop)
            for company in row:
                row[company] = row[company].over_rest(loop)
        for company in row:
            into[company].discard(node)
        for owner in into[node]:
            part = rows[owner].pop(node)
            total[owner] = total[owner] + part * total[node]
            for company, further in row.items():
                rows[owner][company] = rows[owner].get(company, NOTHING) + part * further
                into[company].add(owner)
        order.append(node)
    found: dict[Key, Amount] = {}
    for node in reversed(order):
        value = total[node]
        for company, part in rows[node].items():
            value = value + part * found[company]
        found[node] = value
    return found


def _once(
    weights: Mapping[Key, Mapping[Key, Amount]], start: Mapping[Key, Amount]
) -> dict[Key, Amount]:
    """Only the holdings that lead nearer to the way out of the loop count, each once."""
    owners: dict[Key, list[Key]] = {}
    for owner, row in weights.items():
        for company in row:
            owners.setdefault(company, []).append(owner)
    near = {node: 0 for node, value in start.items() if value}
    waiting = deque(near)
    while waiting:
        company = waiting.popleft()
        for owner in owners.get(company, ()):
            if owner not in near:
                near[owner] = near[company] + 1
                waiting.append(owner)
    found: dict[Key, Amount] = {}
    for node in sorted(near, key=lambda one: near[one]):
        value = start[node]
        for company, part in weights[node].items():
            if near[company] < near[node]:
                value = value + part * found[company]
        found[node] = value
    return found
