"""Names in any script: in Latin letters, as they are heard, and by their consonants alone."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# How a sound is written at the beginning of a word, and anywhere, in the order of replacing.
_BEGINNINGS = (("hs", "sh"), ("x", "sh"))
_SPELLINGS = (
    ("ph", "f"), ("kh", "h"), ("gh", "g"), ("ck", "k"), ("sch", "sh"), ("tch", "ch"), ("cz", "ch"),
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("iy", "i"), ("ij", "i"), ("yi", "i"), ("y", "i"),
    ("w", "v"), ("q", "k"), ("j", "i"), ("x", "ks"), ("th", "t"), ("dh", "d"), ("zh", "sh"),
)  # fmt: skip
# Signs, emoji and what cannot be seen; gaps that take no room are gaps.
_SILENT = frozenset(["So", "Sk", "Cf", "Cc", "Co", "Cs", "Cn"])
GAPS = re.compile("[\u200b\u2060\ufeff\u00ad]")
# A word with Latin letters and others that look like them: the others are in disguise.
_MIXED = re.compile(r"(?=\w*[A-Za-z])\w*[\u0370-\u04ff]\w*")
_LOOK = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
    "\u03b1\u03bf\u03bd\u03c1\u03b9\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "aeopcyxijsdABEKMHOPCTYXIJSaovpiABEZHIKMNOPTYX",
)
_ABJAD = re.compile("[\u0590-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Vowel points, and the stroke that makes a word wider.
_MARKS = re.compile("[\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0640]")
# `Abdullah`, `Abdul-`, and the article, which stand as one word with what follows.
_ARABIC = (
    (re.compile(r"(?<!\w)\u0639\u0628\u062f\s?\u0627?\u0644\u0644[\u0647\u06c1]"), "abdullah"),
    (re.compile(r"(?<!\w)\u0639\u0628\u062f\s?\u0627\u0644(?=\w)"), "abdul "),
    (re.compile(r"(?<!\w)\u0627\u0644(?=\w)"), "al "),
)
_CONSONANTS = (
    ("sch", "x"), ("sh", "x"), ("ch", "x"), ("kh", "k"), ("gh", "g"), ("th", "s"), ("dh", "s"),
    ("zh", "g"), ("ph", "f"), ("q", "k"), ("c", "k"), ("j", "g"), ("p", "b"), ("v", "f"), ("z", "s"),
)  # fmt: skip


def latinise(text: str) -> str:
    """The text in Latin letters, lower case; letters that only look Latin are what they look."""
    if not text.isascii():
        text = GAPS.sub(" ", unicodedata.normalize("NFKC", text))
        text = "".join(one for one in text if unicodedata.category(one) not in _SILENT)
        text = _MIXED.sub(lambda word: word[0].translate(_LOOK), text)
        if written_without_vowels(text):
            text = _MARKS.sub("", text)
            for pattern, latin in _ARABIC:
                text = pattern.sub(latin, text)
    return anyascii(text).lower()


def written_without_vowels(text: str) -> bool:
    """Whether a name is in Arabic or Hebrew letters, which write few vowels."""
    return _ABJAD.search(text) is not None


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """A word without vowels, one letter a consonant: what it shares with the same in Arabic."""
    for written, heard in _CONSONANTS:
        word = word.replace(written, heard)
    kept = [letter for letter in word if letter not in "aeiouyw"]
    bones = "".join(one for at, one in enumerate(kept) if at == 0 or one != kept[at - 1])
    return bones.removesuffix("h") or bones


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """A word as it is heard: one letter for the spellings of a sound, none doubled."""
    for start, heard in _BEGINNINGS:
        if word.startswith(start):
            word = heard + word[len(start) :]
            break
    for written, heard in _SPELLINGS:
        if written in word:
            word = word.replace(written, heard)
    return "".join(letter for i, letter in enumerate(word) if i == 0 or letter != word[i - 1])
