"""
The first sheet of an XLSX workbook, as JSON Lines: sheet row n is line n.

What a small file unpacks to is looked at before anything is unpacked (a zip bomb of 195 kB can
become 200 MB). Formulas are never computed: their last shown value is read, and one that is an
error (`#DIV/0!`) comes as that text, so that whoever reads the row can refuse it.
"""

import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any, NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from django.utils.translation import gettext as _

from clm.core import xml
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
    errors = _errors(stream)
    stream.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(stream)
        if not book.sheet_names:
            raise UnreadableFile(_("The workbook has no sheet."))
        sheet = book.get_sheet_by_index(0)
        # Empty columns before the first are left out, empty rows above it are not.
        left = sheet.start[1] if sheet.start else 0
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = [_text(value) for value in row]
            for column, error in errors.get(number, ()):
                if left <= column < left + len(cells):
                    cells[column - left] = error
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


def _errors(stream: IO[bytes]) -> dict[int, list[tuple[int, str]]]:
    """
    The cells of the first sheet that show an error, by sheet row: column from 0, and the text.

    The library gives them as empty ones. A sheet without any is searched, and not parsed.
    """
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            path = _first_sheet(archive)
            with archive.open(path) as sheet:
                if not _holds(sheet, b't="e"'):
                    return {}
            with archive.open(path) as sheet:
                return _error_cells(sheet)
    except (KeyError, ValueError, IndexError, OSError, zipfile.BadZipFile, expat.ExpatError):
        # Nothing that can be looked through like this; what reads the workbook says what it is.
        return {}


def _first_sheet(archive: zipfile.ZipFile) -> str:
    book = _elements(archive.read("xl/workbook.xml"))
    links = _elements(archive.read("xl/_rels/workbook.xml.rels"))
    sheets = [one for one in book.iter() if one.tag.endswith("}sheet")]
    key = next(value for name, value in sheets[0].items() if name.endswith("}id"))
    target = next(one.get("Target", "") for one in links if one.get("Id") == key)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _elements(content: bytes) -> ElementTree.Element:
    """Small XML as a whole. :raises ValueError: it declares something, which none of ours does"""
    if b"<!" in content:
        raise ValueError
    return ElementTree.fromstring(content)  # noqa: S314 -- nothing is declared in it


def _holds(stream: IO[bytes], wanted: bytes) -> bool:
    tail = b""
    while chunk := stream.read(1 << 20):
        if wanted in tail + chunk:
            return True
        tail = chunk[-len(wanted) :]
    return False


def _error_cells(stream: IO[bytes]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    parser = xml.parser(_refuse, namespaces=False)
    place = ""  # of the error cell that the parser is in
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal place
        if tag == "c":
            place = attributes.get("r", "") if attributes.get("t") == "e" else ""
        elif tag == "v":
            text.clear()

    def end(tag: str) -> None:
        if tag == "v" and place:
            letters = place.rstrip("0123456789")
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            row = int(place[len(letters) :])
            found.setdefault(row, []).append((column - 1, "".join(text)))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text.append
    parser.ParseFile(stream)
    return found


def _refuse(*_arguments: Any) -> NoReturn:
    raise ValueError


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
