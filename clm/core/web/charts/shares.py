"""Bars, one bar in parts, and a funnel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clm.core.web.charts.base import (
    FILLS,
    Chart,
    Number,
    finite,
    fit,
    joined,
    px,
    shown,
    svg_frame,
    width_of,
)

#: As wide as a card on a telephone; a drawing that is wider comes in this width besides.
SLIM = 302


@dataclass(frozen=True)
class Part:
    """
    One named value.

    :param text: how the value is written, by default in the reader's notation
    :param kind: its meaning as a colour, one of `FILLS`
    """

    label: str
    value: Number
    text: str = ""
    kind: str = "data"

    @property
    def written(self) -> str:
        return self.text or shown(self.value)


def _slim(draw: Callable[..., Chart], parts: Sequence[Part], title: str, width: int) -> SafeString:
    return draw(parts, title=title, width=SLIM).svg if width > SLIM else SafeString("")


def _fill(kind: str) -> str:
    return FILLS.get(kind, "f-data")


def _spoken(title: str, parts: Sequence[Part]) -> str:
    return f"{title}: " + ", ".join(f"{part.label} {part.written}" for part in parts)


def bars(parts: Sequence[Part], *, title: str, width: int = SLIM, unit: str = "") -> Chart:
    """Horizontal bars from a common zero, values at the right; negative ones go left of it."""
    label_room = min(max([width_of(p.label) for p in parts], default=0) + 12, width * 0.48)
    value_room = max([width_of(p.written) for p in parts], default=0) + 14
    room = max(width - label_room - value_room, 20.0)
    highest = max([finite(p.value) for p in parts] + [0.0])
    lowest = min([finite(p.value) for p in parts] + [0.0])
    scale = room / ((highest - lowest) or 1.0)
    zero = label_room - lowest * scale
    pieces = []
    for index, part in enumerate(parts):
        y = index * 24
        size = abs(finite(part.value)) * scale
        x = zero if finite(part.value) >= 0 else zero - size
        pieces.append(
            format_html(
                '<text x="0" y="{}">{}<title>{}</title></text>'
                '<rect class="{}" x="{}" y="{}" width="{}" height="11" rx="2"/>'
                '<text class="v e" x="{}" y="{}">{}</text>',
                px(y + 15),
                fit(part.label, label_room - 8),
                part.label,
                _fill(part.kind),
                px(x),
                px(y + 6),
                px(max(size, 1.0 if finite(part.value) else 0.0)),
                px(width),
                px(y + 15),
                part.written,
            )
        )
    height = max(len(parts) * 24, 24)
    if lowest < 0:
        pieces.insert(0, format_html('<path class="ax" d="M{} 0V{}"/>', px(zero), px(height)))
    return Chart(
        svg=svg_frame(width=width, height=height, label=_spoken(title, parts), body=joined(pieces)),
        title=title,
        headers=[title, unit or _("Value")],
        rows=[[part.label, part.written] for part in parts],
        slim=_slim(bars, parts, title, width),
    )


def stacked(parts: Sequence[Part], *, title: str, width: int = SLIM) -> Chart:
    """One bar whose parts make up the whole; the legend is the table itself."""
    values = [max(finite(part.value), 0.0) for part in parts]
    total = sum(values)
    shares = [value / total if total else 0.0 for value in values]
    drawn = [i for i, share in enumerate(shares) if share > 0]
    room = width - 2.0 * max(len(drawn) - 1, 0)
    x, pieces = 0.0, []
    for index in drawn:
        size = shares[index] * room
        pieces.append(
            format_html(
                '<rect class="{}" x="{}" width="{}" height="12" rx="2"><title>{}</title></rect>',
                _fill(parts[index].kind),
                px(x),
                px(size),
                f"{parts[index].label}: {parts[index].written}",
            )
        )
        x += size + 2
    rows = [
        [p.label, p.written, f"{shown(round(s * 100, 1))} %"]
        for p, s in zip(parts, shares, strict=True)
    ]
    legend = format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg class="key" aria-hidden="true"><rect class="{}" width="8" height="8" rx="2"/>'
            "</svg>{} {} · {}</li>",
            ((_fill(p.kind), *row) for p, row in zip(parts, rows, strict=True)),
        ),
    )
    spoken = f"{title}: " + ", ".join(f"{row[0]} {row[2]}" for row in rows)
    return Chart(
        svg=svg_frame(width=width, height=12, label=spoken, body=joined(pieces)),
        title=title,
        headers=[title, _("Number"), _("Share")],
        rows=rows,
        legend=legend,
    )


def funnel(parts: Sequence[Part], *, title: str, width: int = 480) -> Chart:
    """Steps that follow one another, each with the share that came from the step before."""
    highest = max([finite(p.value) for p in parts] + [0.0]) or 1.0
    label_room = min(max([width_of(p.label) for p in parts], default=0) + 14, width * 0.4)
    value_room = 104.0 if width > SLIM else 92.0
    room = max(width - label_room - value_room, 20.0)
    pieces: list[SafeString] = []
    rows = []
    for index, part in enumerate(parts):
        before = finite(parts[index - 1].value) if index else 0.0
        share = f"{shown(round(finite(part.value) / before * 100, 1))} %" if before > 0 else "–"
        size = max(finite(part.value), 0.0) / highest * room
        y = index * 34
        pieces.append(
            format_html(
                '<text x="0" y="{}">{}<title>{}</title></text>'
                '<rect class="f-line" x="{}" y="{}" width="{}" height="20" rx="3"/>'
                '<rect class="{}" x="{}" y="{}" width="{}" height="20" rx="3"/>'
                '<text class="v e" x="{}" y="{}">{}</text><text class="s e" x="{}" y="{}">{}</text>',
                px(y + 19),
                fit(part.label, label_room - 8),
                part.label,
                px(label_room),
                px(y + 4),
                px(room),
                _fill(part.kind),
                px(label_room),
                px(y + 4),
                px(size),
                px(width - (50 if width > SLIM else 44)),
                px(y + 19),
                part.written,
                px(width),
                px(y + 19),
                share if index else "",
            )
        )
        rows.append([part.label, part.written, share])
    height = max(len(parts) * 34, 34)
    return Chart(
        svg=svg_frame(width=width, height=height, label=_spoken(title, parts), body=joined(pieces)),
        title=title,
        headers=[title, _("Number"), _("Of the step before")],
        rows=rows,
        slim=_slim(funnel, parts, title, width),
    )
