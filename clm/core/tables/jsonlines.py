"""
JSON Lines: an object a line, or an array a line with the column names in the first.

Numbers are taken as they are written; a list becomes its parts with semicolons between them.
"""

import json
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from clm.core.tables.csvfile import BOM
from clm.core.tables.rows import (
    LineTooLong,
    Place,
    Row,
    UnreadableFile,
    checked_columns,
    end_of,
    read_line,
)

_COLUMNS = 500


class _Unfit(ValueError):
    """A value that does not fit into a cell."""


def begin(stream: IO[bytes]) -> tuple[list[str], Place]:
    """
    The columns in the order in which they first appear, and where the rows begin.

    :raises UnreadableFile: no line holds an object or an array, or there are too many columns
    """
    first = _first_array(stream)
    if first is not None:
        columns, place = first
        return checked_columns(columns), place
    names: dict[str, None] = {}
    for _line, _place, value in _lines(stream, Place(0, 1)):
        if isinstance(value, dict):
            names.update(dict.fromkeys(name.strip().lower() for name in value))
        if len(names) > _COLUMNS:
            raise UnreadableFile(_("The file has more than 500 different names."))
    if not names:
        raise UnreadableFile(_("No line of the file is a JSON object."))
    return checked_columns(list(names)), Place(0, 1)


def rows(stream: IO[bytes], columns: list[str], place: Place) -> Iterator[Row]:
    """The rows from `place` on; blank lines left out."""
    for line, after, value in _lines(stream, place):
        try:
            yield Row(line, after, _cells(value, columns))
        except _Unfit as exc:
            yield Row(line, after, fault=("json", str(exc)))


def _first_array(stream: IO[bytes]) -> tuple[list[str], Place] | None:
    for _line, after, value in _lines(stream, Place(0, 1)):
        return ([str(one) for one in value], after) if isinstance(value, list) else None
    return None


def _lines(stream: IO[bytes], place: Place) -> Iterator[tuple[int, Place, Any]]:
    """Line, the place after it, and its value or the error it makes."""
    stream.seek(place.offset)
    while True:
        try:
            raw = read_line(stream)
        except LineTooLong as exc:
            yield place.line, end_of(stream, place.line), _Unfit(str(exc))
            return
        if not raw:
            return
        line = place.line
        place = Place(place.offset + len(raw), line + 1)
        if line == 1:
            raw = raw.removeprefix(BOM)
        if raw.strip():
            yield line, place, _value(raw)


def _value(raw: bytes) -> Any:
    try:
        # Numbers stay the text they were: 007 and 1.10 are not this reader's to judge.
        return json.loads(raw, parse_int=str, parse_float=str, parse_constant=_refuse,
                          object_pairs_hook=_object)  # fmt: skip
    except UnicodeDecodeError:
        return _Unfit(_("The line is not in UTF-8."))
    except _Unfit as exc:
        return exc
    except (ValueError, RecursionError):
        return _Unfit(_("The line is not JSON."))


def _refuse(name: str) -> Any:
    raise _Unfit(_("%(name)s is not a number in JSON.") % {"name": name})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unfit(_("A name stands twice in this line."))
    return found


def _cells(value: Any, columns: list[str]) -> list[str]:
    if isinstance(value, _Unfit):
        raise value
    if isinstance(value, list):
        if len(value) > len(columns):
            raise _Unfit(
                _("The row has %(found)d fields, the first line names %(wanted)d columns.")
                % {"found": len(value), "wanted": len(columns)}
            )
        cells = [_cell(one) for one in value]
        return cells + [""] * (len(columns) - len(cells))
    if not isinstance(value, dict):
        raise _Unfit(_("The line is neither an object nor an array."))
    by_name = {name.strip().lower(): one for name, one in value.items()}
    return [_cell(by_name.get(name)) for name in columns]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return ";".join(_cell(one) for one in value)
    raise _Unfit(_("A value is an object; only texts, numbers and lists of them are read."))
