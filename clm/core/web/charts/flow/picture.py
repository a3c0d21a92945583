"""The drawing of a flow graph as SVG: width is how many, colour how long, the label what was asked for."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clm.core.web.charts.base import Chart, joined, px, shown, svg_frame, width_of
from clm.core.web.charts.flow.drawing import LINE, Drawing, draw, name_lines
from clm.core.web.charts.flow.graph import FlowEdge, FlowNode


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
    pieces += [_opened(edge, _label_of(edge, drawing)) for edge in edges]
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
        words=2,
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
    glow = SafeString("")
    if edge.heat >= 4:
        # Where people wait longest a halo draws the eye; the label says it in words as well.
        glow = format_html(
            '<path class="glow" d="{}" stroke-width="{}"/>', drawing.paths[pair], px(thick + 8)
        )
    return glow + format_html(
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


def _opened(edge: FlowEdge, label: SafeString) -> SafeString:
    """The label of a way as the link to who went it: one stop of the keyboard a way."""
    if not edge.url:
        return label
    spoken = f"{edge.source} → {edge.target}: {shown(edge.count)}, {edge.label}"
    return format_html('<a href="{}" aria-label="{}">{}</a>', edge.url, spoken, label)


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
    names = name_lines(node.name, box.width)
    # The number stands at the foot, the name in what is left above it.
    top = box.y + (box.height - 27 - LINE * (len(names) - 1)) / 2 + 10
    foot = top + LINE * (len(names) - 1) + 17
    heat = SafeString("")
    if node.heat:
        heat = format_html(
            '<rect class="h{}f" x="{}" y="{}" width="8" height="8" rx="2"/>'
            '<text class="s e" x="{}" y="{}">{}</text>',
            min(max(node.heat, 1), 4),
            px(box.x + box.width - 16 - width_of(node.score, 11) - 4),
            px(foot - 8),
            px(box.x + box.width - 8),
            px(foot),
            node.score,
        )
    body = format_html(
        '<g class="n{}{}"><rect x="{}" y="{}" width="{}" height="{}" rx="6"/>'
        '{}<text class="s" x="{}" y="{}">{}</text>{}<title>{}</title></g>',
        " sel" if node.selected else "",
        " end" if node.end else "",
        px(box.x),
        px(box.y),
        px(box.width),
        px(box.height),
        format_html_join(
            "", '<text x="{}" y="{}">{}</text>',
            ((px(box.x + 10), px(top + LINE * i), text) for i, text in enumerate(names)),
        ),
        px(box.x + 10),
        px(foot),
        count,
        heat,
        spoken,
    )  # fmt: skip
    if node.url:
        return format_html('<a href="{}" aria-label="{}">{}</a>', node.url, spoken, body)
    return body
