"""
The map as one SVG with named layers, which design tools show as such.

A layer is a group whose `id` and `inkscape:label` say what is on it (Figma names layers by id,
Inkscape by label): headings, steps, one for each lane, emotions a persona each, friction.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clm.core.web.charts.base import joined, px, signed, width_of
from journeys.exports.content import LaneTold, MapTold, StepTold

COLUMN, LEFT, PAD, LINE = 168.0, 150.0, 10.0, 16.0
CURVE = 230.0
INK, SOFT, LINES, PAPER, SUNKEN, ACCENT = (
    "#14212b", "#52626e", "#d8dfe4", "#ffffff", "#f0f3f5", "#0b5a80",
)  # fmt: skip
HEATS = ("#dde4ea", "#f5dcae", "#e7b46c", "#d98a72")
#: A persona's curve, by its place among them.
STROKES = (ACCENT, "#8a4b08", "#1d6b41", "#6b3fa0")
NOTES = {"pain": "#fbe9e7", "idea": "#e2eff6", "dna": "#e2eff6", "solution": "#e4f3ea"}
_FORBIDDEN = re.compile(r"[^0-9A-Za-zÆØÅæøåÄÖÜäöüÉé]+")


def svg(told: MapTold) -> str:
    """The whole map; whatever text is on it is escaped."""
    names = _Names()
    width = LEFT + COLUMN * max(len(told.steps), 1)
    y = 64.0
    layers = [_title(told, names)]
    heads, y = _heads(told.steps, y, names)
    layers.append(heads)
    for lane in told.above:
        layer, y = _lane(lane, y, width, names)
        layers.append(layer)
    layers += _feelings(told, y, width, names)
    y += CURVE
    for lane in told.below:
        layer, y = _lane(lane, y, width, names)
        layers.append(layer)
    return format_html(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg"'
        ' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" width="{}" height="{}"'
        ' viewBox="0 0 {} {}" xml:lang="{}" font-family="Inter, Helvetica, Arial, sans-serif"'
        ' font-size="12" fill="{}" role="img"><title>{}</title>'
        '<rect id="Paper" width="100%" height="100%" fill="{}"/>{}</svg>\n',
        px(width), px(y + PAD), px(width), px(y + PAD), told.language, INK, _shown(told.title), PAPER,
        joined(layers),
    )  # fmt: skip


def curve_only(told: MapTold) -> str:
    """Emotions and friction alone, for paper; `svg` has them among the rest."""
    names = _Names()
    width = COLUMN * max(len(told.steps), 1)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="{} 0 {} {}"'
        ' font-size="13" fill="{}">{}</svg>',
        px(width), px(CURVE), px(LEFT), px(width), px(CURVE), INK,
        joined(_feelings(told, 0, LEFT + width, names, plain=True)),
    )  # fmt: skip


class _Names:
    """Ids that say what they name, each once."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, text: str) -> str:
        name = _FORBIDDEN.sub("_", text).strip("_")[:60] or "Layer"
        name = name if name[0].isalpha() else f"L_{name}"
        self._seen[name] = self._seen.get(name, 0) + 1
        return name if self._seen[name] == 1 else f"{name}_{self._seen[name]}"


def _layer(
    names: _Names, label: str, body: Sequence[SafeString], plain: bool = False
) -> SafeString:
    if plain:
        return joined(body)
    return format_html(
        '<g id="{}" inkscape:groupmode="layer" inkscape:label="{}">{}</g>\n',
        names.of(label), _shown(label), joined(body),
    )  # fmt: skip


def wrapped(text: str, room: float, size: float = 12.0) -> list[str]:
    """A text in lines that fit; what is longer than a line by itself is broken."""
    lines: list[str] = []
    for paragraph in _shown(text).split("\n"):
        line = ""
        for word in paragraph.split() or [""]:
            while width_of(word, size) > room and len(word) > 1:
                cut = max(next(
                    (n for n in range(len(word), 0, -1) if width_of(word[:n], size) <= room), 1
                ), 1)  # fmt: skip
                if line:
                    lines.append(line)
                    line = ""
                lines.append(word[:cut])
                word = word[cut:]
            longer = f"{line} {word}".strip()
            if line and width_of(longer, size) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _shown(text: str) -> str:
    # XML has no other control characters, not even escaped.
    return "".join(one for one in text if one == "\n" or ord(one) >= 32)


def _text(
    x: float, y: float, lines: Sequence[str], *, size: float = 12, weight: int = 400,
    fill: str = INK, style: str = "normal",
) -> SafeString:  # fmt: skip
    spans = format_html_join(
        "", '<tspan x="{}" y="{}">{}</tspan>',
        ((px(x), px(y + i * LINE), line) for i, line in enumerate(lines)),
    )  # fmt: skip
    return format_html(
        '<text font-size="{}" font-weight="{}" font-style="{}" fill="{}">{}</text>',
        px(size), weight, style, fill, spans,
    )  # fmt: skip


def _rect(
    x: float, y: float, width: float, height: float, fill: str, *, stroke: str = "none",
    round_: int = 0,
) -> SafeString:  # fmt: skip
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}"/>',
        px(x), px(y), px(width), px(height), round_, fill, stroke,
    )  # fmt: skip


def _title(told: MapTold, names: _Names) -> SafeString:
    title = _text(PAD, 28, [_shown(told.title)], size=20, weight=600)
    return _layer(names, _("Title"), [title, _text(PAD, 48, [told.lead], fill=SOFT)])


