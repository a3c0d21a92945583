"""Event logs as CSV: plain column names or those of XES."""

import csv
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from typing import IO

from django.utils.translation import gettext as _

from journeys.logs.rows import KNOWN_COLUMNS, BadRow, EventRow, LogRefused, Refusal, RowMaker

_FIELD_LIMIT = 128 * 1024


def read_csv(
    stream: IO[bytes], *, maker: RowMaker, columns: Mapping[str, str]
) -> Iterator[EventRow | BadRow]:
    """
    The rows of a CSV log, good and bad, in order.

    :param columns: what columns mean, beside the names everybody knows
    :raises LogRefused: no header, a header twice, or a required column is absent
    """
    # Bytes that are not UTF-8 become surrogates, so that one bad line is one bad line.
    text = TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield from _read(text, maker, columns)
    finally:
        # The stream is the caller's to close.
        text.detach()


def _read(
    text: TextIOWrapper, maker: RowMaker, columns: Mapping[str, str]
) -> Iterator[EventRow | BadRow]:
    first = text.readline()
    header = _header(first)
    meaning = [_meaning(name, columns) for name in header]
    missing = {"case_id", "activity", "at"} - set(meaning)
    if missing:
        raise LogRefused(
            _("The file has no column for: %(names)s.") % {"names": ", ".join(sorted(missing))}
        )
    rows = csv.reader(text, delimiter=_delimiter(first), strict=True)
    line = 2
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(line, "", _("cannot be read: %(error)s") % {"error": error})
            line = rows.line_num + 2
            continue
        if cells:
            yield _row(line, cells, header, meaning, maker)
        line = rows.line_num + 2


def _row(
    line: int, cells: list[str], header: list[str], meaning: list[str], maker: RowMaker
) -> EventRow | BadRow:
    if len(cells) != len(header):
        detail = _("%(found)d fields where the header has %(wanted)d")
        return BadRow(line, "", detail % {"found": len(cells), "wanted": len(header)})
    values: dict[str, str] = {}
    attributes: dict[str, str] = {}
    for name, known, cell in zip(header, meaning, cells, strict=True):
        value = cell.strip()
        if known:
            values[known] = value
        elif value:
            attributes[name] = value
    try:
        return maker.make(line, values, attributes)
    except Refusal as refusal:
        return BadRow(line, refusal.column, str(refusal))


def _header(first: str) -> list[str]:
    if not first.strip():
        raise LogRefused(_("The file is empty."))
    header = [name.strip() for name in next(csv.reader([first], delimiter=_delimiter(first)))]
    twice = {name for name in header if header.count(name) > 1}
    if twice:
        raise LogRefused(
            _("The header names a column twice: %(names)s.") % {"names": ", ".join(sorted(twice))}
        )
    return header


def _meaning(name: str, columns: Mapping[str, str]) -> str:
    return columns.get(name) or KNOWN_COLUMNS.get(name.lower(), "")


def _delimiter(first: str) -> str:
    return max(",;\t", key=first.count)
