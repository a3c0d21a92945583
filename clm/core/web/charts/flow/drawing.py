"""
Where everything in a flow graph stands: steps in columns, ways between them, labels beside the ways.

No label covers a step or another label; ways back run in channels below the graph.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from clm.core.web.charts.base import fit, px, width_of
from clm.core.web.charts.flow.graph import FlowEdge, FlowNode
from clm.core.web.charts.layout import Layout, Spot, arrange

NODE_HEIGHT = 46.0
NODE_WIDTHS = (100.0, 132.0)
LINE = 14.0
BETWEEN_LANES = 40.0
CHANNEL = 30.0
MARGIN = 12.0
LABEL = 16.0


@dataclass(frozen=True)
class Box:
    """A rectangle that nothing else may cover."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: "Box") -> bool:
        return not (
            self.x + self.width <= other.x
            or other.x + other.width <= self.x
            or self.y + self.height <= other.y
            or other.y + other.height <= self.y
        )


@dataclass
class Drawing:
    """Coordinates of everything, before it becomes SVG; tests look at these."""

    width: float = 0.0
    height: float = 0.0
    nodes: dict[str, Box] = field(default_factory=dict)
    labels: dict[tuple[str, str], Box] = field(default_factory=dict)
    paths: dict[tuple[str, str], str] = field(default_factory=dict)
    heads: dict[tuple[str, str], tuple[float, float, str]] = field(default_factory=dict)


def draw(nodes: Sequence[FlowNode], edges: Sequence[FlowEdge]) -> Drawing:
    """
    Place steps, ways and labels: labels never cover each other or a step.

    :raises ValueError: an edge names an unknown step, or a step or edge is given twice
    """
    names = [node.name for node in nodes]
    pairs = [(edge.source, edge.target) for edge in edges]
    if len(set(names)) != len(names) or len(set(pairs)) != len(pairs):
        raise ValueError("Each step and each edge is given once")
    if unknown := {name for pair in pairs for name in pair} - set(names):
        raise ValueError(f"Edges name unknown steps: {', '.join(sorted(unknown))}")
    layout = arrange(nodes=names, weights={(e.source, e.target): float(e.count) for e in edges})
    return _Pen(nodes, edges, layout).drawing


def name_lines(name: str, width: float) -> list[str]:
    """A step's name on one line or two, the last shortened where even that is too narrow."""
    room = width - 18
    words = name.split()
    first = ""
    while words and width_of(f"{first} {words[0]}".strip()) <= room:
        first = f"{first} {words.pop(0)}".strip()
    if not first or not words:
        return [fit(name, room)]
    return [first, fit(" ".join(words), room)]


