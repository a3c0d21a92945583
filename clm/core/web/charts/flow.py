"""The directly-follows graph of a process: steps, how many went where, and where they waited."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clm.core.web.charts.base import Chart, Number, fit, joined, px, shown, svg_frame, width_of
from clm.core.web.charts.layout import Layout, Spot, arrange

NODE_HEIGHT = 46.0
LANE = 86.0
CHANNEL = 30.0
MARGIN = 12.0
LABEL = 16.0


@dataclass(frozen=True)
class FlowNode:
    """
    A step.

    :param heat: 1 to 4 on the friction scale, 0 for none; `score` is the number beside it
    :param end: people left here
    """

    name: str
    count: Number
    heat: int = 0
    score: str = ""
    end: bool = False
    selected: bool = False
    url: str = ""


@dataclass(frozen=True)
class FlowEdge:
    """From one step to the next: how many, and the chosen measure as the label."""

    source: str
    target: str
    count: Number
    label: str
    heat: int = 1
    dashed: bool = False


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


class _Pen:
    """Turns a layout into coordinates: columns with gaps, lanes, and channels for ways back."""

    def __init__(
        self, nodes: Sequence[FlowNode], edges: Sequence[FlowEdge], layout: Layout
    ) -> None:
        self.layout = layout
        self.edges = {(e.source, e.target): e for e in edges}
        self.drawing = Drawing()
        longest = max((width_of(node.name) for node in nodes), default=80.0)
        self.node_width = min(max(longest + 20, 100.0), 170.0)
        self.column_x: list[float] = []
        self.gaps: list[float] = []
        self._columns()
        self.top = MARGIN + (34.0 if any(a == b for a, b in self.edges) else 0.0)
        for node in nodes:
            self.drawing.nodes[node.name] = Box(
                self.column_x[layout.layer[node.name]],
                self.top + layout.lane[node.name] * LANE,
                self.node_width,
                NODE_HEIGHT,
            )
        self.floor = self.top + max(layout.lanes, 1) * LANE - (LANE - NODE_HEIGHT)
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
        return self.top + self.layout.lane[spot] * LANE + NODE_HEIGHT / 2

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
        size = min(6.0 * ((number + 1) // 2), NODE_HEIGHT / 2 - 6)
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
        x, y = source.x, source.y + NODE_HEIGHT - 9
        to_x, to_y = target.x + target.width + 6, target.y + NODE_HEIGHT - 9
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


def flow(
    nodes: Sequence[FlowNode],
    edges: Sequence[FlowEdge],
    *,
    title: str,
    measure: str = "",
) -> Chart:
    """
    The graph: width of a way is its count, its colour the heat, its label the chosen measure.

    Every edge given is drawn and stands in the table, so that counts can be added up.

    :raises ValueError: an edge names an unknown step, or a step or edge is given twice
    """
    drawing = draw(nodes, edges)
    most = max((float(edge.count) for edge in edges), default=1.0) or 1.0
    pieces: list[SafeString] = []
    for edge in sorted(edges, key=lambda e: float(e.count)):
        pieces.append(_way(edge, drawing, most))
    pieces += [_label_of(edge, drawing) for edge in edges]
    pieces += [_step(node, drawing) for node in nodes]
    return Chart(
        svg=svg_frame(
            width=drawing.width,
            height=drawing.height,
            label=title,
            body=joined(pieces),
            css="flow",
            group=True,
        ),
        title=title,
        headers=[_("From"), _("To"), _("Number"), measure or _("Wait")],
        rows=[[edge.source, edge.target, shown(edge.count), edge.label] for edge in edges],
    )


def _way(edge: FlowEdge, drawing: Drawing, most: float) -> SafeString:
    pair = (edge.source, edge.target)
    thick = 1.5 + 6.5 * (float(edge.count) / most) ** 0.5
    x, y, toward = drawing.heads[pair]
    half = max(thick / 2 + 2.5, 4.0)
    if toward == "left":
        points = f"{px(x + 8)},{px(y - half)} {px(x + 8)},{px(y + half)} {px(x)},{px(y)}"
    elif toward == "right":
        points = f"{px(x - 8)},{px(y - half)} {px(x - 8)},{px(y + half)} {px(x)},{px(y)}"
    else:
        points = f"{px(x - half)},{px(y - 8)} {px(x + half)},{px(y - 8)} {px(x)},{px(y)}"
    heat = f"e{min(max(edge.heat, 1), 4)}"
    return format_html(
        '<path class="ed {}{}" d="{}" stroke-width="{}"><title>{}</title></path>'
        '<polygon class="hd {}" points="{}"/>',
        heat,
        " out" if edge.dashed else "",
        drawing.paths[pair],
        px(thick),
        f"{edge.source} → {edge.target}: {shown(edge.count)}, {edge.label}",
        heat,
        points,
    )


def _label_of(edge: FlowEdge, drawing: Drawing) -> SafeString:
    box = drawing.labels[edge.source, edge.target]
    return format_html(
        '<g class="lb{}"><rect x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<text x="{}" y="{}">{}</text></g>',
        " hot" if edge.heat >= 4 else "",
        px(box.x),
        px(box.y),
        px(box.width),
        px(box.height),
        px(box.x + box.width / 2),
        px(box.y + 12),
        edge.label,
    )


def _step(node: FlowNode, drawing: Drawing) -> SafeString:
    box = drawing.nodes[node.name]
    count = shown(node.count)
    spoken = f"{node.name}, {count}" + (
        ", " + _("friction %(score)s") % {"score": node.score} if node.score else ""
    )
    heat = SafeString("")
    if node.heat:
        heat = format_html(
            '<rect class="h{}f" x="{}" y="{}" width="8" height="8" rx="2"/>'
            '<text class="s e" x="{}" y="{}">{}</text>',
            min(max(node.heat, 1), 4),
            px(box.x + box.width - 16 - width_of(node.score, 11) - 6),
            px(box.y + 28),
            px(box.x + box.width - 8),
            px(box.y + 36),
            node.score,
        )
    body = format_html(
        '<g class="n{}{}"><rect x="{}" y="{}" width="{}" height="{}" rx="6"/>'
        '<text x="{}" y="{}">{}<title>{}</title></text><text class="s" x="{}" y="{}">{}</text>{}</g>',
        " sel" if node.selected else "",
        " end" if node.end else "",
        px(box.x),
        px(box.y),
        px(box.width),
        px(box.height),
        px(box.x + 10),
        px(box.y + 19),
        fit(node.name, box.width - 18),
        node.name,
        px(box.x + 10),
        px(box.y + 36),
        count,
        heat,
    )
    if node.url:
        return format_html('<a href="{}" aria-label="{}">{}</a>', node.url, spoken, body)
    return body
