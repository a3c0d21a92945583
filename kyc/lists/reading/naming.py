"""Names as lists write them, several in one cell or with the original script in brackets."""

import re
import unicodedata
from collections.abc import Iterable

from kyc.lists import Listed, ListedName

_LONGEST = 500
_LEAD = re.compile(r"^(?:original|in \w+) script\s*:?\s*|\s*\(original script\)", re.IGNORECASE)
_NOTE = re.compile(
    r"^(?:birth name|combat name|nom de guerre|third|previously|formerly|false identity|[A-Z]{2}[ei]\.\d)",
    re.IGNORECASE,
)
# What leads to another name, if a name follows: notes go on in small letters.
_KNOWN_AS = r"(?i:[afn]\.\s?k\.\s?a\.)|[afn]ka"
_IN_WORDS = r"(?:formerly|previously)(?: known as| called| named)?|(?:also|now) known as"
_A_NAME = r":?\s+(?=[^\sa-z(])"
_ALSO_IN_BRACKET = re.compile(rf"^(?:{_KNOWN_AS}|(?i:{_IN_WORDS})){_A_NAME}")
_ALSO_LED = re.compile(rf"^(?:{_KNOWN_AS}|{_IN_WORDS}){_A_NAME}")
_ALSO = re.compile(rf"[,;]?\s+(?:{_KNOWN_AS}|{_IN_WORDS}){_A_NAME}")
_SHORT_FORM = re.compile(r"^[A-Z][A-Z/-]{1,9}$")
_BORN = re.compile(r",? born (?:on |in |circa )?[\w ]{0,40}\d.*$", re.IGNORECASE | re.DOTALL)
_LETTERED = re.compile(r"\s+[b-h]\)\s+")
#: A cell that falls into more pieces is no cell of names; the rest of it stays in one.
_MOST_STEPS = 1000


def add_names(entry: Listed, names: Iterable[ListedName]) -> None:
    """Add names that the entry does not have yet; the same strong one outweighs a weak one."""
    places = {one.name: place for place, one in enumerate(entry.names)}
    for one in names:
        text = " ".join(one.name.replace("\x00", "").split())[:_LONGEST].strip(" ;,")
        if not any(letter.isalnum() for letter in text):
            continue
        place = places.get(text)
        if place is None:
            places[text] = len(entry.names)
            entry.names.append(ListedName(text, primary=one.primary, weak=one.weak))
        elif entry.names[place].weak and not one.weak:
            entry.names[place] = ListedName(text, primary=entry.names[place].primary)


def split_names(text: str) -> list[tuple[str, bool]]:
    """
    The names in a cell, each with whether it is only a short form.

    `A; B` and `A b) B` are two names, `Name (имя)` two in two scripts, `Long Name (LN)` a name
    and its short form, `New Name (formerly Old Name)` and `New Name f.k.a. Old Name` a name and
    another; other brackets stay, since `(Hong Kong)` is part of a name.
    """
    found: list[tuple[str, bool]] = []
    waiting = [(text, False)]
    for _step in range(_MOST_STEPS):
        if not waiting:
            return found
        one, short = waiting.pop()
        one = _BORN.sub("", " ".join(one.split()))
        pieces = [] if short else _apart(one)
        if pieces:
            waiting += reversed(pieces)
        elif one:
            found.append((one, short))
    return found + waiting[::-1]


def _apart(text: str) -> list[tuple[str, bool]]:
    """The pieces that a text falls into first, or none where it is one name."""
    outer, bracket = _bracket(text)
    if outer and bracket:
        inner = _LEAD.sub("", bracket)
        if led := _ALSO_IN_BRACKET.match(inner):
            return [(outer, False), (inner[led.end() :], False)]
        if _NOTE.match(inner):
            return [(outer, False)]
        if _SHORT_FORM.match(inner):
            return [(outer, False), (inner, True)]
        scripts = {_script(outer), _script(inner)}
        if len(scripts - {""}) == 2 or "original script" in bracket:
            return [(outer, False), (inner, False)]
    if led := _ALSO_LED.match(text):
        return [(text[led.end() :], False)]
    parts = _ALSO.split(text)
    if len(parts) == 1 or any(part.count("(") != part.count(")") for part in parts):
        parts = [part for one in text.split(";") for part in _LETTERED.split(one)]
    return [(part, False) for part in parts if part.strip()] if len(parts) > 1 else []


def _bracket(text: str) -> tuple[str, str]:
    """What stands before the bracket that ends the text, and what stands in it."""
    bare = text.rstrip(" ,")
    depth = 0
    for place in range(len(bare) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(bare[place], 0)
        if depth == 0:
            return (
                (bare[:place].strip(), bare[place + 1 : -1].strip())
                if bare[-1:] == ")"
                else ("", "")
            )
    return "", ""


def _script(text: str) -> str:
    """Of which script the first letter is, as Unicode names it."""
    for letter in text:
        if letter.isalpha():
            return unicodedata.name(letter, "?").split()[0]
    return ""
