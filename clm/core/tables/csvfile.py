"""
CSV as banks' systems write it.

UTF-8 with or without a byte order mark; comma, semicolon or tab; RFC 4180 quoting, strictly. A
row that cannot be read is named with its physical line; an open quote ends the reading there,
since no row after it can be trusted.
"""

import csv
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from clm.core.tables.rows import (
    MAX_ROW,
    LineTooLong,
    Place,
    Row,
    UnreadableFile,
    checked_columns,
    end_of,
    read_line,
)

BOM = b"\xef\xbb\xbf"


def begin(stream: IO[bytes]) -> tuple[list[str], str, Place]:
    """
    The columns, the delimiter, and where the rows begin.

    :raises UnreadableFile: empty, not UTF-8, a column twice or without a name
    """
    stream.seek(0)
    try:
        line = read_line(stream)
    except LineTooLong as exc:
        raise UnreadableFile(str(exc)) from None
    if line[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in line:
        raise UnreadableFile(_("The file is not text in UTF-8. Save it as “CSV UTF-8”."))
    try:
        text = line.removeprefix(BOM).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise UnreadableFile(
            _("The column names are not in UTF-8. Save it as “CSV UTF-8”.")
        ) from None
    if not text.strip():
        raise UnreadableFile(_("The file is empty or its first line has no column names."))
    delimiter = max(",;\t", key=text.count)
    try:
        columns = next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        raise UnreadableFile(_("The first line opens a quote and does not close it.")) from None
    return checked_columns(columns), delimiter, Place(len(line), 2)


def rows(stream: IO[bytes], columns: list[str], delimiter: str, place: Place) -> Iterator[Row]:
    """The rows from `place` on; blank ones left out."""
    tape = _Tape(stream, place)
    reader = csv.reader(tape, delimiter=delimiter, strict=True)
    previous = csv.field_size_limit(MAX_ROW)
    try:
        while True:
            begins = tape.place.line
            try:
                cells = next(reader)
            except StopIteration:
                return
            except LineTooLong as exc:
                yield Row(begins, end_of(stream, begins), fault=("too_long", str(exc)))
                return
            except csv.Error:
                yield Row(begins, tape.place, fault=("quote", _quote_sentence()))
                return
            if cells and "".join(cells).strip():
                yield Row(begins, tape.place, cells, _fault(cells, columns))
    finally:
        csv.field_size_limit(previous)


def _fault(cells: list[str], columns: list[str]) -> tuple[str, str] | None:
    if len(cells) == len(columns):
        return None
    sentence = _("The row has %(found)d fields, the first line names %(wanted)d columns.")
    return "columns", sentence % {"found": len(cells), "wanted": len(columns)}


def _quote_sentence() -> str:
    return _("A quote opens here and does not close properly; nothing from here on was read.")


class _Tape:
    """Lines as text, and the place of the next one."""

    def __init__(self, stream: IO[bytes], place: Place) -> None:
        self._stream = stream
        self._stream.seek(place.offset)
        self.place = place

    def __iter__(self) -> "_Tape":
        return self

    def __next__(self) -> str:
        raw = read_line(self._stream)
        if not raw:
            raise StopIteration
        self.place = Place(self.place.offset + len(raw), self.place.line + 1)
        # Bytes that are not UTF-8 survive as lone surrogates, so that their cell can be named.
        return raw.decode("utf-8", "surrogateescape")
