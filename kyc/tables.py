"""The cells of tables of names: own lists, and what is screened and compared."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from kyc.countries import code_of
from kyc.features import Birth
from kyc.lists import ListError
from kyc.lists.reading.births import parse
from kyc.matching import kind_of


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
    """:raises ListError: it is no date"""
    if not text:
        return ()
    found = parse(text)
    if found is None:
        raise ListError(
            _("Line %(line)d: “%(born)s” is no date of birth.") % {"line": line, "born": text}
        )
    return (found,)


def countries(text: str) -> frozenset[str]:
    """The countries that are known; what names none says nothing."""
    return frozenset(code for one in text.replace("/", ";").split(";") if (code := code_of(one)))


def kind(text: str, line: int) -> str:
    """:raises ListError: there is no such kind"""
    try:
        return kind_of(text)
    except ValueError:
        raise ListError(
            _("Line %(line)d: there is no kind “%(kind)s”.") % {"line": line, "kind": text}
        ) from None
