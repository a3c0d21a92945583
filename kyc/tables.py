"""CSV in and out for the commands that screen and compare."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from kyc.countries import code_of
from kyc.features import Birth
from kyc.lists.names_csv import parse_born
from kyc.matching import kind_of


class TableError(Exception):
    """The file is not the table that was asked for; the sentence names the line."""


def read(
    path: Path, *, required: Sequence[str], known: Sequence[str], notes: list[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """
    Rows with their line; columns that are not known are passed over with one note.

    :raises TableError: a required column is missing or stands twice, or a line is broken
    """
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            header = [str(one).strip().lower() for one in reader.fieldnames or []]
            missing = [one for one in required if one not in header]
            if missing:
                raise TableError(
                    _("The first line has no column %(names)s.") % {"names": ", ".join(missing)}
                )
            if len(set(header)) != len(header):
                raise TableError(_("A column stands twice in the first line."))
            unknown = [one for one in header if one not in known]
            if unknown:
                notes.append(
                    _("Columns that are not known were passed over: %(names)s.")
                    % {"names": ", ".join(unknown)}
                )
            reader.fieldnames = header
            for row in reader:
                before, line = line, reader.line_num
                if None in row or None in row.values():
                    raise TableError(
                        _("Line %(line)d has another number of columns than the first line.")
                        % {"line": before + 1}
                    )
                yield before + 1, {key: str(value).strip() for key, value in row.items()}
    except UnicodeDecodeError:
        raise TableError(_("The file is not in UTF-8.")) from None
    except csv.Error:
        raise TableError(_("Line %(line)d cannot be read.") % {"line": line + 1}) from None
    except OSError as error:
        raise TableError(
            _("%(path)s cannot be read: %(why)s.") % {"path": path, "why": error.strerror}
        ) from None


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a table; how many rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def births(text: str, line: int) -> tuple[Birth, ...]:
    """:raises TableError: it is no date"""
    if not text:
        return ()
    found = parse_born(text)
    if found is None:
        raise TableError(
            _("Line %(line)d: “%(born)s” is no date of birth.") % {"line": line, "born": text}
        )
    return (found,)


def countries(text: str) -> frozenset[str]:
    return frozenset(code for one in text.replace("/", ";").split(";") if (code := code_of(one)))


def kind(text: str, line: int) -> str:
    """:raises TableError: there is no such kind"""
    try:
        return kind_of(text)
    except ValueError:
        raise TableError(
            _("Line %(line)d: there is no kind “%(kind)s”.") % {"line": line, "kind": text}
        ) from None
