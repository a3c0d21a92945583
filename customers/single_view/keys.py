"""
Keys under which records that may be one customer meet (blocking). Pure functions.

Each key is forgiving in one thing and strict in others, so that a record which errs in one
thing still meets its twin under another key.
"""

import re
from collections.abc import Iterator

from clm.core import crypto
from customers.single_view.facts import Facts

NAME_AND_YEAR, DATE_AND_INITIALS, PHONE, EMAIL, IDENTIFIER, ADDRESS, NAME_AND_PLACE, COMPANY = (
    range(1, 9)
)

# What sounds alike in Danish names is written alike; the order matters.
_SOUNDS = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        ("sch|sj", "s"), ("ph", "f"), ("th", "t"), ("ch|ck|kh|q", "k"), ("c(?=[eiy])", "s"),
        ("c", "k"), ("aa", "o"), ("[aeo]e|oy|oi", "e"), ("x", "ks"), ("[wv]", "v"), ("z", "s"),
        ("y|(?<=.)j", "i"), ("(?<=[ln])d", ""), ("b", "p"), ("g", "k"), ("d", "t"),
        ("(?<=.)h", ""),
    )
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aeiou]")


def phonetic(word: str) -> str:
    """
    How a word of `danish.words` sounds, roughly: Christensen and Kristensen, Soerensen and
    Sorensen, Madsen and Matsen are one.
    """
    sound = word
    for pattern, letters in _SOUNDS:
        sound = pattern.sub(letters, sound)
    first, rest = sound[:1], sound[1:]
    # Which vowel it is tells little, so that all at the beginning count as one.
    first = _VOWELS.sub("a", first)
    return _DOUBLED.sub(r"\1", first + _VOWELS.sub("", rest)) or word[:1]


def keys(facts: Facts) -> set[tuple[int, int]]:
    """`(kind, key)` of every key the facts allow; eight bytes of a keyed hash each."""
    return {(kind, _hash(kind, text)) for kind, text in _texts(facts)}


def _texts(facts: Facts) -> Iterator[tuple[int, str]]:
    sound = _sound(facts)
    if facts.kind == "person" and sound:
        if facts.born_on:
            yield NAME_AND_YEAR, f"{sound} {facts.born_on.year}"
            initials = "".join(
                sorted({facts.given[0][:1] if facts.given else "", facts.family[-1][:1]})
            )
            yield DATE_AND_INITIALS, f"{facts.born_on} {initials}"
        yield from (
            (NAME_AND_PLACE, f"{sound} {code}") for _street, code in facts.addresses if code
        )
    elif sound:
        yield COMPANY, sound
    yield from ((PHONE, one) for one in facts.phones)
    yield from ((EMAIL, one) for one in facts.emails)
    yield from ((IDENTIFIER, f"{kind} {index.hex()}") for kind, index in facts.identifiers)
    initial = facts.words[0][:1] if facts.words else ""
    yield from (
        (ADDRESS, f"{street} {code} {initial}") for street, code in facts.addresses if street
    )


def _sound(facts: Facts) -> str:
    """First given name and last family name of a person; two telling words of a company."""
    if not facts.family:
        return ""
    if facts.kind == "person":
        parts = [*facts.given[:1], facts.family[-1]]
    else:
        parts = sorted(facts.family[:2])
    return " ".join(phonetic(part) for part in parts)


def _hash(kind: int, text: str) -> int:
    index = crypto.blind_index(value=text, purpose=f"customers.match.{kind}")
    return int.from_bytes(index[:8], "big", signed=True)