class _Pen:
    """Turns a layout into coordinates: columns with gaps, lanes, and channels for ways back."""

    def __init__(
        self, nodes: Sequence[FlowNode], edges: Sequence[FlowEdge], layout: Layout
    ) -> None:
        self.layout = layout
        self.edges = {(e.source, e.target): e for e in edges}
        self.drawing = Drawing()
        longest = max((width_of(node.name) for node in nodes), default=80.0)
        self.node_width = min(max(longest + 20, NODE_WIDTHS[0]), NODE_WIDTHS[1])
        rows = max((len(name_lines(node.name, self.node_width)) for node in nodes), default=1)
        self.node_height = NODE_HEIGHT + LINE * (rows - 1)
        self.lane = self.node_height + BETWEEN_LANES
        self.column_x: list[float] = []
        self.gaps: list[float] = []
        self._columns()
        self.top = MARGIN + (34.0 if any(a == b for a, b in self.edges) else 0.0)
        for node in nodes:
            self.drawing.nodes[node.name] = Box(
                self.column_x[layout.layer[node.name]],
                self.top + layout.lane[node.name] * self.lane,
                self.node_width,
                self.node_height,
            )
        self.floor = self.top + max(layout.lanes, 1) * self.lane - (self.lane - self.node_height)
        self._loops()
        self._forward()
        self._back()
        self.drawing.width = (
            self.column_x[-1] + self.node_width + self.gaps[-1] if self.column_x else 0.0
        )
        lowest = max((b.y + b.height for b in self.drawing.labels.values()), default=0.0)
        self.drawing.height = max(self.floor, lowest) + MARGIN

    def _columns(self) -> None:
        """Gaps as wide as their widest label, so that a label never reaches a step."""
        widest = [0.0] * (self.layout.layers + 1)
        across = [0.0] * (self.layout.layers + 1)
        turns = [0] * (self.layout.layers + 1)
        for (source, target), edge in self.edges.items():
            if (source, target) in self.layout.ways:
                gap = self.layout.layer[source] + 1
                widest[gap] = max(widest[gap], width_of(edge.label, 11) + 26)
        for source, target in self.layout.back:
            if self._adjoining(source, target):
                gap = self.layout.layer[source]
                label = self.edges[source, target].label
                across[gap] = max(across[gap], width_of(label, 11) + 30)
                continue
            turns[self.layout.layer[source] + 1] += 1
            turns[self.layout.layer[target]] += 1
        self.halves = list(zip(widest, across, strict=True))
        x = MARGIN
        for gap, (width, beside) in enumerate(self.halves):
            room = max(
                width + beside + 12.0 * turns[gap], 12.0 if gap in {0, self.layout.layers} else 56.0
            )
            room += 12.0 * turns[gap] if gap in {0, self.layout.layers} else 0.0
            self.gaps.append(room)
            if gap < self.layout.layers:
                x += room if gap else max(room - MARGIN, 0.0)
                self.column_x.append(x)
                x += self.node_width
        self.turned = [0] * (self.layout.layers + 1)

    def _adjoining(self, source: str, target: str) -> bool:
        """Whether a way back only crosses one gap; it needs no channel then."""
        return self.layout.layer[source] - self.layout.layer[target] == 1

    def _middle(self, spot: Spot) -> float:
        return self.top + self.layout.lane[spot] * self.lane + self.node_height / 2

    def _free(self, box: Box) -> bool:
        taken = [*self.drawing.labels.values(), *self.drawing.nodes.values()]
        return not any(box.meets(other) for other in taken)

    def _label(self, pair: tuple[str, str], x: float, y: float) -> None:
        """As near to (x, y) as is free, going up and down in turn."""
        size = width_of(self.edges[pair].label, 11) + 8
        for step in range(400):
            shift = (step + 1) // 2 * 6.0 * (1 if step % 2 else -1)
            box = Box(x - size / 2, y - LABEL / 2 + shift, size, LABEL)
            if box.y >= 0 and self._free(box):
                self.drawing.labels[pair] = box
                return
        raise AssertionError("A column of 400 labels has a free place")

    def _loops(self) -> None:
        for source, target in self.edges:
            if source != target:
                continue
            box = self.drawing.nodes[source]
            right = box.x + box.width - 18
            left = right - 34
            up = box.y - 18
            self.drawing.paths[source, target] = (
                f"M{px(left)} {px(box.y)}V{px(up + 8)}Q{px(left)} {px(up)} {px(left + 8)} {px(up)}"
                f"H{px(right - 8)}Q{px(right)} {px(up)} {px(right)} {px(up + 8)}V{px(box.y - 6)}"
            )
            self.drawing.heads[source, target] = (right, box.y, "down")
            self._label((source, target), (left + right) / 2, up)

    def _forward(self) -> None:
        """Heavy ways first: they get their label where they want it."""
        ends: dict[str, int] = {}
        for pair in sorted(self.layout.ways, key=lambda p: -float(self.edges[p].count)):
            way = self.layout.ways[pair]
            x = self.column_x[self.layout.layer[pair[0]]] + self.node_width
            y = self._middle(pair[0])
            pieces = [f"M{px(x)} {px(y)}"]
            gap_end = x
            for spot in way[1:]:
                to_x = self.column_x[self.layout.layer[spot]]
                to_y = self._middle(spot)
                if spot == pair[1]:
                    to_y += self._spread(ends, pair[1], to_y - y)
                    to_x -= 6
                bend = (to_x - x) / 2
                pieces.append(
                    f"H{px(to_x)}" if abs(to_y - y) < 0.5
                    else f"C{px(x + bend)} {px(y)} {px(to_x - bend)} {px(to_y)} {px(to_x)} {px(to_y)}"
                )  # fmt: skip
                if spot == way[1]:
                    gap_end, label_y = to_x, (y + to_y) / 2
                if spot != pair[1]:
                    to_x += self.node_width
                    pieces.append(f"H{px(to_x)}")
                x, y = to_x, to_y
            self.drawing.paths[pair] = "".join(pieces)
            self.drawing.heads[pair] = (x + 6, y, "right")
            start = self.column_x[self.layout.layer[pair[0]]] + self.node_width
            half, beside = self.halves[self.layout.layer[pair[0]] + 1]
            # Ways forward are named in the left part of a gap, ways back in its right part.
            gap_end = start + half if beside else gap_end
            straight = abs(self._middle(pair[0]) - self._middle(way[1])) < 0.5
            self._label(pair, (start + gap_end) / 2, label_y - (16 if straight else 0))

    def _spread(self, ends: dict[str, int], target: str, slope: float) -> float:
        """Several arrows into one step end at different heights."""
        number = ends.get(target, 0)
        ends[target] = number + 1
        if not number:
            return 0.0
        size = min(6.0 * ((number + 1) // 2), self.node_height / 2 - 6)
        return size if slope < 0 else -size

    def _back(self) -> None:
        """Out to the right, down into a channel of its own, back, and up into the target."""
        layer = self.layout.layer
        ranked = sorted(self.layout.back, key=lambda p: (layer[p[0]] - layer[p[1]], p))
        for pair in ranked:
            if self._adjoining(*pair):
                self._back_across(pair)
                continue
            source, target = (self.drawing.nodes[name] for name in pair)
            self.floor += CHANNEL
            y = self.floor
            out = self._turn(layer[pair[0]] + 1, rightward=True)
            into = self._turn(layer[pair[1]], rightward=False)
            start_y = source.y + source.height - 10
            end_y = target.y + target.height - 8
            self.drawing.paths[pair] = (
                f"M{px(source.x + source.width)} {px(start_y)}H{px(out - 6)}"
                f"Q{px(out)} {px(start_y)} {px(out)} {px(start_y + 6)}"
                f"V{px(y - 8)}Q{px(out)} {px(y)} {px(out - 8)} {px(y)}H{px(into + 8)}"
                f"Q{px(into)} {px(y)} {px(into)} {px(y - 8)}V{px(end_y + 6)}"
                f"Q{px(into)} {px(end_y)} {px(min(into + 6, target.x - 6))} {px(end_y)}H{px(target.x - 6)}"
            )
            self.drawing.heads[pair] = (target.x, end_y, "right")
            self._label(pair, (out + into) / 2, y)

    def _back_across(self, pair: tuple[str, str]) -> None:
        """From the left side of the source to the right side of the target, through the gap."""
        source, target = (self.drawing.nodes[name] for name in pair)
        x, y = source.x, source.y + self.node_height - 9
        to_x, to_y = target.x + target.width + 6, target.y + self.node_height - 9
        bend = (x - to_x) / 2
        self.drawing.paths[pair] = (
            f"M{px(x)} {px(y)}C{px(x - bend)} {px(y)} {px(to_x + bend)} {px(to_y)} {px(to_x)} {px(to_y)}"
        )
        self.drawing.heads[pair] = (to_x - 6, to_y, "left")
        level = abs(y - to_y) < 0.5
        middle = x - self.halves[self.layout.layer[pair[0]]][1] / 2
        self._label(pair, middle, y + 14 if level else y + (to_y - y) * (x - middle) / (x - to_x))

    def _turn(self, gap: int, *, rightward: bool) -> float:
        """A free upright track in a gap: from its left side going out, its right side coming in."""
        self.turned[gap] += 1
        shift = 8.0 + 8.0 * (self.turned[gap] - 1)
        if rightward:
            return self.column_x[gap - 1] + self.node_width + shift
        return self.column_x[gap] - shift - 6
