"""What every reader gives: rows, each with its line and the place after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import SEEK_END
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

MAX_FIELD = 128 * 1024
#: No honest row is longer; what is longer is named and ends the reading.
MAX_ROW = 8 * 1024 * 1024


class UnreadableFile(Exception):
    """The file as a whole cannot be used; the sentence says why."""


class LineTooLong(ValueError):
    """A line does not end where a line has to; nothing from there on can be trusted."""

    def __init__(self) -> None:
        super().__init__(_("The line is longer than 8 MB; nothing from here on was read."))


def read_line(stream: IO[bytes]) -> bytes:
    """The next line, empty at the end. :raises LineTooLong:"""
    raw = stream.readline(MAX_ROW)
    if len(raw) == MAX_ROW and not raw.endswith(b"\n"):
        raise LineTooLong
    return raw


class Place(NamedTuple):
    """Where a row begins: the offset of its first byte and its physical line, from 1."""

    offset: int
    line: int


def end_of(stream: IO[bytes], line: int) -> Place:
    """The place from which nothing more is read, after a fault in this line."""
    return Place(stream.seek(0, SEEK_END), line + 1)


@dataclass
class Row:
    """
    One record, or what made it unreadable.

    :param line: the physical line (CSV, JSON Lines) or sheet row (XLSX) where it begins
    :param after: where the next one begins
    :param cells: one text a column, in the header's order; empty where there is none
    :param fault: a code and a sentence, when the row cannot be used
    """

    line: int
    after: Place
    cells: list[str] = field(default_factory=list)
    fault: tuple[str, str] | None = None


def meanings(
    columns: Sequence[str],
    aliases: Mapping[str, Sequence[str]],
    mapping: Mapping[str, str] | None = None,
) -> dict[int, str]:
    """
    What each column means, by its place; columns without a meaning are left out.

    :param aliases: our columns, each with the names that others give it
    :param mapping: the file's column -> ours, or "" for one that is not used; it goes before
        the aliases
    """
    given = {name.strip().lower(): own for name, own in (mapping or {}).items()}
    said = {name: own for name, own in given.items() if name in columns}
    known = {alias: own for own, names in aliases.items() for alias in (own, *names)}
    known = {name: own for name, own in known.items() if own not in said.values()} | said
    found: dict[int, str] = {}
    for place, column in enumerate(columns):
        meant = known.get(column, "")
        if meant in aliases and meant not in found.values():
            found[place] = meant
    return found


def checked_columns(names: list[str]) -> list[str]:
    """
    Column names in lower case, trimmed.

    :raises UnreadableFile: one twice, or without a name
    """
    columns = [name.strip().lower() for name in names]
    if not all(columns):
        raise UnreadableFile(_("A column has no name."))
    doubled = sorted({column for column in columns if columns.count(column) > 1})
    if doubled:
        raise UnreadableFile(_("The column “%(name)s” stands twice.") % {"name": doubled[0]})
    return columns
