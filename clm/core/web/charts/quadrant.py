"""What is worth most for the least effort: points in four fields."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from clm.core.web.charts.base import Chart, fit, joined, px, svg_frame

_LEFT, _TOP, _RADIUS = 28.0, 10.0, 11.0


@dataclass(frozen=True)
class Point:
    """
    One thing at its place.

    :param across: from `low` to `high`, to the right
    :param up: from `low` to `high`, upwards
    :param mark: what stands in the circle; the table names it
    :param cells: what the table says of it after its name
    """

    label: str
    across: int
    up: int
    mark: str
    cells: Sequence[str] = ()


def quadrant(
    points: Sequence[Point],
    *,
    title: str,
    across: str,
    up: str,
    fields: Sequence[str],
    headers: Sequence[str],
    low: int = 1,
    high: int = 5,
    width: int = 420,
    height: int = 300,
) -> Chart:
    """
    Points in a square of four named fields; those of one place stand beside each other.

    :param fields: names of the four: upper left, upper right, lower left, lower right
    :param headers: of the table: of the mark, the name, and each of a point's cells
    """
    right, base = width - 8.0, height - 26.0
    cell_x, cell_y = (right - _LEFT) / (high - low + 1), (base - _TOP) / (high - low + 1)
    middle_x, middle_y = (_LEFT + right) / 2, (_TOP + base) / 2
    pieces: list[SafeString] = [
        format_html(
            '<path class="ax" d="M{0} {1}H{2}M{0} {1}V{3}"/><path class="ax-d" d="M{0} {4}H{2}M{5} {1}V{3}"/>',
            px(_LEFT), px(base), px(right), px(_TOP), px(middle_y), px(middle_x),
        )
    ]  # fmt: skip
    room = (right - _LEFT) / 2 - 12
    places = [
        (_LEFT + 6, _TOP + 10), (middle_x + 6, _TOP + 10),
        (_LEFT + 6, base - 6), (middle_x + 6, base - 6),
    ]  # fmt: skip
    for name, (x, y) in zip(fields, places, strict=True):
        pieces.append(
            format_html(
                '<text class="s" x="{}" y="{}">{}</text>', px(x), px(y), fit(name, room, 11)
            )
        )
    seen: dict[tuple[int, int], int] = {}
    for point in points:
        place = (min(max(point.across, low), high), min(max(point.up, low), high))
        nth = seen[place] = seen.get(place, -1) + 1
        x = _LEFT + (place[0] - low + 0.5) * cell_x + _beside(nth, cell_x)
        y = base - (place[1] - low + 0.5) * cell_y + (nth // 3) * 5
        pieces.append(
            format_html(
                '<g><title>{}</title><circle class="f-soft" cx="{}" cy="{}" r="{}"/>'
                '<text class="m" x="{}" y="{}">{}</text></g>',
                point.label, px(x), px(y), px(_RADIUS), px(x), px(y + 4), point.mark,
            )
        )  # fmt: skip
    pieces.append(
        format_html(
            '<text class="s e" x="{}" y="{}">{} →</text>', px(right), px(height - 8), across
        )
    )
    pieces.append(
        format_html(
            '<text class="s m" transform="translate({} {}) rotate(-90)">{} →</text>',
            px(14), px(middle_y), up,
        )
    )  # fmt: skip
    spoken = ", ".join(f"{one.mark} {one.label}" for one in points)
    return Chart(
        svg=svg_frame(width=width, height=height, label=f"{title}: {spoken}", body=joined(pieces)),
        title=title,
        headers=headers,
        rows=[[one.mark, one.label, *one.cells] for one in points],
        words=2,
    )


def _beside(nth: int, room: float) -> float:
    """Where the second, third … of one place stands: right, left, then further."""
    side = (0, 1, -1)[nth % 3]
    return side * min(room / 3, 2 * _RADIUS + 2)
