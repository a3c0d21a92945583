"""Names as the engine sees them: Latin, lower case, without punctuation, cut into words."""

import re
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

# Written forms of one legal form, as words after normalisation -> its short name.
_FORMS = {
    "ag": "ag aktiengesellschaft",
    "gmbh": "gmbh|gesellschaft mit beschrankter haftung|gesellschaft mit beschraenkter haftung",
    "ltd": "ltd limited|limited company|co ltd|company limited|private limited|pvt ltd|pte ltd",
    "plc": "plc|public limited company",
    "llc": "llc ooo tov srl sarl|limited liability company|s r l"
    "|obshchestvo s ogranichennoy otvetstvennostyu|societatea cu raspundere limitata"
    "|sociedad de responsabilidad limitada|societa a responsabilita limitata",
    "inc": "inc incorporated corp corporation co company",
    "jsc": "jsc ojsc oao ao pao pjsc zao cjsc|joint stock company|open joint stock company"
    "|public joint stock company|closed joint stock company|aktsionernoye obshchestvo",
    "sa": "sa spa|sociedad anonima|societe anonyme|s a de c v|sa de cv|sapi de cv|sas",
    "nv": "nv bv|naamloze vennootschap|besloten vennootschap",
    "as": "as a/s aps asa oy oyj ab publ|aktieselskab|anpartsselskab|aktiebolag",
    "kg": "kg kgaa ohg|co kg|gmbh co kg",
    "kft": "kft zrt doo dd ad sro",
}


def _phrases() -> list[tuple[tuple[str, ...], str]]:
    found: dict[tuple[str, ...], str] = {}
    for short, text in _FORMS.items():
        first, *rest = text.split("|")
        for word in first.split() if " " in first else [first]:
            found[(word,)] = short
        for phrase in rest:
            found[tuple(phrase.split())] = short
    return sorted(found.items(), key=lambda pair: -len(pair[0]))


_PHRASES = _phrases()
_NUMBERS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        map(str, range(1, 11)),
        strict=True,
    )
)
_JOINERS = re.compile(r"['’‘`´.\u02bc\u02b9\"“”]")
_SPLITTERS = re.compile(r"[^a-z0-9]+")

# Words that say little about who somebody is.
PARTICLES = frozenset(
    [
        "al",
        "el",
        "ul",
        "as",
        "ad",
        "an",
        "ar",
        "at",
        "bin",
        "ben",
        "ibn",
        "bint",
        "abu",
        "abou",
        "abd",
        "de",
        "da",
        "do",
        "dos",
        "di",
        "del",
        "della",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "zu",
        "y",
        "e",
        "the",
        "of",
        "and",
        "und",
        "et",
        "og",
        "i",
    ]
)
TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sir",
        "dame",
        "sheikh",
        "shaikh",
        "sheik",
        "shaykh",
        "haji",
        "hajji",
        "hadji",
        "mullah",
        "mulla",
        "maulavi",
        "mawlawi",
        "ayatollah",
        "imam",
        "sayyid",
        "general",
        "gen",
        "col",
        "colonel",
        "capt",
        "captain",
    ]
)
GENERIC = frozenset(
    [
        "bank",
        "banco",
        "banque",
        "group",
        "gruppe",
        "holding",
        "holdings",
        "international",
        "company",
        "companies",
        "co",
        "corporation",
        "corp",
        "trading",
        "general",
        "services",
        "service",
        "industries",
        "industry",
        "industrial",
        "enterprise",
        "enterprises",
        "organization",
        "organisation",
        "foundation",
        "fund",
        "national",
        "state",
        "management",
        "global",
        "investment",
        "investments",
        "development",
        "import",
        "export",
        "institute",
        "academy",
        "university",
        "ministry",
        "center",
        "centre",
        "association",
        "union",
        "for",
        "in",
    ]
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name with its words and, for an organisation, the legal form taken off."""

    text: str
    words: tuple[str, ...]
    form: str = ""

    @property
    def joined(self) -> str:
        return "".join(self.words)


def latinise(text: str) -> str:
    """The text in Latin letters, lower case."""
    return anyascii(text).lower()


def words_of(text: str) -> list[str]:
    """The words of a name; full stops and apostrophes join (`S.A.` is one word)."""
    plain = _JOINERS.sub("", latinise(text)).replace("&", " and ").replace("+", " and ")
    return [_NUMBERS.get(word, word) for word in _SPLITTERS.split(plain) if word]


@lru_cache(maxsize=200_000)
def name_of(text: str, organisation: bool = False) -> Name:
    """
    The normal form of a name.

    :param organisation: take the legal form off, wherever it stands in the name
    """
    words = words_of(text)
    if not organisation:
        kept = [word for word in words if word not in TITLES] or words
        return Name(text=text, words=tuple(kept))
    kept, form = _without_form(words)
    return Name(text=text, words=tuple(kept or words), form=form)


def _without_form(words: list[str]) -> tuple[list[str], str]:
    form = ""
    kept = list(words)
    changed = True
    while changed:
        changed = False
        for phrase, short in _PHRASES:
            size = len(phrase)
            if len(kept) <= size:
                continue
            if tuple(kept[-size:]) == phrase:
                kept, changed = kept[:-size], True
            elif tuple(kept[:size]) == phrase and phrase not in (("as",), ("ad",), ("co",)):
                kept, changed = kept[size:], True
            if changed:
                form = form if form and short == "inc" else short
                break
    return kept, form
