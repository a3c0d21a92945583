"""
Danish alphabetical order and folded words for search, without a locale in the database.

Order: Retskrivningsordbogen § 1 and Dansk Standard 377: æ, ø, å follow z in that order, aa in names
counts as å, ä as æ, ö as ø, ü as y; case and other accents do not count.
"""

import re
import unicodedata

from anyascii import anyascii

# The three characters after "z" in ASCII, so that plain byte order is Danish order.
_AFTER_Z = {"æ": "{", "ø": "|", "å": "}"}
_SAME_PLACE = {"ä": "æ", "ö": "ø", "ü": "y", "œ": "ø", "ű": "y", "ő": "ø"}
_SPELT = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "œ": "oe"}
)
_BARE = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ü": "u", "œ": "o"})
_FILED = str.maketrans(
    {**_AFTER_Z, **{one: _AFTER_Z.get(to, to) for one, to in _SAME_PLACE.items()}}
)
_BREAKS = re.compile(r"[^a-z0-9{|}]+")
_WORDS = re.compile("[a-z0-9]+")
_APOSTROPHES = re.compile("['’`´.]")


def sort_key(text: str) -> str:
    """A key in ASCII whose byte order is the Danish order of `text`; equal for spellings that file together."""
    lowered = _composed(text).replace("aa", "å").translate(_FILED)
    return _BREAKS.sub(" ", _ascii(lowered)).strip()


def words(text: str) -> list[str]:
    """The words of `text` in a-z and 0-9, as a person would type them on a foreign keyboard (ø as oe)."""
    return _split(_composed(text), _SPELT)


def search_text(*texts: str) -> str:
    """
    All words of `texts`, each in the spellings people type: Sørensen as soerensen and sorensen.

    A search for `words(query)` as word beginnings finds the text by any of them.
    """
    found: dict[str, None] = {}
    for text in texts:
        composed = _composed(text)
        found.update(dict.fromkeys(_split(composed, _SPELT)))
        if not composed.isascii():
            found.update(dict.fromkeys(_split(composed, _BARE)))
    return " ".join(found)


def _split(composed: str, table: dict[int, str]) -> list[str]:
    return _WORDS.findall(_ascii(composed.translate(table)))


def _composed(text: str) -> str:
    """Lower case, each letter one character, without apostrophes and points."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "").replace(".", "")
    return _APOSTROPHES.sub("", unicodedata.normalize("NFC", text).lower())


def _ascii(text: str) -> str:
    return text if text.isascii() else "".join(map(_plain, text))


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    return str(anyascii(letter)).lower().replace("{", " ").replace("|", " ").replace("}", " ")
