"""Names as the engine sees them: Latin, lower case, without punctuation, cut into words."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kyc.scripts import GAPS, latinise, skeleton, sound, written_without_vowels
from kyc.wordlists import ARTICLES, FORMS, PARTICLES, SERVANT, TEENS, TENS, TITLES, UNITS


def _phrases() -> list[tuple[tuple[str, ...], str]]:
    found: dict[tuple[str, ...], str] = {}
    for short, text in FORMS.items():
        first, *rest = text.split("|")
        for word in first.split() if " " in first else [first]:
            found[(word,)] = short
        for phrase in rest:
            found[tuple(phrase.split())] = short
    return sorted(found.items(), key=lambda pair: -len(pair[0]))


_PHRASES = _phrases()
_ENDING: dict[str, list[tuple[tuple[str, ...], str]]] = {}
_BEGINNING: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _phrase, _short in _PHRASES:
    _ENDING.setdefault(_phrase[-1], []).append((_phrase, _short))
    if _phrase not in (("as",), ("ad",), ("co",)):
        _BEGINNING.setdefault(_phrase[0], []).append((_phrase, _short))
_FORM_WORDS = frozenset(word for phrase, _short in _PHRASES for word in phrase)
_LONG_FORM_WORDS = sorted(word for word in _FORM_WORDS if len(word) > 4)
_JOINERS = re.compile(r"['’‘`´.\u02bc\u02b9\"“”]")
_SPLITTERS = re.compile(r"[^a-z0-9]+")

_SERVANT_OF = re.compile(r"abd(?:ul|el|al|ol|oul|ur|us|er|ar|as)-?([a-z]{4,})")

# A name spelt out letter by letter, and figures that stand for the letters they look like.
_SPELT = re.compile(r"(?<!\w)[^\W\d_](?:[\s\-]+[^\W\d_](?!\w)){2,}")
_BETWEEN = re.compile(r"[\s\-]+")
_FIGURED = re.compile(r"\b(?=\w*[0-9])(?=(?:[0-9]*[A-Za-z]){2})[A-Za-z0-9]{4,}\b")
_FIGURES = str.maketrans("013457", "oieast")


@dataclass(frozen=True, slots=True)
class Name:
    """A name with its words and, for an organisation, the legal form taken off."""

    text: str
    words: tuple[str, ...]
    form: str = ""
    vowels: bool = True

    @property
    def joined(self) -> str:
        return "".join(self.words)


def words_of(text: str) -> list[str]:
    """The words of a name; full stops and apostrophes join (`S.A.` is one word)."""
    plain = _JOINERS.sub("", latinise(text)).replace("&", " and ").replace("+", " and ")
    return _numbered([word for word in _SPLITTERS.split(plain) if word])


def _numbered(words: list[str]) -> list[str]:
    """Numbers in figures: `forty four` and `forty 4` are 44."""
    found: list[str] = []
    tens = 0
    for word in words:
        unit = int(word) if len(word) == 1 and word.isdigit() else UNITS.get(word, 0)
        if tens and unit:
            found[-1], tens = str(tens + unit), 0
            continue
        tens = TENS.get(word, 0)
        number = tens or TEENS.get(word) or UNITS.get(word)
        found.append(str(number) if number else word)
    return found


@lru_cache(maxsize=200_000)
def name_of(text: str, organisation: bool = False) -> Name:
    """
    The normal form of a name.

    :param organisation: take the legal form off, wherever it stands in the name
    """
    words = words_of(text)
    if not organisation:
        kept = [word for word in words if word not in TITLES] or words
        return Name(
            text=text, words=tuple(_servants(kept)), vowels=not written_without_vowels(text)
        )
    kept, form = _without_form([_form_word(word) for word in words])
    vowels = not written_without_vowels(text)
    return Name(text=text, words=tuple(kept or words), form=form, vowels=vowels)


def can_be_screened(name: str) -> bool:
    """Whether there is enough of a name to compare: two letters at least, in any script."""
    return letters(name) > 1 and bool(name_of(name).words)


def letters(name: str) -> int:
    """How many letters and figures a name has, in any script."""
    return sum(one.isalnum() for one in unicodedata.normalize("NFKC", name))


def spellings(name: str, *, organisation: bool = False) -> tuple[str, ...]:
    """
    A name as it is written, and as it would be without what hides it from a search: gaps that
    take no room, letters set apart, figures for letters (`V0lk0v`; firms have figures in names).
    """
    found = [name]
    bare = GAPS.sub("", name) if not name.isascii() else name
    found.append(_SPELT.sub(lambda run: _BETWEEN.sub("", run[0]), bare))
    if not organisation and not bare.isalpha():
        found.append(_FIGURED.sub(lambda word: word[0].translate(_FIGURES), found[-1]))
    return tuple(dict.fromkeys([name, bare, *found]))


def search_text(name: str) -> str:
    """A name as it is looked for: its words as heard, without legal form, in alphabetical order."""
    return " ".join(sorted(sound(word) for word in _sought(name)))


def bones_text(name: str) -> str:
    """A name as it is looked for when it came without vowels; particles say nothing then."""
    words = (word for word in _sought(name) if word not in PARTICLES)
    return " ".join(sorted(bones for word in words if (bones := skeleton(word))))


def _sought(name: str) -> list[str]:
    """The words that both a person's and an organisation's name is looked for by."""
    words = words_of(name)
    kept, _form = _without_form([word for word in words if word not in TITLES] or words)
    return _servants(kept or words)


def _servants(words: list[str]) -> list[str]:
    """`Abd al-Rahman`, `Abdel Rahman` and `Abdurrahman` are cut alike: `abdul rahman`."""
    found: list[str] = []
    position = 0
    while position < len(words):
        word = words[position]
        following = words[position + 1] if position + 1 < len(words) else ""
        if word in SERVANT:
            found.append("abdul")
        elif word == "abd" and following in ARTICLES:
            found.append("abdul")
            position += 1
        elif len(word) > 8 and (match := _SERVANT_OF.fullmatch(word)):
            found += ["abdul", match[1]]
        else:
            found.append(word)
        position += 1
    return found


@lru_cache(maxsize=50_000)
def _form_word(word: str) -> str:
    """A long word of a legal form with one letter wrong is that word."""
    if len(word) < 5 or word in _FORM_WORDS:
        return word
    found = process.extractOne(word, _LONG_FORM_WORDS, scorer=DamerauLevenshtein.distance,
                               score_cutoff=1)  # fmt: skip
    return found[0] if found else word


def _without_form(words: list[str]) -> tuple[list[str], str]:
    """The words without legal forms at either end, and the short name of what was taken off."""
    form = ""
    kept = list(words)
    while kept:
        size = len(kept)
        for phrase, short in _ENDING.get(kept[-1], ()):
            if len(phrase) < size and tuple(kept[-len(phrase) :]) == phrase:
                kept, found = kept[: -len(phrase)], short
                break
        else:
            for phrase, short in _BEGINNING.get(kept[0], ()):
                if len(phrase) < size and tuple(kept[: len(phrase)]) == phrase:
                    kept, found = kept[len(phrase) :], short
                    break
        if len(kept) == size:
            break
        form = form if form and found == "inc" else found
    return kept, form
