"""One way to read any of the formats."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from django.utils.translation import gettext as _

from clm.core.tables import csvfile, jsonlines, xlsx
from clm.core.tables.rows import Place, Row, UnreadableFile

_CSV, _JSON, _XLSX = {".csv", ".txt", ".tsv"}, {".jsonl", ".ndjson"}, {".xlsx"}


def is_table(name: str) -> bool:
    """Whether a file of that name can be read here."""
    return PurePath(name.lower()).suffix in _CSV | _JSON | _XLSX


def plain_lines(stream: IO[bytes], *, name: str) -> IO[bytes] | Iterator[bytes]:
    """
    The content in a form that can be read from any place: a workbook becomes lines.

    :raises UnreadableFile: while the pieces are taken, when it is no workbook
    """
    if PurePath(name.lower()).suffix in _XLSX:
        return xlsx.lines(stream)
    return stream


@dataclass(frozen=True)
class Table:
    """An opened file: its columns in lower case, and where its rows begin."""

    stream: IO[bytes]
    columns: list[str]
    delimiter: str
    first: Place

    def rows(self, place: Place | None = None) -> Iterator[Row]:
        """The rows from `place`, or from the first."""
        where = place or self.first
        if self.delimiter:
            return csvfile.rows(self.stream, self.columns, self.delimiter, where)
        return jsonlines.rows(self.stream, self.columns, where)

    def header(self) -> dict[str, Any]:
        """What to keep, so that another process need not look at the beginning again."""
        return {"columns": self.columns, "delimiter": self.delimiter, "first": list(self.first)}


def open_table(stream: IO[bytes], *, name: str, header: dict[str, Any] | None = None) -> Table:
    """
    A table in a file; `name` tells the format, a workbook's content being its `plain_lines`.

    :param header: what `Table.header` gave before
    :raises UnreadableFile: as a whole it cannot be used
    """
    if header is not None:
        first = Place(*header["first"])
        return Table(stream, header["columns"], header["delimiter"], first)
    suffix = PurePath(name.lower()).suffix
    if suffix in _CSV:
        columns, delimiter, first = csvfile.begin(stream)
        return Table(stream, columns, delimiter, first)
    if suffix in _JSON | _XLSX:
        columns, first = jsonlines.begin(stream)
        return Table(stream, columns, "", first)
    raise UnreadableFile(_("Only CSV, XLSX and JSON Lines files can be read."))
