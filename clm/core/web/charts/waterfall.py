"""How a score comes about: what each feature adds or takes, and the total."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clm.core.web.charts.base import (
    Chart,
    Number,
    finite,
    fit,
    joined,
    px,
    shown,
    signed,
    svg_frame,
    width_of,
)
from clm.core.web.charts.shares import Part


def waterfall(
    parts: Sequence[Part],
    *,
    title: str,
    base: Number = 0,
    base_label: str = "",
    threshold: Number | None = None,
    total_label: str = "",
    bad_is_up: bool = False,
    width: int = 334,
) -> Chart:
    """
    Features in the order given, then the total, which is `base` plus their sum.

    :param bad_is_up: draw what adds in red (churn) instead of in the data colour (a match score)
    """
    name = total_label or _("Score")
    start = finite(base)
    total = start + sum(finite(part.value) for part in parts)
    written = [part.text or signed(part.value) for part in parts]
    texts = [*(p.label for p in parts), name, *([base_label] if base_label else [])]
    label_room = min(max(width_of(t) for t in texts) + 12, width * 0.46)
    value_room = max([width_of(t) for t in [*written, shown(round(total, 2))]]) + 14
    room = max(width - label_room - value_room, 30.0)

    levels = [start]
    for part in parts:
        levels.append(levels[-1] + finite(part.value))
    marks = [*levels, 0.0] + ([finite(threshold)] if threshold is not None else [])
    low, high = min(marks), max(marks)
    scale = room / ((high - low) or 1.0)

    def x_of(value: float) -> float:
        return label_room + (value - low) * scale

    rows = [(base_label, shown(base), 0.0, start, "f-soft")] if base_label else []
    for part, text, before, after in zip(parts, written, levels, levels[1:], strict=False):
        fill = ("f-bad" if bad_is_up else "f-data") if after >= before else "f-ink"
        rows.append((part.label, text, before, after, fill))
    rows.append((name, shown(round(total, 2)), 0.0, total, "f-acc"))

    pieces = []
    for index, (label, text, before, after, fill) in enumerate(rows):
        y = index * 25
        left = min(x_of(before), x_of(after))
        size = max(abs(x_of(after) - x_of(before)), 1.0)
        if index and index < len(rows):
            joint = x_of(total) if index == len(rows) - 1 else x_of(before)
            pieces.append(format_html('<path class="ax" d="M{} {}v12"/>', px(joint), px(y - 6)))
        pieces.append(
            format_html(
                '<text{} x="0" y="{}">{}<title>{}</title></text>'
                '<rect class="{}" x="{}" y="{}" width="{}" height="13" rx="2"/>'
                '<text class="v e" x="{}" y="{}">{}</text>',
                SafeString(' class="v"') if index == len(rows) - 1 else "",
                px(y + 16),
                fit(label, label_room - 8),
                label,
                fill,
                px(left),
                px(y + 6),
                px(size),
                px(width),
                px(y + 16),
                text,
            )
        )
    height = len(rows) * 25 + (18 if threshold is not None else 2)
    if threshold is not None:
        x = x_of(finite(threshold))
        said = _("Threshold %(value)s") % {"value": shown(threshold)}
        pieces.append(
            format_html(
                '<path class="ax-d" d="M{} 0V{}"/><text class="s m" x="{}" y="{}">{}</text>',
                px(x),
                px(height - 14),
                px(min(max(x, width_of(said, 11) / 2), width - width_of(said, 11) / 2)),
                px(height - 2),
                said,
            )
        )
    spoken = f"{title}: " + ", ".join(f"{row[0]} {row[1]}" for row in rows)
    return Chart(
        svg=svg_frame(width=width, height=height, label=spoken, body=joined(pieces)),
        title=title,
        headers=[title, _("Points")],
        rows=[[row[0], row[1]] for row in rows],
    )
