"""Two words: typing errors, other spellings of a sound, initials, nicknames."""

from rapidfuzz.distance import DamerauLevenshtein

from kyc.features.nicknames import one_name
from kyc.scripts import skeleton, sound

#: Below it two words are two names.
ALIKE = 0.83
#: What wrong letters cost, as a share of the word, and what a wrong first one costs beside.
EDIT, BEGINNING = 0.6, 0.04


def alike(a: str, b: str) -> float:
    """How alike two words are, 0 to 1; an initial stands for a word that begins with it."""
    if a == b:
        return 1.0
    if a.isdigit() or b.isdigit():
        return 0.0
    shorter = min(len(a), len(b))
    if shorter == 1:
        return 0.9 if a[0] == b[0] else 0.0
    heard_a, heard_b = sound(a), sound(b)
    if heard_a == heard_b:
        return 0.97
    if one_name(a, b):
        return 0.92
    longest = max(len(a), len(b))
    if longest <= 3 and sorted(a) == sorted(b):
        return 0.88  # two letters changed places
    allowed = 0 if longest <= 3 else 1 if longest <= 6 else 2 if longest <= 10 else 3
    edits = min(
        DamerauLevenshtein.distance(heard_a, heard_b, score_cutoff=allowed),
        DamerauLevenshtein.distance(a, b, score_cutoff=allowed),
    )
    if edits > allowed:
        return 0.0
    near = 1 - EDIT * edits / longest
    return near if heard_a[0] == heard_b[0] or a[0] == b[0] else near - BEGINNING


def alike_without_vowels(a: str, b: str) -> float:
    """How alike two words are of which one was written without vowels."""
    bones_a, bones_b = skeleton(a), skeleton(b)
    if bones_a == bones_b:
        return 0.95 if len(bones_a) > 1 else 0.86
    if max(len(bones_a), len(bones_b)) < 4:
        return 0.0
    return 0.86 if DamerauLevenshtein.distance(bones_a, bones_b, score_cutoff=1) == 1 else 0.0
