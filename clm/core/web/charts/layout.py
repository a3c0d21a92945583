"""
Where the nodes of a flow graph stand: layers from left to right, one lane for each node.

The method of Sugiyama, Tagawa and Toda (1981): cycles are broken by turning back the lighter
edges, nodes get the layer of their longest way from a start, long edges get a place of their own
in every layer they pass, and each layer is ordered by the barycentre of its neighbours, keeping
the order with the fewest crossings. Then lanes are straightened, heavy edges first.
"""

import itertools
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

Key = Hashable
Edge = tuple[str, str]
# A node by its name, or the place where an edge passes a layer.
Spot = str | tuple[str, str, int]


@dataclass(frozen=True)
class Layout:
    """
    `layer` and `lane` of each spot; `back` are the edges that run against the layers.

    No two spots share a layer and a lane; a forward edge that passes a layer has a spot there.
    """

    layer: Mapping[Spot, int]
    lane: Mapping[Spot, int]
    back: frozenset[Edge]
    ways: Mapping[Edge, tuple[Spot, ...]]

    @property
    def layers(self) -> int:
        return max(self.layer.values(), default=-1) + 1

    @property
    def lanes(self) -> int:
        return max(self.lane.values(), default=-1) + 1


def back_edges(*, nodes: Sequence[str], weights: Mapping[Edge, float]) -> frozenset[Edge]:
    """Edges to turn so that no cycle is left; heavier edges are taken forward first."""
    reach: dict[str, set[str]] = {node: {node} for node in nodes}
    order = {node: i for i, node in enumerate(nodes)}
    found = set()
    ranked = sorted(weights, key=lambda e: (-weights[e], order[e[0]], order[e[1]]))
    for source, target in ranked:
        if source == target:
            continue
        if source in reach[target]:
            found.add((source, target))
            continue
        beyond = reach[target]
        for node in nodes:
            if source in reach[node]:
                reach[node] |= beyond
    return frozenset(found)


def layers_of(*, nodes: Sequence[str], forward: Sequence[Edge]) -> dict[str, int]:
    """The longest way from a start; a node nobody leads to stands just before its first follower."""
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for source, target in forward:
        before[target].append(source)
        after[source].append(target)
    layer: dict[str, int] = {}
    open_count = {node: len(before[node]) for node in nodes}
    ready = [node for node in nodes if not open_count[node]]
    while ready:
        node = ready.pop(0)
        layer[node] = max((layer[b] + 1 for b in before[node]), default=0)
        for follower in after[node]:
            open_count[follower] -= 1
            if not open_count[follower]:
                ready.append(follower)
    for node in nodes:
        if not before[node] and after[node]:
            layer[node] = max(min(layer[a] for a in after[node]) - 1, 0)
    return layer


def crossings(
    *, upper: Sequence[Spot], lower: Sequence[Spot], links: Sequence[tuple[Spot, Spot]]
) -> int:
    """How many of the links between two neighbouring layers cross."""
    left = {spot: i for i, spot in enumerate(upper)}
    right = {spot: i for i, spot in enumerate(lower)}
    ends = sorted((left[a], right[b]) for a, b in links if a in left and b in right)
    return sum(
        1 for i, (a, b) in enumerate(ends) for c, d in ends[i + 1 :] if a < c and b > d
    )  # fmt: skip


def _ordered(
    columns: list[list[Spot]],
    links: list[tuple[Spot, Spot]],
    weight: Mapping[tuple[Spot, Spot], float],
) -> list[list[Spot]]:
    """Barycentre sweeps to and fro; the best order that was seen."""
    before: dict[Spot, list[tuple[Spot, float]]] = defaultdict(list)
    after: dict[Spot, list[tuple[Spot, float]]] = defaultdict(list)
    for a, b in links:
        after[a].append((b, weight[a, b]))
        before[b].append((a, weight[a, b]))

    def total(order: list[list[Spot]]) -> int:
        return sum(crossings(upper=u, lower=v, links=links) for u, v in itertools.pairwise(order))

    best, fewest = [list(c) for c in columns], total(columns)
    present = [list(c) for c in columns]
    for sweep in range(8):
        forward = sweep % 2 == 0
        indices = range(1, len(present)) if forward else range(len(present) - 2, -1, -1)
        for i in indices:
            fixed = {spot: n for n, spot in enumerate(present[i - 1 if forward else i + 1])}
            near = before if forward else after
            here = {spot: n for n, spot in enumerate(present[i])}

            def key(
                spot: Spot,
                fixed: dict[Spot, int] = fixed,
                near: dict[Spot, list[tuple[Spot, float]]] = near,
                here: dict[Spot, int] = here,
            ) -> tuple[float, int]:
                around = [fixed[s] for s, _w in near[spot] if s in fixed]
                return (sum(around) / len(around) if around else float(here[spot]), here[spot])

            present[i].sort(key=key)
        if (count := total(present)) < fewest:
            best, fewest = [list(c) for c in present], count
    return best


