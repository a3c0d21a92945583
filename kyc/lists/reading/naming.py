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
_SHORT_FORM = re.compile(r"^[A-Z][A-Z/-]{1,9}$")
_BORN = re.compile(r",? born (?:on |in |circa )?[\w ]*\d.*$", re.IGNORECASE | re.DOTALL)
_LETTERED = re.compile(r"\s+[b-h]\)\s+")


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
    and its short form; other brackets stay, since `(Hong Kong)` is part of a name.
    """
    text = _BORN.sub("", " ".join(text.split()))
    outer, bracket = _bracket(text)
    if outer and bracket:
        inner = _LEAD.sub("", bracket)
        if _NOTE.match(inner):
            return split_names(outer)
        if _SHORT_FORM.match(inner):
            return [*split_names(outer), (inner, True)]
        scripts = {_script(outer), _script(inner)}
        if len(scripts - {""}) == 2 or "original script" in bracket:
            return [*split_names(outer), *split_names(inner)]
    if ";" in text or _LETTERED.search(text):
        parts = [part for one in text.split(";") for part in _LETTERED.split(one)]
        return [found for part in parts if part.strip() for found in split_names(part)]
    return [(text, False)] if text else []


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
