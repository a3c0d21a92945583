"""
The structure of owners as a picture: owners above, what they own below, ways back at the side.

Shape tells a person from an organisation, words tell who is a beneficial owner; colour only
repeats it. Every party within reach is a link that the keyboard reaches.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clm.core.web.charts.base import fit, joined, px, svg_frame, width_of
from clm.core.web.charts.flow.drawing import Box
from clm.core.web.charts.layout import Layout, Spot, arrange

WIDTH, HEIGHT = 172.0, 58.0
LANE, LAYER = WIDTH + 28.0, HEIGHT + 62.0
MARGIN, CHANNEL = 14.0, 26.0
MOST = 40


@dataclass(frozen=True, slots=True)
class Node:
    """
    A party as it is drawn.

    :param note: under the name: its effective share
    :param mark: a word that it carries, such as that it is a beneficial owner
    """

    id: str
    name: str
    person: bool
    note: str
    mark: str = ""
    url: str = ""
    masked: bool = False
    target: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """`owner` holds `label` of `company`; `weight` is the share of 1; `round` is part of a circle."""

    owner: str
    company: str
    weight: float
    label: str
    round: bool = False
    nominee: bool = False


def nearest(*, edges: Sequence[Edge], target: str, most: int = MOST) -> set[str]:
    """The parties that matter most to the target, by the product on their heaviest way to it."""
    owners: dict[str, list[Edge]] = {}
    for edge in edges:
        owners.setdefault(edge.company, []).append(edge)
    tie = count()
    heap: list[tuple[float, int, str]] = [(-1.0, next(tie), target)]
    chosen: set[str] = set()
    while heap and len(chosen) < most:
        product, _tie, party = heapq.heappop(heap)
        if party in chosen:
            continue
        chosen.add(party)
        for edge in owners.get(party, ()):
            heapq.heappush(heap, (product * edge.weight, next(tie), edge.owner))
    return chosen


def draw(*, nodes: Sequence[Node], edges: Sequence[Edge], title: str) -> SafeString:
    """The picture; edges between parties that are not drawn are left out."""
    drawn = {node.id for node in nodes}
    shown = [edge for edge in edges if edge.owner in drawn and edge.company in drawn]
    return _Picture(nodes, shown).svg(title)


class _Picture:
    """Rows of parties, ways between the rows, and channels at the side for ways back up."""

    def __init__(self, nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
        self.nodes = nodes
        self.edges = {(edge.owner, edge.company): edge for edge in edges}
        self.layout: Layout = arrange(
            nodes=[node.id for node in nodes],
            weights={pair: max(edge.weight, 0.001) for pair, edge in self.edges.items()},
        )
        self.lanes = max(self.layout.lanes, 1)
        self.boxes = {node.id: Box(*self._place(node.id), WIDTH, HEIGHT) for node in nodes}
        self.labels: list[Box] = []
        self.wanted: list[tuple[Edge, float, float]] = []
        self.back = [pair for pair in self.edges if pair in self.layout.back]
        width = MARGIN * 2 + self.lanes * LANE - (LANE - WIDTH)
        widest = max((width_of(self.edges[pair].label, 11) for pair in self.back), default=0.0)
        self.right = width - MARGIN
        self.width = width + (len(self.back) * CHANNEL + widest if self.back else 0.0)
        self.height = MARGIN * 2 + max(self.layout.layers, 1) * LAYER - (LAYER - HEIGHT)

    def _place(self, spot: Spot) -> tuple[float, float]:
        layer = self.layout.layer[spot]
        return MARGIN + self._lane(spot) * LANE, MARGIN + layer * LAYER

    def _lane(self, spot: Spot) -> float:
        """Alone in its row, a company stands in the middle under all who own it."""
        lane, layer = self.layout.lane, self.layout.layer
        beside = [one for one in layer if layer[one] == layer[spot]]
        owners = [lane[way[-2]] for way in self.layout.ways.values() if way[-1] == spot]
        if len(beside) > 1 or len(owners) < 2 or layer[spot] != 1:
            return lane[spot]
        return (min(owners) + max(owners)) / 2

    def svg(self, title: str) -> SafeString:
        ways = [self._down(pair) for pair in self.layout.ways if pair in self.edges]
        ways += [self._up(pair, number) for number, pair in enumerate(self.back)]
        labels = [self._label(edge, x, y) for edge, x, y in self.wanted]
        return svg_frame(
            width=self.width,
            height=self.height,
            label=title,
            body=joined([*ways, *labels, *(self._node(node) for node in self.nodes)]),
            css="flow owned",
            group=True,
        )

    def _ends(self, pair: tuple[str, str]) -> tuple[float, float]:
        """Where a way leaves its owner and enters its company: side by side, from left to right."""
        owner, company = pair
        out = sorted((p for p in self.layout.ways if p[0] == owner), key=self._lane_after)
        into = sorted((p for p in self.layout.ways if p[1] == company), key=self._lane_before)
        leave = self.boxes[owner].x + WIDTH * (out.index(pair) + 1) / (len(out) + 1)
        enter = self.boxes[company].x + WIDTH * (into.index(pair) + 1) / (len(into) + 1)
        return leave, enter

    def _lane_after(self, pair: tuple[str, str]) -> int:
        return self.layout.lane[self.layout.ways[pair][1]]

    def _lane_before(self, pair: tuple[str, str]) -> int:
        return self.layout.lane[self.layout.ways[pair][-2]]

    def _down(self, pair: tuple[str, str]) -> SafeString:
        edge, way = self.edges[pair], self.layout.ways[pair]
        leave, enter = self._ends(pair)
        points = [(leave, self.boxes[pair[0]].y + HEIGHT)]
        for spot in way[1:-1]:
            x, y = self._place(spot)
            points += [(x + WIDTH / 2, y - 8), (x + WIDTH / 2, y + HEIGHT + 8)]
        points.append((enter, self.boxes[pair[1]].y - 8))
        path = f"M{px(points[0][0])} {px(points[0][1])}"
        for (x1, y1), (x2, y2) in pairwise(points):
            middle = (y1 + y2) / 2
            path += f"C{px(x1)} {px(middle)} {px(x2)} {px(middle)} {px(x2)} {px(y2)}"
        (x1, y1), (x2, y2) = points[0], points[1]
        # Near the owner ways stand apart; half-way they may cross.
        self.wanted.append((edge, x1 + (x2 - x1) * 0.3, y1 + (y2 - y1) * 0.4))
        x, y = enter, self.boxes[pair[1]].y
        head = f"{px(x - 4.5)},{px(y - 8)} {px(x + 4.5)},{px(y - 8)} {px(x)},{px(y)}"
        return self._stroke(edge, path, head)

    def _up(self, pair: tuple[str, str], number: int) -> SafeString:
        edge = self.edges[pair]
        start, end = self.boxes[pair[0]], self.boxes[pair[1]]
        y1, y2 = start.y + HEIGHT * 0.5, end.y + HEIGHT * 0.5
        x1, x2 = start.x + WIDTH, end.x + WIDTH + 8
        channel = self.right + CHANNEL * (number + 1) - 8
        # To the side between the rows, where no party stands, then up the channel.
        under = start.y + HEIGHT + 14 + 4 * number
        over = end.y + HEIGHT + 14 + 4 * number
        if x1 >= self.right - 1:
            path = f"M{px(x1)} {px(y1)}H{px(channel - 8)}"
        else:
            middle = start.x + WIDTH * 0.85
            path = (
                f"M{px(middle)} {px(start.y + HEIGHT)}V{px(under - 6)}"
                f"Q{px(middle)} {px(under)} {px(middle + 6)} {px(under)}H{px(channel - 8)}"
            )
            y1 = under
        goal = y2 if end.x + WIDTH >= self.right - 1 else over
        step = 8.0 if goal < y1 else -8.0
        path += (
            f"Q{px(channel)} {px(y1)} {px(channel)} {px(y1 - step)}V{px(goal + step)}"
            f"Q{px(channel)} {px(goal)} {px(channel - 8)} {px(goal)}"
        )
        if goal == y2:
            path += f"H{px(x2)}"
            head = f"{px(x2)},{px(y2 - 4.5)} {px(x2)},{px(y2 + 4.5)} {px(x2 - 8)},{px(y2)}"
        else:
            x = end.x + WIDTH * 0.85
            path += (
                f"H{px(x + 6)}Q{px(x)} {px(goal)} {px(x)} {px(goal - 6)}V{px(end.y + HEIGHT + 8)}"
            )
            y = end.y + HEIGHT
            head = f"{px(x - 4.5)},{px(y + 8)} {px(x + 4.5)},{px(y + 8)} {px(x)},{px(y)}"
        self.wanted.append((edge, channel, (y1 + goal) / 2))
        return self._stroke(edge, path, head)

    def _stroke(self, edge: Edge, path: str, head: str) -> SafeString:
        heat = "e3" if edge.round else "e1"
        return format_html(
            '<path class="ed {}{}" d="{}" stroke-width="{}"/><polygon class="hd {}" points="{}"/>',
            heat,
            " out" if edge.nominee else "",
            path,
            px(1.5 + 3.0 * min(edge.weight, 1.0) ** 0.5),
            heat,
            head,
        )

    def _label(self, edge: Edge, x: float, y: float) -> SafeString:
        size = width_of(edge.label, 11) + 8
        box = Box(x - size / 2, y - 8, size, 16)
        taken = [*self.labels, *self.boxes.values()]
        for step in range(24):
            shift = (step + 1) // 2 * 5.0 * (1 if step % 2 else -1)
            moved = Box(box.x, box.y + shift, size, 16)
            if not any(moved.meets(other) for other in taken):
                box = moved
                break
        self.labels.append(box)
        return format_html(
            '<g class="lb"><rect x="{}" y="{}" width="{}" height="16" rx="3"/>'
            '<text x="{}" y="{}">{}</text></g>',
            px(box.x), px(box.y), px(box.width), px(box.x + box.width / 2), px(box.y + 12),
            edge.label,
        )  # fmt: skip

    def _node(self, node: Node) -> SafeString:
        box = self.boxes[node.id]
        kinds = [" sel" if node.mark else "", " tgt" if node.target else ""]
        kinds.append(" msk" if node.masked else "")
        spoken = ", ".join(filter(None, [node.name, node.mark, node.note]))
        texts = [("", fit(node.name, WIDTH - 24)), ("s", node.note)]
        if node.mark:
            texts.append(("s mk", node.mark))
        gap = 15.0
        top = box.y + (HEIGHT - gap * (len(texts) - 1)) / 2 + 4
        body = format_html(
            '<g class="n{}"><rect x="{}" y="{}" width="{}" height="{}" rx="{}"/>{}'
            "<title>{}</title></g>",
            "".join(kinds),
            px(box.x), px(box.y), px(WIDTH), px(HEIGHT), px(HEIGHT / 2 if node.person else 6.0),
            format_html_join(
                "", '<text class="m {}" x="{}" y="{}">{}</text>',
                ((css, px(box.x + WIDTH / 2), px(top + gap * i), text)
                 for i, (css, text) in enumerate(texts) if text),
            ),
            spoken,
        )  # fmt: skip
        if node.url:
            return format_html('<a href="{}" aria-label="{}">{}</a>', node.url, spoken, body)
        return body
