"""Reading an extract of the general ledger: CSV, XLSX or JSON Lines, one amount a row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import IO, Any, NamedTuple, cast

from django.utils.translation import gettext as _

from analytics.models import LedgerFigure, LedgerItem
from clm.core.tables import UnreadableFile, meanings, open_table, plain_lines

#: No bank has so many months of so few items.
MOST_ROWS = 50_000
_COLUMNS = {
    "month": ("period", "måned", "periode"),
    "item": ("account", "post", "konto"),
    "amount": ("beløb",),
    "currency": ("valuta",),
}
_ITEMS = frozenset(LedgerItem.values)
_MOST = Decimal(10) ** 15


class Amount(NamedTuple):
    """One amount of an extract."""

    month: date
    item: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Fault:
    """A row that was left out: where it stood, and why."""

    line: int
    column: str
    reason: str


class _Refused(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def read(*, stream: IO[bytes], name: str) -> Iterator[tuple[int, Amount | Fault]]:
    """
    The rows of an extract with their lines, good and bad.

    :raises UnreadableFile: it is no table, has too many rows, or lacks a column
    """
    lines = plain_lines(stream, name=name)
    if not hasattr(lines, "read"):
        from io import BytesIO

        lines = BytesIO(b"".join(lines))
    table = open_table(cast("IO[bytes]", lines), name=name)
    places = meanings(table.columns, _COLUMNS)
    missing = {"month", "item", "amount"} - set(places.values())
    if missing:
        raise UnreadableFile(
            _("The file has no column for: %(names)s.") % {"names": ", ".join(sorted(missing))}
        )
    for count, row in enumerate(table.rows()):
        if count == MOST_ROWS:
            raise UnreadableFile(_("An extract has at most 50,000 rows."))
        if row.fault is not None:
            yield row.line, Fault(row.line, "", row.fault[1])
            continue
        cells = {places[place]: cell for place, cell in enumerate(row.cells) if place in places}
        yield row.line, amount_in(line=row.line, cells=cells)


def amount_in(*, line: int, cells: dict[str, Any]) -> Amount | Fault:
    """What these cells say, each a text by its column; or what is wrong with them."""
    try:
        return _amount(cells)
    except _Refused as refusal:
        return Fault(line, refusal.column, str(refusal))


def _amount(cells: dict[str, Any]) -> Amount:
    item = str(cells.get("item", "")).strip().lower()
    if item not in _ITEMS:
        raise _Refused("item", _("“%(item)s” is none of the known items.") % {"item": item[:40]})
    currency = str(cells.get("currency") or "DKK").strip().upper()
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise _Refused("currency", _("This is not a currency."))
    return Amount(_month(str(cells.get("month", ""))), item, _number(cells), currency)


def _month(text: str) -> date:
    parts = text.strip().split("-")
    try:
        if len(parts) not in (2, 3) or len(parts[0]) != 4:
            raise ValueError
        day = date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) == 3 else 1)
    except ValueError:
        raise _Refused("month", _("This is not a month, such as 2026-03.")) from None
    if not 1990 <= day.year <= 2200:
        raise _Refused("month", _("This month lies too far away."))
    return day.replace(day=1)


def _number(cells: dict[str, Any]) -> Decimal:
    text = str(cells.get("amount", "")).strip().replace("\u00a0", "").replace(" ", "")
    # 1.234,56 as well as 1234.56: the last mark of the two is the decimal one.
    if "," in text:
        text = (
            text.replace(",", "")
            if text.rfind(".") > text.rfind(",")
            else text.replace(".", "").replace(",", ".")
        )
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise _Refused("amount", _("This is not an amount.")) from None
    if not amount.is_finite() or abs(amount) >= _MOST:
        raise _Refused("amount", _("This is not an amount."))
    return amount.quantize(Decimal("0.01"))


def currency_of_ledger() -> str | None:
    """The currency that the ledger is kept in; None while it is empty."""
    return LedgerFigure.objects.values_list("currency", flat=True).first()
