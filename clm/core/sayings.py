"""
Sentences that are kept and read by somebody else, later, in another language.

`gettext` here gives what Django's gives, a sentence in the active language, which remembers its
text before translation and its values. `kept` is what is stored of it, `told` what is shown.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from django.utils import translation


class Saying(str):
    """A sentence with what it was made of."""

    text: str
    values: Mapping[str, Any]

    __slots__ = ("text", "values")

    def __new__(cls, text: str, values: Mapping[str, Any] | None = None) -> Self:
        words = translation.gettext(text)
        made = super().__new__(cls, words % dict(values) if values else words)
        made.text, made.values = text, values or {}
        return made

    def __mod__(self, values: Any) -> "Saying":
        return Saying(self.text, {**values})


def gettext(text: str) -> Saying:
    """A sentence in the active language that can be kept."""
    return Saying(text)


def kept(sentences: Iterable[str]) -> list[dict[str, Any]]:
    """What is stored of sentences, as JSON; one that remembers nothing is stored as it is."""
    return [
        {"say": one.text, "with": {key: _plain(value) for key, value in one.values.items()}}
        if isinstance(one, Saying)
        else {"say": str(one), "with": {}}
        for one in sentences
    ]


def told(stored: Iterable[Mapping[str, Any]]) -> str:
    """Stored sentences in the active language; what has no translation any more as it was said."""
    return " ".join(_told(one) for one in stored)


def _told(one: Mapping[str, Any]) -> str:
    translate = translation.gettext
    words = translate(one["say"]) if one["say"] else ""
    return words % one["with"] if one["with"] else words


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