def _heads(steps: Sequence[StepTold], y: float, names: _Names) -> tuple[SafeString, float]:
    body: list[SafeString] = []
    if any(one.phase for one in steps):
        for index, one in enumerate(steps):
            x = LEFT + index * COLUMN
            body.append(_rect(x, y, COLUMN, 24, SUNKEN, stroke=LINES))
            if one.phase and (not index or steps[index - 1].phase != one.phase):
                body.append(_text(x + PAD, y + 16, wrapped(one.phase, COLUMN)[:1], weight=600,
                                  fill=SOFT))  # fmt: skip
        y += 24
    titles = [wrapped(one.title, COLUMN - 2 * PAD, 14) for one in steps]
    height = 30 + LINE * max((len(one) for one in titles), default=1)
    for index, one in enumerate(steps):
        x = LEFT + index * COLUMN
        body.append(_rect(x, y, COLUMN, height, PAPER, stroke=LINES))
        if one.friction is not None:
            body.append(_rect(x, y, COLUMN, 4, HEATS[min(one.friction // 25, 3)]))
        body.append(_text(x + PAD, y + 22, titles[index], size=13, weight=600))
        if one.volume:
            volume = _("%(n)s cases") % {"n": one.volume}
            body.append(_text(x + PAD, y + height - 8, [volume], size=11, fill=SOFT))
    return _layer(names, _("Steps"), body), y + height


def _lane(lane: LaneTold, y: float, width: float, names: _Names) -> tuple[SafeString, float]:
    room = COLUMN - 2 * PAD - 12
    cells = [[wrapped(text, room) for text in cell] for cell in lane.cells]
    tall = [sum(len(lines) * LINE + 16 for lines in cell) for cell in cells]
    head = wrapped(lane.name, LEFT - 2 * PAD, 13)
    height = max([len(head) * LINE + 22, *(one + 12 for one in tall)])
    body = [
        _rect(0, y, LEFT, height, SUNKEN, stroke=LINES),
        _text(PAD, y + 22, head, weight=600),
        _rect(LEFT, y, width - LEFT, height, "none", stroke=LINES),
    ]
    for index, cell in enumerate(cells):
        top = y + 8
        for lines in cell:
            box = len(lines) * LINE + 10
            x = LEFT + index * COLUMN + PAD
            style = "italic" if lane.kind == "thoughts" else "normal"
            card = [
                _rect(x, top, COLUMN - 2 * PAD, box, NOTES.get(lane.kind, SUNKEN), round_=4),
                _text(x + 6, top + 17, lines, style=style),
            ]
            name = names.of(f"Card {lines[0][:30]}")
            body.append(format_html('<g id="{}">{}</g>', name, joined(card)))
            top += box + 6
    return _layer(names, lane.name, body), y + height


def _feelings(
    told: MapTold, y: float, width: float, names: _Names, plain: bool = False
) -> list[SafeString]:
    """Friction behind, then a layer for each persona's curve."""
    zero, unit, floor = y + CURVE / 2 - 8, (CURVE - 60) / 4, y + CURVE
    grid = [
        format_html(
            '<path d="M{} {}H{}" stroke="{}"{}/>', px(LEFT), px(zero - v * unit), px(width), LINES,
            SafeString(' stroke-dasharray="3 3"') if not v else "",
        )
        for v in (2, 1, 0, -1, -2)
    ]  # fmt: skip
    marks = [_text(LEFT + 4, zero - v * unit - 4, [signed(v)], size=11, fill=SOFT)
             for v in (2, 0, -2)]  # fmt: skip
    head = [
        _rect(0, y, LEFT, CURVE, SUNKEN, stroke=LINES),
        _text(PAD, y + 22, [_("Emotion")], weight=600),
        _text(PAD, y + 40, wrapped(_("felt, −2 to +2"), LEFT - 2 * PAD), size=11, fill=SOFT),
        _text(PAD, y + 62, [_("Friction")], weight=600),
        _text(PAD, y + 80, wrapped(_("measured, 0 to 100"), LEFT - 2 * PAD), size=11, fill=SOFT),
    ]
    columns: list[SafeString] = []
    for index, one in enumerate(told.steps):
        if one.friction is None:
            continue
        x = LEFT + (index + 0.5) * COLUMN
        tall = max(one.friction / 100 * (CURVE - 40), 18)
        columns.append(
            _rect(x - 22, floor - tall, 44, tall, HEATS[min(one.friction // 25, 3)], round_=3)
        )
        columns.append(_text(x - 8, floor - 6, [str(one.friction)], weight=600))
    layers = [_layer(names, _("Friction"), [*grid, *columns, *([] if plain else head), *marks],
                     plain)]  # fmt: skip
    for number, felt in enumerate(told.felt):
        layers.append(
            _layer(
                names, _("Emotion %(who)s") % {"who": felt.name},
                _one_curve(felt.values, zero, unit, STROKES[number % len(STROKES)]), plain,
            )
        )  # fmt: skip
    return layers


def _one_curve(
    values: Sequence[Decimal | None], zero: float, unit: float, stroke: str
) -> list[SafeString]:
    body: list[SafeString] = []
    drawn, before = "", None
    for index, value in enumerate(values):
        if value is None:
            before = None
            continue
        x, y = LEFT + (index + 0.5) * COLUMN, zero - float(value) * unit
        if before is None:
            drawn += f"M{px(x)} {px(y)}"
        else:
            half = (before[0] + x) / 2
            drawn += f"C{px(half)} {px(before[1])} {px(half)} {px(y)} {px(x)} {px(y)}"
        before = (x, y)
        body.append(
            format_html(
                '<circle cx="{}" cy="{}" r="5" fill="{}" stroke="{}" stroke-width="2"/>',
                px(x), px(y), PAPER, stroke,
            )
        )  # fmt: skip
        body.append(_text(x + 9, y - 7, [signed(value)], weight=600, fill=stroke))
    line = format_html('<path d="{}" fill="none" stroke="{}" stroke-width="2.25"/>', drawn, stroke)
    return [line, *body] if drawn else []
