"""
Writing tables: CSV, JSON Lines and XLSX, with nothing in them that a spreadsheet would run.

A cell that begins with = + - @, a tab or a line break is a formula to a spreadsheet; in CSV and
XLSX such a cell gets an apostrophe before it (OWASP, CSV injection), which our own import takes
off again. JSON Lines is read by programs and stays as it is.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

FORMATS = ("csv", "jsonl", "xlsx")
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Rows of a sheet in XLSX, the one with the names included (ECMA-376).
SHEET_ROWS = 1_048_576


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_RUNS):
        return f"'{value}"
    return value


def write_rows(
    *, form: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], heading: bool
) -> bytes:
    """
    Rows as CSV (UTF-8, CRLF) or JSON Lines.

    :param form: `csv` or `jsonl`
    :param heading: whether the row of column names, and the byte order mark, come first (CSV)
    """
    if form == "jsonl":
        return "".join(
            json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n"
            for row in rows
        ).encode()
    text = io.StringIO()
    writer = csv.writer(text)
    if heading:
        writer.writerow([neutral(name) for name in columns])
    writer.writerows([neutral(_joined(value)) for value in row] for row in rows)
    # Spreadsheets take a file for UTF-8 by its byte order mark.
    return ("\ufeff" if heading else "").encode() + text.getvalue().encode()


def write_workbook(
    *, out: IO[bytes], columns: Sequence[str], rows: Iterator[Sequence[Any]]
) -> None:
    """An XLSX workbook of one sheet, in flat memory; every text is written as text."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for position, name in enumerate(columns):
            sheet.write_string(0, position, name, bold)
        for number, row in enumerate(rows, start=1):
            for position, value in enumerate(row):
                _put(sheet, number, position, neutral(_joined(value)))


def _put(sheet: Any, row: int, column: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))


def _joined(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "; ".join(str(one) for one in value)
    return value
