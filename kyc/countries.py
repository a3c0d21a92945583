"""Country names as lists write them -> ISO 3166-1 alpha-2."""

from functools import lru_cache

from babel import Locale

from kyc.normalise import words_of

_ALSO = {
    "korea north": "KP", "korea south": "KR", "north korea": "KP", "south korea": "KR",
    "burma": "MM", "russia": "RU", "russian federation": "RU", "ivory coast": "CI",
    "congo democratic republic of the": "CD", "democratic republic of the congo": "CD",
    "congo republic of the": "CG", "congo": "CG", "bosnia and herzegovina": "BA", "the gambia": "GM",
    "gambia the": "GM", "macau": "MO", "hong kong": "HK", "west bank": "PS", "gaza": "PS",
    "palestinian": "PS", "region gaza": "PS", "turkey": "TR", "czech republic": "CZ",
    "bahamas the": "BS", "united kingdom": "GB", "uk": "GB", "usa": "US", "england": "GB",
    "macedonia the former yugoslav republic of": "MK", "virgin islands british": "VG",
    "viet nam": "VN", "state of palestine": "PS", "united republic of tanzania": "TZ",
    "democratic peoples republic of korea": "KP", "republic of korea": "KR",
    "iran islamic republic of": "IR", "syrian arab republic": "SY", "myanmar": "MM",
    "united kingdom of great britain and northern ireland": "GB",
    "lao peoples democratic republic": "LA",
    "united states of america": "US", "bolivia plurinational state of": "BO",
    "venezuela bolivarian republic of": "VE", "republic of moldova": "MD",
    "china hong kong special administrative region": "HK",
    "china macao special administrative region": "MO",
    "cabo verde": "CV", "saint kitts and nevis": "KN", "curacao": "CW", "kosovo": "XK",
}  # fmt: skip


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    found = {
        " ".join(words_of(name)): code
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code.isalpha()
    }
    return {**found, **_ALSO}


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """The codes of all countries, and those that lists use besides."""
    return frozenset({*_by_name().values()})


@lru_cache(maxsize=4096)
def code_of(text: str) -> str:
    """The country's code, or an empty text where the name is not known."""
    text = text.strip().strip(".")
    words = " ".join(words_of(text))
    if also := _ALSO.get(words):
        return also
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    return _by_name().get(words, "")
