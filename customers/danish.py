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
_SPELT = {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "œ": "oe"}
_BARE = {"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ü": "u", "œ": "o"}
_BREAKS = re.compile(r"[^a-z0-9{|}]+")
_WORD_BREAKS = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = re.compile("['’`´.]")


def sort_key(text: str) -> str:
    """A key in ASCII whose byte order is the Danish order of `text`; equal for spellings that file together."""
    lowered = _APOSTROPHES.sub("", _composed(text)).replace("aa", "å")
    letters = (_SAME_PLACE.get(letter, letter) for letter in lowered)
    ascii_text = "".join(_AFTER_Z.get(letter) or _plain(letter) for letter in letters)
    return _BREAKS.sub(" ", ascii_text).strip()


def words(text: str) -> list[str]:
    """The words of `text` in a-z and 0-9, as a person would type them on a foreign keyboard (ø as oe)."""
    return _split(text, _SPELT)


def search_text(*texts: str) -> str:
    """
    All words of `texts`, each in the spellings people type: Sørensen as soerensen and sorensen.

    A search for `words(query)` as word beginnings finds the text by any of them.
    """
    found: dict[str, None] = {}
    for text in texts:
        for table in (_SPELT, _BARE):
            found.update(dict.fromkeys(_split(text, table)))
    return " ".join(found)


def _split(text: str, table: dict[str, str]) -> list[str]:
    lowered = _APOSTROPHES.sub("", _composed(text))
    ascii_text = "".join(table.get(letter) or _plain(letter) for letter in lowered)
    return [word for word in _WORD_BREAKS.split(ascii_text) if word]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    return str(anyascii(letter)).lower().replace("{", " ").replace("|", " ").replace("}", " ")
