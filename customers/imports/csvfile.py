"""
CSV as banks' systems write it, read so that a reader can stop at any row and go on later.

UTF-8 with or without a byte order mark; comma, semicolon or tab; RFC 4180 quoting, strictly. A
row that cannot be read is named with its physical line; an open quote ends the reading there,
since no row after it can be trusted.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

BOM = b"\xef\xbb\xbf"
MAX_FIELD = 128 * 1024
_READ_LIMIT = 8 * 1024 * 1024


class UnreadableFile(Exception):
    """The file as a whole cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Header:
    """The first row: its columns, the delimiter, and where the rows begin."""

    columns: list[str]
    delimiter: str
    offset: int


@dataclass
class Row:
    """One record, or what made it unreadable. `end` is the offset after it, `line` where it begins."""

    line: int
    end: int
    cells: list[str] = field(default_factory=list)
    fault: tuple[str, str] | None = None
    last: bool = False


def read_header(content: bytes) -> Header:
    """
    The columns of a file.

    :raises UnreadableFile: empty, not UTF-8, a column twice or without a name
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content.partition(b"\n")[0]:
        raise UnreadableFile(_("The file is not text in UTF-8. Save it as “CSV UTF-8”."))
    start = len(BOM) if content.startswith(BOM) else 0
    end = content.find(b"\n", start)
    line = content[start : len(content) if end < 0 else end]
    try:
        text = line.decode().rstrip("\r")
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
    columns = [column.strip().lower() for column in columns]
    if not all(columns):
        raise UnreadableFile(_("A column has no name."))
    doubled = sorted({column for column in columns if columns.count(column) > 1})
    if doubled:
        raise UnreadableFile(_("The column “%(name)s” stands twice.") % {"name": doubled[0]})
    return Header(columns, delimiter, len(content) if end < 0 else end + 1)


def rows(content: bytes, header: Header, *, offset: int = 0, line: int = 2) -> Iterator[Row]:
    """The rows from `offset` on, `line` being the physical line that begins there; blank ones left out."""
    tape = _Tape(content, offset or header.offset, line)
    reader = csv.reader(tape, delimiter=header.delimiter, strict=True)
    previous = csv.field_size_limit(_READ_LIMIT)
    try:
        while True:
            begins = tape.line
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(begins, len(content), fault=("quote", _quote_sentence()), last=True)
                return
            if cells and any(cell.strip() for cell in cells):
                yield _judged(Row(begins, tape.offset, cells), header)
    finally:
        csv.field_size_limit(previous)


def _judged(row: Row, header: Header) -> Row:
    if len(row.cells) != len(header.columns):
        row.fault = (
            "columns",
            _("The row has %(found)d fields, the first line names %(wanted)d columns.")
            % {"found": len(row.cells), "wanted": len(header.columns)},
        )
    return row


def _quote_sentence() -> str:
    return _("A quote opens here and does not close properly; nothing from here on was read.")


class _Tape:
    """Lines as text, with the offset and number of the next one."""

    def __init__(self, content: bytes, offset: int, line: int) -> None:
        self._stream = io.BytesIO(content)
        self._stream.seek(offset)
        self.offset = offset
        self.line = line

    def __iter__(self) -> "_Tape":
        return self

    def __next__(self) -> str:
        raw = self._stream.readline()
        if not raw:
            raise StopIteration
        self.offset += len(raw)
        self.line += 1
        # Bytes that are not UTF-8 survive as lone surrogates, so that their cell can be named.
        return raw.decode("utf-8", "surrogateescape")
