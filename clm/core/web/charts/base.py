"""What all charts share: the frame, the table, and how long a word is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

Number = int | float | Decimal

# Fill classes of the style sheet by what a value means.
FILLS = {
    "data": "f-data",
    "soft": "f-soft",
    "bad": "f-bad",
    "ink": "f-ink",
    "accent": "f-acc",
    "line": "f-line",
    "heat-1": "h1f",
    "heat-2": "h2f",
    "heat-3": "h3f",
    "heat-4": "h4f",
}


@dataclass(frozen=True)
class Chart:
    """
    A drawing and the table of its numbers.

    `str()` is the whole figure; `svg` and `table` are its parts for a page that has its own frame.

    :param words: how many columns of the table are words; those after them are numbers
    :param slim: the same for a narrow screen, drawn instead where the other would be illegible
    """

    svg: SafeString
    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    legend: str = ""
    words: int = 1
    slim: SafeString | str = ""

    @property
    def drawn(self) -> SafeString:
        """The drawing for every screen: of the two the style sheet shows the one that fits."""
        if not self.slim:
            return self.svg
        return format_html('<div class="fitting">{}{}</div>', self.svg, self.slim)

    @property
    def table(self) -> SafeString:
        """The numbers as a table; the first column names the row."""
        head = format_html_join(
            "", '<th scope="col"{}>{}</th>',
            ((_number_class(i, self.words), text) for i, text in enumerate(self.headers)),
        )  # fmt: skip
        body = format_html_join(
            "", "<tr>{}</tr>", ((_cells(row, self.words),) for row in self.rows)
        )
        return format_html(
            '<table class="table table-dense"><caption class="visually-hidden">{}</caption>'
            "<thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
            self.title,
            head,
            body,
        )

    def __html__(self) -> SafeString:
        return format_html(
            '<figure class="chart">{}{}<details><summary>{}</summary>'
            '<div class="table-wrap">{}</div></details></figure>',
            self.drawn,
            self.legend,
            _("As a table"),
            self.table,
        )

    def __str__(self) -> str:
        return self.__html__()


def _number_class(index: int, words: int) -> SafeString:
    return SafeString("") if index < words else SafeString(' class="num"')


def _cells(row: Sequence[str], words: int) -> SafeString:
    first = format_html('<th scope="row">{}</th>', row[0])
    rest = ((_number_class(index, words), text) for index, text in enumerate(row[1:], start=1))
    return SafeString(first + format_html_join("", "<td{}>{}</td>", rest))


def shown(value: Number) -> str:
    """A value in the reader's notation with a true minus and two decimals at most."""
    amount = Decimal(str(value))
    if not amount.is_finite():
        return "–"
    if abs(amount) >= 10**15:
        return f"{amount:.2e}".replace("-", "−")
    exponent = round(amount, 2).normalize().as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    text = formats.number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    return text.replace("-", "−")


def signed(value: Number) -> str:
    """As `shown`, with a plus before what adds."""
    return f"+{shown(value)}" if value > 0 else shown(value)


def finite(value: Number) -> float:
    """The value as a float; what is no number counts as nothing."""
    found = float(value)
    return found if found == found and abs(found) != float("inf") else 0.0


def px(value: float) -> str:
    """A coordinate: one decimal at most, never in the reader's notation."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def width_of(text: str, size: float = 12.0) -> float:
    """About how wide a text is drawn, on the safe side."""
    wide = sum(1.45 if ord(c) > 0x2E7F else 1.25 if c in "MWmw@%" else 1.0 for c in text)
    return wide * size * 0.56


def fit(text: str, room: float, size: float = 12.0) -> str:
    """The text, shortened with an ellipsis where it has no room."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Pieces that are safe already, in a row."""
    # Every piece was made by format_html.
    return mark_safe("".join(parts))  # noqa: S308


def svg_frame(
    *, width: float, height: float, label: str, body: SafeString, css: str = "", group: bool = False
) -> SafeString:
    """The outer element with its spoken description."""
    return format_html(
        '<svg class="plot{}" width="{}" height="{}" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>',
        f" {css}" if css else "",
        px(width),
        px(height),
        px(width),
        px(height),
        "group" if group else "img",
        label,
        body,
    )
