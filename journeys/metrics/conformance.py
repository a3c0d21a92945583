"""How well the paths taken fit a map that somebody drew."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ordered
from journeys.metrics import variants

TITLE = _("Fit with the map")
_FAR = 10**6


def compute(
    log: Ordered,
    *,
    ways: Collection[tuple[str, str]],
    begins: Collection[str],
    ends: Collection[str],
) -> dict[str, Any]:
    """
    Each path is aligned with the drawn map: laid beside the way through the map from which it
    differs least, where a step that the map does not foresee there costs 1, and a step of the
    map that was left out costs 1 (cheapest alignment; Carmona, van Dongen, Solti, Weidlich,
    Conformance Checking, 2018). Fitness is 1 minus this cost over the cost of a path that has
    nothing in common with the map. Steps left out and steps not foreseen are counted in cases.

    :param ways: the map's ways from step to step; `begins` and `ends` are where it may begin
        and end
    :raises ValueError: no way through the map leads from a beginning to an end
    """
    model = _Model(ways, begins, ends)
    skipped: Counter[str] = Counter()
    surplus: Counter[str] = Counter()
    cases, fitting, total, cost_all = 0, 0, 0.0, 0
    for one in variants.compute(log):
        path, count = one["path"], one["count"]
        cost, left_out, not_foreseen = model.align(path)
        cases += count
        cost_all += cost * count
        fitting += count if not cost else 0
        total += count * (1 - cost / (len(path) + model.shortest))
        for step in set(left_out):
            skipped[step] += count
        for step in set(not_foreseen):
            surplus[step] += count
    return {
        "cases": cases,
        "fitting": fitting,
        "fitness": total / cases if cases else None,
        "deviations": cost_all,
        "left_out": dict(sorted(skipped.items(), key=lambda pair: (-pair[1], pair[0]))),
        "not_foreseen": dict(sorted(surplus.items(), key=lambda pair: (-pair[1], pair[0]))),
    }


class _Model:
    """A map as a graph from a gate in (0) to a gate out (the last place)."""

    def __init__(
        self, ways: Collection[tuple[str, str]], begins: Collection[str], ends: Collection[str]
    ) -> None:
        self.names = sorted({*begins, *ends, *(name for way in ways for name in way)})
        self._place = {name: place for place, name in enumerate(self.names, start=1)}
        self._out = len(self.names) + 1
        size = self._out + 1
        steps = np.full((size, size), _FAR, dtype=np.int64)
        self._via = np.full((size, size), -1, dtype=np.int64)
        moves = [(self._place[a], self._place[b]) for a, b in ways]
        moves += [(0, self._place[name]) for name in begins]
        moves += [(self._place[name], self._out) for name in ends]
        for one, other in moves:
            steps[one, other] = 1
        # Floyd and Warshall: the fewest moves from each place to each, at least one.
        for middle in range(size):
            around = steps[:, middle, None] + steps[None, middle, :]
            better = around < steps
            steps[better] = around[better]
            self._via[better] = middle
        self._steps = steps
        if steps[0, self._out] >= _FAR:
            raise ValueError("No way through the map leads from a beginning to an end.")
        self.shortest = int(steps[0, self._out]) - 1

    def align(self, path: Sequence[str]) -> tuple[int, list[str], list[str]]:
        """The cheapest alignment: its cost, the steps left out, and those not foreseen."""
        size = self._out + 1
        costs = np.full(size, _FAR, dtype=np.int64)
        costs[0] = 0
        came: list[tuple[int, int] | None] = []  # the place of a joint move, and where from
        for step in path:
            place = self._place.get(step)
            after = costs + 1
            joint = None
            if place is not None:
                reach = costs + self._steps[:, place] - 1
                best = int(reach.argmin())
                if reach[best] < after[place]:
                    after[place] = reach[best]
                    joint = (place, best)
            came.append(joint)
            costs = after
        final = costs + self._steps[:, self._out] - 1
        place = int(final.argmin())
        left_out = self._between(place, self._out)
        not_foreseen: list[str] = []
        cost = int(final[place])
        for step, joint in zip(reversed(path), reversed(came), strict=True):
            if joint is not None and joint[0] == place:
                left_out += self._between(joint[1], place)
                place = joint[1]
            else:
                not_foreseen.append(step)
        return cost, left_out, not_foreseen

    def _between(self, one: int, other: int) -> list[str]:
        """The steps that a shortest way between two places passes."""
        middle = int(self._via[one, other])
        if middle < 0:
            return []
        return [
            *self._between(one, middle), self.names[middle - 1], *self._between(middle, other)
        ]  # fmt: skip
