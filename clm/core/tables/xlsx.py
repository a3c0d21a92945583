"""
The first sheet of an XLSX workbook, as JSON Lines: sheet row n is line n.

What a small file unpacks to is looked at before anything is unpacked (a zip bomb of 195 kB can
become 200 MB). Formulas are never computed: their last shown value is read.
"""

import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from django.utils.translation import gettext as _

from clm.core.tables.rows import UnreadableFile

MAX_UNPACKED = 512 * 1024 * 1024
MAX_RATIO = 200


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    """
    The rows of the first sheet, each an array in JSON with its line break.

    :raises UnreadableFile: no workbook, encrypted, or unpacks to too much
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _look(stream)
    stream.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(stream)
        if not book.sheet_names:
            raise UnreadableFile(_("The workbook has no sheet."))
        sheet = book.get_sheet_by_index(0)
        begins = sheet.start[0] if sheet.start else 0
        # Empty rows above the first count, so that line numbers are those of the sheet.
        yield b"\n" * begins
        for row in sheet.iter_rows():
            cells = [_text(value) for value in row]
            yield (json.dumps(cells, ensure_ascii=False) if any(cells) else "").encode() + b"\n"
    except (CalamineError, OSError, ValueError) as exc:
        raise UnreadableFile(_("The workbook is damaged, protected or in another format.")) from exc


def _look(stream: IO[bytes]) -> None:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise UnreadableFile(_("The file is not an XLSX workbook.")) from None
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if unpacked > MAX_UNPACKED or (unpacked > 10_000_000 and unpacked / packed > MAX_RATIO):
        raise UnreadableFile(_("The workbook unpacks to too much; save it as CSV instead."))
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise UnreadableFile(_("The file is not an XLSX workbook."))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
