"""Dates of birth in the ways lists write them."""

import re
from calendar import monthrange
from datetime import date

from kyc.features import Birth

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_CIRCA = re.compile(r"^(?:circa|ca\.?|c\.|approx(?:imately|\.)?|about|around|~)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"^between\s+(.+?)\s+and\s+(.+)$", re.IGNORECASE)
_RANGE = re.compile(r"^(.+?)\s*(?:\bto\b|–|/|\s-\s)\s*(.+)$", re.IGNORECASE)
_YEARS = re.compile(r"^(\d{4})\s*-\s*(\d{4})$")
_DECADE = re.compile(r"^(?:(early|mid|late)[ -])?(\d{3})0s$", re.IGNORECASE)
_ISO = re.compile(r"^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:T.*)?$")
_WORDS = re.compile(r"^(?:(\d{1,2})\.?\s+)?(?:([A-Za-z]{3})[a-z]*\.?,?\s+)?(\d{4})$")
_MONTH_ONLY = re.compile(r"^([A-Za-z]{3})[a-z]*\.?$")
_EARLIEST, _LATEST = 1700, 2100
_LONGEST = 200


def parse(text: str) -> Birth | None:
    """
    The span of days that a text states, or None where it states none.

    `1960`, `1960-03`, `1960-03-12`, `12 Mar. 1960`, `March 1960`, `1960s`, any of them after
    `circa` or `approximately`, and two of them in `between 1970 and 1973`, `1970 to 1973`,
    `1970-1973` or `Aug. to Sep. 1977`.
    """
    if len(text) > _LONGEST:
        return None
    text = " ".join(text.split()).strip(" .,;")
    bare = _CIRCA.sub("", text)
    circa = bare != text
    if decade := _DECADE.match(bare):
        first = int(decade.group(2)) * 10
        return span(first, first + 9, circa=True)
    found = _YEARS.match(bare) or _BETWEEN.match(bare) or (
        None if _one(bare) else _RANGE.match(bare)
    )  # fmt: skip
    begin, end = (found.group(1), found.group(2)) if found else (bare, bare)
    circa = circa or bool(_CIRCA.match(begin) or _CIRCA.match(end))
    last = _one(_CIRCA.sub("", end))
    if last is None:
        return None
    begin = _CIRCA.sub("", begin)
    if _MONTH_ONLY.match(begin):
        begin = f"{begin} {last[1].year}"
    start = _one(begin)
    if start is None or last[1] < start[0]:
        return None
    return Birth(start[0], last[1], circa)


def span(first: int, last: int, *, circa: bool = False) -> Birth | None:
    """From the first day of one year to the last day of another; None where that is no span."""
    if not _EARLIEST <= first <= last <= _LATEST:
        return None
    return Birth(date(first, 1, 1), date(last, 12, 31), circa)


def _one(text: str) -> tuple[date, date] | None:
    """First and last day of a day, month or year."""
    if iso := _ISO.match(text):
        year, month, day = (int(one) if one else 0 for one in iso.groups())
    elif words := _WORDS.match(text):
        name = (words.group(2) or "").lower()
        if (name and name not in _MONTHS) or (words.group(1) and not name):
            return None
        year, month, day = int(words.group(3)), _MONTHS.get(name, 0), int(words.group(1) or 0)
    else:
        return None
    if not _EARLIEST <= year <= _LATEST or month > 12:
        return None
    if not month:
        # Some lists write an unknown month and day as 00.
        return (date(year, 1, 1), date(year, 12, 31)) if not day else None
    most = monthrange(year, month)[1]
    if day > most:
        return None
    return date(year, month, day or 1), date(year, month, day or most)
