"""Lines over time: a chart with axes, and the little one in a KPI tile."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clm.core.web.charts.base import (
    Chart,
    Number,
    finite,
    joined,
    px,
    shown,
    svg_frame,
    width_of,
)

STROKES = ("ln", "ln ln-2", "ln ln-3")
_KEYS = ("f-data", "f-ink", "h3f")


@dataclass(frozen=True)
class Series:
    """A named row of values, one for each label; None where nothing was measured."""

    name: str
    values: Sequence[Number | None]


def nice_step(span: float, count: int = 4) -> float:
    """A step of 1, 2 or 5 times a power of ten that cuts `span` into about `count` pieces."""
    rough = span / count
    if not rough > 0:
        return 1.0
    power = 1.0
    while power * 10 <= rough:
        power *= 10
    while power > rough:
        power /= 10
    return next((power * f for f in (1, 2, 5) if power * f >= rough), power * 10)


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Neighbouring measured points; a gap breaks the line."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _path(run: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{px(x)} {px(y)}" for x, y in run)


def line(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    target: Number | None = None,
    width: int = 560,
    height: int = 200,
    from_zero: bool = True,
    first: str = "",
) -> Chart:
    """
    Series over the same labels with an axis of round numbers and a dashed target.

    :param first: what the labels are, in the table's first column; without it, when
    :raises ValueError: a series has another number of values than there are labels
    """
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name}: one value for each label is needed")
    known = [finite(v) for one in series for v in one.values if v is not None]
    if target is not None:
        known.append(finite(target))
    low, high = min([*known, 0.0] if from_zero or not known else known), max(known, default=1.0)
    step = nice_step((high - low) or abs(high) or 1.0)
    bottom, top = step * (low // step), step * -(-high // step)
    if top <= bottom:
        top = bottom + step
    ticks = [bottom + step * i for i in range(round((top - bottom) / step) + 1)]
    left = max(width_of(shown(round(tick, 6)), 11) for tick in ticks) + 10
    right, base = width - 6.0, height - 22.0

    def at(index: int, value: float) -> tuple[float, float]:
        across = (right - left) / max(len(labels) - 1, 1)
        return left + index * across, 8 + (top - value) / (top - bottom) * (base - 8)

    pieces: list[SafeString] = []
    for tick in ticks:
        y = at(0, tick)[1]
        pieces.append(
            format_html(
                '<path class="ax" d="M{} {}H{}"/><text class="s e" x="{}" y="{}">{}</text>',
                px(left), px(y), px(right), px(left - 6), px(y + 4), shown(round(tick, 6)),
            )
        )  # fmt: skip
    pieces += _label_texts(labels, at=lambda i: at(i, bottom)[0], y=height - 4.0, room=right - left)
    if target is not None:
        y = at(0, finite(target))[1]
        pieces.append(format_html('<path class="ax-d" d="M{} {}H{}"/>', px(left), px(y), px(right)))
    for number, one in enumerate(series):
        points = [None if v is None else at(i, finite(v)) for i, v in enumerate(one.values)]
        for run in _runs(points):
            pieces.append(format_html('<path class="{}" d="{}"/>', STROKES[number % 3], _path(run)))
            pieces.append(
                format_html(
                    '<circle class="{}" cx="{}" cy="{}" r="2.5"/>',
                    _KEYS[number % 3], px(run[-1][0]), px(run[-1][1]),
                )
            )  # fmt: skip
    legend = format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg class="key" aria-hidden="true"><rect class="{}" width="8" height="8" rx="2"/>'
            "</svg>{}</li>",
            ((_KEYS[i % 3], one.name) for i, one in enumerate(series)),
        ),
    )
    ends = ", ".join(f"{s.name} {shown(v)}" for s in series for v in [_last(s)] if v is not None)
    return Chart(
        svg=svg_frame(width=width, height=height, label=f"{title}: {ends}", body=joined(pieces)),
        title=title,
        headers=[first or _("When"), *(one.name for one in series)],
        rows=[
            [
                label,
                *("–" if one.values[i] is None else shown(one.values[i] or 0) for one in series),
            ]
            for i, label in enumerate(labels)
        ],
        legend=legend if len(series) > 1 else "",
    )


def _last(series: Series) -> Number | None:
    return next((v for v in reversed(series.values) if v is not None), None)


def _label_texts(labels: Sequence[str], *, at: object, y: float, room: float) -> list[SafeString]:
    place = at if callable(at) else (lambda _index: 0.0)
    if not labels:
        return []
    widest = max(width_of(label, 11) for label in labels) + 12
    every = max(1, -(-len(labels) * int(widest) // max(int(room), 1)))
    last = len(labels) - 1
    return [
        format_html(
            '<text class="s {}" x="{}" y="{}">{}</text>',
            "" if i == 0 else "e" if i == last else "m",
            px(place(i)),
            px(y),
            label,
        )
        for i, label in enumerate(labels)
        if i % every == 0 and (i == last or last - i >= every or i == 0)
    ]


def spark(
    values: Sequence[Number], *, title: str, target: Number | None = None, width: int = 96
) -> Chart:
    """A trend without axes for a KPI tile; its numbers stand in the table."""
    height = 32.0
    known = [finite(v) for v in values] + ([finite(target)] if target is not None else [])
    low, high = min(known, default=0.0), max(known, default=1.0)
    span = (high - low) or 1.0

    def y_of(value: float) -> float:
        return 4 + (high - value) / span * (height - 8)

    across = (width - 4) / max(len(values) - 1, 1)
    points = [(1 + i * across, y_of(finite(v))) for i, v in enumerate(values)]
    pieces: list[SafeString] = []
    if target is not None:
        y = y_of(finite(target))
        pieces.append(format_html('<path class="ax-d" d="M0 {}H{}"/>', px(y), px(width)))
    if points:
        pieces.append(format_html('<path class="ln" d="{}"/>', _path(points)))
        x, y = points[-1]
        pieces.append(format_html('<circle class="f-data" cx="{}" cy="{}" r="2.5"/>', px(x), px(y)))
    label = f"{title}: " + (f"{shown(values[0])} → {shown(values[-1])}" if values else "–")
    return Chart(
        svg=svg_frame(width=width, height=height, label=label, body=joined(pieces), css="spark"),
        title=title,
        headers=["#", title],
        rows=[[str(i + 1), shown(v)] for i, v in enumerate(values)],
    )
