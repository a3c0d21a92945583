"""Felt emotion against measured friction, on one axis of steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clm.core.web.charts import Chart
from clm.core.web.charts.base import joined, px, shown, signed, svg_frame
from clm.core.web.words import duration, percent

#: How wide a step is drawn, the same as a column of the map: with room where steps are few.
COLUMN, WIDE, FEW = 124, 168, 5
HEIGHT = 244
_ZERO, _UNIT = 118.0, 50.0
_TALLEST = 190.0


@dataclass(frozen=True)
class Point:
    """
    One step.

    :param key: what tells the step apart where its feeling can be set
    :param felt: -2 to +2; `other` is that of the map beside
    :param friction: 0 to 100, None where nothing is measured; `wait` in seconds and `lost` as a
        share belong to it
    """

    key: str
    name: str
    felt: Decimal | None = None
    other: Decimal | None = None
    friction: int | None = None
    wait: float | None = None
    lost: float | None = None


def curve(
    points: Sequence[Point],
    *,
    title: str,
    other: str = "",
    sliders: bool = False,
    column: int = COLUMN,
) -> Chart:
    """
    The curve of feelings before the columns of friction; the table tells the same.

    :param other: what the dashed curve is called; empty for none
    :param sliders: each point is a slider, which pages let people drag and press
    """
    width = column * max(len(points), 1)
    at = [column * (index + 0.5) for index in range(len(points))]
    pieces = [_axis(width), *(_column(x, one) for x, one in zip(at, points, strict=True))]
    if other:
        pieces.append(_line("emo-t", at, [one.other for one in points]))
    pieces.append(_line("emo", at, [one.felt for one in points]))
    shown_as = _slider if sliders else _point
    pieces += [shown_as(x, one) for x, one in zip(at, points, strict=True)]
    headers = [_("Step"), _("Felt")] + ([other] if other else [])
    headers += [_("Friction"), _("Median wait after"), _("Given up")]
    return Chart(
        svg=svg_frame(
            width=width,
            height=HEIGHT,
            label=title,
            body=joined(pieces),
            group=sliders,
            css="jcurve",
        ),
        title=title,
        headers=headers,
        rows=[_row(one, other) for one in points],
    )


def level(value: Decimal) -> float:
    """Where on the drawing a feeling lies."""
    return _ZERO - float(value) * _UNIT


def path(at: Sequence[float], values: Sequence[Decimal | None]) -> str:
    """A smooth line through what is known; where something is missing it begins anew."""
    told = []
    before: tuple[float, float] | None = None
    for x, value in zip(at, values, strict=True):
        if value is None:
            before = None
            continue
        y = level(value)
        if before is None:
            told.append(f"M{px(x)} {px(y)}")
        else:
            half = (before[0] + x) / 2
            told.append(f"C{px(half)} {px(before[1])} {px(half)} {px(y)} {px(x)} {px(y)}")
        before = (x, y)
    return "".join(told)


def _axis(width: float) -> SafeString:
    lines = format_html_join(
        "", '<path class="{}" d="M0 {}H{}"/>',
        (("ax-d" if not v else "ax", px(level(Decimal(v))), px(width)) for v in (2, 1, 0, -1, -2)),
    )  # fmt: skip
    words = format_html_join(
        "", '<text class="s" x="4" y="{}">{}</text>',
        ((px(level(Decimal(v)) - 4), signed(v)) for v in (2, 0, -2)),
    )  # fmt: skip
    return joined([lines, words])


def _column(x: float, one: Point) -> SafeString:
    if one.friction is None:
        return SafeString("")
    tall = max(one.friction / 100 * _TALLEST, 18.0)
    lost = ""
    if one.lost:
        text = _("%(share)s left") % {"share": percent(one.lost)}
        lost = format_html(
            '<text class="s" x="{}" y="{}">{}</text>', px(x + 25), px(HEIGHT - 7), text
        )
    return format_html(
        '<rect class="h{}f fr" x="{}" y="{}" width="44" height="{}" rx="3"/>'
        '<text class="v m" x="{}" y="{}">{}</text>{}',
        1 + min(one.friction // 25, 3), px(x - 22), px(HEIGHT - tall), px(tall),
        px(x), px(HEIGHT - 7), one.friction, lost,
    )  # fmt: skip


def _line(css: str, at: Sequence[float], values: Sequence[Decimal | None]) -> SafeString:
    drawn = path(at, values)
    return format_html('<path class="{}" d="{}"/>', css, drawn) if drawn else SafeString("")


def _point(x: float, one: Point) -> SafeString:
    if one.felt is None:
        return SafeString("")
    y = level(one.felt)
    return format_html(
        '<circle class="emo-p" cx="{}" cy="{}" r="5"/>{}', px(x), px(y), _number(x, y, one.felt)
    )


def _slider(x: float, one: Point) -> SafeString:
    y = level(one.felt or Decimal(0))
    told = _("not said yet") if one.felt is None else shown(one.felt)
    return format_html(
        '<g id="f-{}" class="feel{}" data-feel="{}" tabindex="0" role="slider"'
        ' aria-orientation="vertical" aria-label="{}" aria-valuemin="-2" aria-valuemax="2"'
        ' aria-valuenow="{}" aria-valuetext="{}">'
        '<circle class="feel-hit" cx="{}" cy="{}" r="16"/>'
        '<circle class="emo-p" cx="{}" cy="{}" r="5"/>{}</g>',
        one.key, "" if one.felt is not None else " is-unsaid", one.key, one.name,
        one.felt if one.felt is not None else 0, told, px(x), px(y), px(x), px(y),
        _number(x, y, one.felt) if one.felt is not None else "",
    )  # fmt: skip


def _number(x: float, y: float, value: Decimal) -> SafeString:
    down = y < _ZERO
    return format_html(
        '<text class="v m" x="{}" y="{}">{}</text>', px(x), px(y + (21 if down else -12)),
        signed(value),
    )  # fmt: skip


def _row(one: Point, other: str) -> list[str]:
    felt = "–" if one.felt is None else signed(one.felt)
    beside = ["–" if one.other is None else signed(one.other)] if other else []
    friction = "–" if one.friction is None else str(one.friction)
    return [one.name, felt, *beside, friction, duration(one.wait), percent(one.lost)]
