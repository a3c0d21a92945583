"""Taking out of a text what would say who somebody is."""

import re
from collections.abc import Collection, Iterable

from clm.core.assistant.words import EMPTY, fold, stem

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Za-z]{2}\s?\d{2}(?:\s?[A-Za-z0-9]){11,30}\b")
#: Any run of digits that could be a number of somebody: national ids, accounts, phones, cards.
_NUMBER = re.compile(r"\+?\d(?:[\s./-]?\d){3,}")
_CAPITALISED = re.compile(r"(?<=[^\s.!?]\s)[A-ZÆØÅÄÖÜÉ][\w'’-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_WORD = re.compile(r"\w+")
GONE = "…"


def plain(text: str) -> str:
    """One line without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def without_identifiers(text: str, *, names: Iterable[str] = (), guess: bool = True) -> str:
    """
    The text without e-mail addresses, account and other numbers and `names`.

    :param guess: and without what is written like a name in the middle of a sentence
    """
    patterns = (_EMAIL, _IBAN, _NUMBER, _CAPITALISED) if guess else (_EMAIL, _IBAN, _NUMBER)
    for pattern in patterns:
        text = pattern.sub(GONE, text)
    for part in {part for name in names for part in name.split() if len(part) > 1}:
        text = re.sub(rf"\b{re.escape(part)}\b", GONE, text, flags=re.IGNORECASE)
    return text


def known_words_only(text: str, *, known: Collection[str], names: Iterable[str] = ()) -> str:
    """
    The text with those words alone that stand in the knowledge base or tell nothing by themselves.

    What nobody of the house has written cannot pass, so that no name or number that a list of
    patterns would have missed does.

    :param known: stems
    """

    def kept(match: re.Match[str]) -> str:
        word = match.group()
        parts = fold(word).split()
        fine = not any(letter.isdigit() for letter in word) and all(
            part in EMPTY or stem(part) in known for part in parts
        )
        return word if fine and parts else GONE

    return _WORD.sub(kept, without_identifiers(text, names=names))
