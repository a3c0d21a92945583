"""A list's file line by line, and the rows of one that is a table with a header."""

import csv
from collections.abc import Iterator
from pathlib import Path

from clm.core.sayings import gettext as _
from kyc.lists import ListError, Reading
from kyc.lists.reading.source import BROKEN, opened

_LONGEST = 16 * 1024 * 1024
_NAMED = 20


def lines(path: Path, reading: Reading) -> Iterator[tuple[int, str]]:
    """
    Number and text of each line; `reading.end_mark` says whether the last one is ended.

    :raises ListError: not in UTF-8, a line beyond all measure, or the packed file is cut off
    """
    number = 0
    with opened(path) as stream:
        while True:
            try:
                raw = stream.readline(_LONGEST + 1)
            except BROKEN:
                raise ListError(
                    _("Line %(line)d: the packed file breaks off or is damaged.")
                    % {"line": number + 1}
                ) from None
            if not raw:
                return
            number += 1
            if len(raw) > _LONGEST:
                raise ListError(_("Line %(line)d is too long.") % {"line": number})
            reading.end_mark = raw.endswith(b"\n")
            try:
                yield number, raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                raise ListError(_("Line %(line)d is not in UTF-8.") % {"line": number}) from None


def rows(
    path: Path, reading: Reading, *, required: tuple[str, ...], known: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """
    Line and cells by column of each row; unknown columns are passed over with one note.

    :raises ListError: a column is missing or stands twice, a row is not whole
    """
    reader = csv.reader((text for _number, text in lines(path, reading)), strict=True)
    header: list[str] = []
    line = 0
    try:
        for cells in reader:
            first, line = line + 1, reader.line_num
            if not header:
                header = _header(cells, reading, required, known)
            elif len(cells) != len(header) and cells:
                raise ListError(
                    _("Line %(line)d has another number of columns than the first line; the file "
                      "seems to be cut off.") % {"line": first}
                )  # fmt: skip
            elif cells:
                found = (cell.replace("\x00", "").strip() for cell in cells)
                yield first, dict(zip(header, found, strict=True))
    except csv.Error as error:
        why = str(error)
        if "unexpected end" in why or "expected after" in why:
            raise ListError(
                _("Line %(line)d cannot be read: a quotation mark is not closed.")
                % {"line": line + 1}
            ) from None
        raise ListError(
            _("Line %(line)d cannot be read (%(error)s).") % {"line": line + 1, "error": why}
        ) from None
    if not header:
        _header([], reading, required, known)


def _header(
    cells: list[str], reading: Reading, required: tuple[str, ...], known: tuple[str, ...]
) -> list[str]:
    header = [one.replace("\x00", "").strip().lower() for one in cells]
    missing = [one for one in required if one not in header]
    if missing:
        raise ListError(
            _("The first line has no column %(names)s.") % {"names": ", ".join(missing)}
        )
    if len(set(header)) != len(header):
        raise ListError(_("A column stands twice in the first line."))
    unknown = [one for one in header if one not in known]
    if unknown:
        reading.notes.append(
            _("Columns that are not known were passed over: %(names)s.")
            % {"names": ", ".join(one[:60] for one in unknown[:_NAMED])}
        )
    return header