def _lanes(
    columns: list[list[Spot]],
    links: list[tuple[Spot, Spot]],
    weight: Mapping[tuple[Spot, Spot], float],
    size: Mapping[Spot, float],
) -> dict[Spot, int]:
    """Integer lanes that keep each layer's order and follow the heavy edges straight."""
    near: dict[Spot, list[tuple[Spot, float]]] = defaultdict(list)
    for a, b in links:
        near[a].append((b, weight[a, b]))
        near[b].append((a, weight[a, b]))
    tallest = max((len(column) for column in columns), default=1)
    lane: dict[Spot, int] = {}
    for column in columns:
        offset = (tallest - len(column)) // 2
        lane.update({spot: offset + i for i, spot in enumerate(column)})
    for sweep in range(10):
        order = columns if sweep % 2 == 0 else columns[::-1]
        for column in order:
            wanted = {spot: _wish(near[spot], lane, lane[spot]) for spot in column}
            lane.update(_placed(column, wanted, size))
    lowest = min(lane.values(), default=0)
    return {spot: value - lowest for spot, value in lane.items()}


def _wish(around: list[tuple[Spot, float]], lane: Mapping[Spot, int], now: int) -> int:
    """The lane of the heaviest neighbour: that edge then runs straight."""
    if not around:
        return now
    return lane[max(around, key=lambda pair: pair[1])[0]]


def _placed(
    column: list[Spot], wanted: Mapping[Spot, int], size: Mapping[Spot, float]
) -> dict[Spot, int]:
    """Each spot as near to its wish as the order of the layer allows, the weightiest first."""
    placed: dict[Spot, int] = {}
    for spot in sorted(column, key=lambda s: -size.get(s, 0.0)):
        at = column.index(spot)
        low = max(
            (placed[o] + at - i for i, o in enumerate(column[:at]) if o in placed), default=None
        )
        high = min(
            (placed[o] - (i - at) for i, o in enumerate(column) if i > at and o in placed),
            default=None,
        )
        lane = wanted[spot]
        lane = max(lane, low) if low is not None else lane
        placed[spot] = min(lane, high) if high is not None else lane
    return placed


def arrange(*, nodes: Sequence[str], weights: Mapping[Edge, float]) -> Layout:
    """The layout of a graph whose edges (source, target) have weights; loops are left out of it."""
    back = back_edges(nodes=nodes, weights=weights)
    forward = [e for e in weights if e[0] != e[1] and e not in back]
    turned = [(b, a) for a, b in back if (b, a) not in weights or (b, a) in back]
    layer: dict[Spot, int] = {}
    layer.update(layers_of(nodes=nodes, forward=[*forward, *turned]))
    columns: list[list[Spot]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for node in nodes:
        columns[layer[node]].append(node)

    ways: dict[Edge, tuple[Spot, ...]] = {}
    links: list[tuple[Spot, Spot]] = []
    weight: dict[tuple[Spot, Spot], float] = {}
    size: dict[Spot, float] = defaultdict(float)
    for source, target in forward:
        way: list[Spot] = [source]
        for between in range(layer[source] + 1, layer[target]):
            spot: Spot = (source, target, between)
            layer[spot] = between
            columns[between].append(spot)
            way.append(spot)
        way.append(target)
        ways[source, target] = tuple(way)
        for a, b in itertools.pairwise(way):
            links.append((a, b))
            weight[a, b] = weights[source, target]
        for spot in way:
            size[spot] += weights[source, target]
    columns = _ordered(columns, links, weight)
    lane = _lanes(columns, links, weight, size)
    return Layout(layer=layer, lane=lane, back=back, ways=ways)
