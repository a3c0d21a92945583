"""
Formats of watchlists, one module each, found by themselves.

A reader goes through its file once, yields one `Listed` for each entry, and refuses what is
not whole with a `ListError` that names the file and line. Nothing is stored here.
"""

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from kyc.features import Birth


class ListError(Exception):
    """The file is not a whole list of its format; the sentence says where it breaks off."""


@dataclass(frozen=True, slots=True)
class ListedName:
    name: str
    primary: bool = False
    weak: bool = False


@dataclass(slots=True)
class Listed:
    """One listed party as its list states it."""

    key: str
    kind: str = ""
    names: list[ListedName] = field(default_factory=list)
    births: list[Birth] = field(default_factory=list)
    birth_places: list[str] = field(default_factory=list)
    nationalities: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    programmes: list[str] = field(default_factory=list)
    identifiers: list[dict[str, str]] = field(default_factory=list)
    gender: str = ""
    remarks: str = ""


@dataclass(slots=True)
class Reading:
    """What a reader met on its way and a person should know."""

    orphans: int = 0
    end_mark: bool = False
    #: Why the list seems not to be whole, although each of its lines is.
    doubt: str = ""
    #: When the list says of itself that it was made.
    dated_at: datetime | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Format:
    """
    A format by name.

    `read(path, reading)` yields entries; raises `ListError`
    """

    name: str
    list_name: str
    read: Callable[[Path, Reading], Iterator[Listed]]
    doc: str = ""


_formats: dict[str, Format] = {}


def register(name: str, *, list_name: str) -> Callable[[Any], Any]:
    """Declare a function as the reader of a format; `list_name` is the list's usual name."""

    def declare(read: Any) -> Any:
        _formats[name] = Format(name, list_name, read, (read.__doc__ or "").strip())
        return read

    return declare


def formats() -> dict[str, Format]:
    """Every format, found in this folder."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_formats.items()))
