"""The same report as `journeys.mining`, computed the obvious way, to compare with."""

import itertools
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any


def quantile(values: list[int], share: Fraction) -> float:
    """Linear interpolation between the two neighbours, in exact arithmetic, in seconds."""
    ordered = sorted(values)
    position = (len(ordered) - 1) * share
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    exact = ordered[below] + (ordered[above] - ordered[below]) * (position - below)
    return float(exact / 1_000_000)


def mine(events: list[tuple[str, str, int, int]]) -> dict[str, Any]:
    """:param events: (case, activity, start, end) in file order, times in microseconds"""
    by_case: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for name, activity, start, end in events:
        by_case[name].append((activity, start, end))
    waits: dict[tuple[str, str], list[int]] = defaultdict(list)
    starts, ends, rework, counts, in_cases = (Counter[str]() for _ in range(5))
    variants = Counter[tuple[str, ...]]()
    durations = []
    for case in by_case.values():
        case.sort(key=lambda one: one[1])
        path = tuple(one[0] for one in case)
        starts[path[0]] += 1
        ends[path[-1]] += 1
        variants[path] += 1
        counts.update(path)
        in_cases.update(set(path))
        rework.update(one for one, many in Counter(path).items() if many > 1)
        durations.append(max(one[2] for one in case) - case[0][1])
        for before, after in itertools.pairwise(case):
            waits[before[0], after[0]].append(after[1] - before[2])
    return {
        "events": len(events),
        "cases": len(by_case),
        "activities": {name: (counts[name], in_cases[name]) for name in counts},
        "edges": {
            pair: (len(some), quantile(some, Fraction(1, 2)), quantile(some, Fraction(9, 10)))
            for pair, some in waits.items()
        },
        "starts": dict(starts),
        "ends": dict(ends),
        "variants": dict(variants),
        "rework": dict(rework),
        "case_duration_s": (
            quantile(durations, Fraction(1, 2)),
            quantile(durations, Fraction(9, 10)),
        ),
    }
