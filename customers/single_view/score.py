"""
How likely two records are one customer: points per feature that add up to the score. Pure.

From `THRESHOLD` points on a person looks at the pair. Missing facts give no points either way:
absence is no evidence. Two different numbers of one kind (two CPR numbers) weigh most against.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from customers.single_view.facts import Facts

THRESHOLD = 60
SAME, SIMILAR, DIFFERENT, MISSING = "same", "similar", "different", "missing"
FEATURES = ("name", "born_on", "identifier", "phone", "email", "address")
#: `(same, similar, different)`; a similar name gives points by how similar it is.
POINTS = {
    "name": (38, 32, -25),
    "born_on": (32, 12, -30),
    "identifier": (60, 0, -40),
    "phone": (20, 0, -3),
    "email": (20, 6, -2),
    "address": (15, 4, -4),
}
_NAME_FLOOR = 0.85


@dataclass(frozen=True)
class Reason:
    """One feature, how the two compare in it, and what that is worth."""

    feature: str
    state: str
    points: int


@dataclass(frozen=True)
class Score:
    points: int
    reasons: tuple[Reason, ...]


def compare(one: Facts, other: Facts) -> Score:
    """The score of two records of one kind, the same whichever comes first."""
    reasons = tuple(
        Reason(feature, state, _points(feature, state, likeness))
        for feature, state, likeness in _states(one, other)
    )
    return Score(sum(reason.points for reason in reasons), reasons)


def _states(one: Facts, other: Facts) -> Iterator[tuple[str, str, float]]:
    yield ("name", *_name(one, other))
    yield "born_on", _born(one.born_on, other.born_on), 0
    yield "identifier", _identifier(one, other), 0
    yield "phone", _sets(one.phones, other.phones), 0
    yield "email", _email(one, other), 0
    yield "address", _address(one, other), 0


def _points(feature: str, state: str, likeness: float) -> int:
    same, similar, different = POINTS[feature]
    if feature == "name" and state == SIMILAR:
        return round(8 + (similar - 8) * (likeness - _NAME_FLOOR) / (1 - _NAME_FLOOR))
    return {SAME: same, SIMILAR: similar, DIFFERENT: different, MISSING: 0}[state]


def _name(one: Facts, other: Facts) -> tuple[str, float]:
    if not one.words or not other.words:
        return MISSING, 0
    if sorted(one.words) == sorted(other.words):
        return SAME, 1
    left, right = " ".join(sorted(one.words)), " ".join(sorted(other.words))
    likeness = max(fuzz.ratio(left, right) / 100, JaroWinkler.similarity(left, right) - 0.02)
    # A middle name left out: what remains is all there.
    if set(one.words) <= set(other.words) or set(other.words) <= set(one.words):
        enough = min(len(one.words), len(other.words)) >= 2
        likeness = max(likeness, 0.95 if enough else 0)
    return (SIMILAR, min(likeness, 1)) if likeness >= _NAME_FLOOR else (DIFFERENT, likeness)


def _born(one: date | None, other: date | None) -> str:
    if one is None or other is None:
        return MISSING
    if one == other:
        return SAME
    swapped = (one.day, one.month, one.year) == (other.month, other.day, other.year)
    slip = OSA.distance(one.isoformat(), other.isoformat()) == 1 or abs((one - other).days) == 1
    return SIMILAR if swapped or slip else DIFFERENT


def _identifier(one: Facts, other: Facts) -> str:
    if one.identifiers & other.identifiers:
        return SAME
    kinds = {kind for kind, _index in one.identifiers} & {kind for kind, _i in other.identifiers}
    return DIFFERENT if kinds else MISSING


def _sets(one: frozenset[str], other: frozenset[str]) -> str:
    if not one or not other:
        return MISSING
    return SAME if one & other else DIFFERENT


def _email(one: Facts, other: Facts) -> str:
    state = _sets(one.emails, other.emails)
    if state == DIFFERENT and any(
        JaroWinkler.similarity(left, right) >= 0.95 for left in one.emails for right in other.emails
    ):
        return SIMILAR
    return state


def _address(one: Facts, other: Facts) -> str:
    if not one.addresses or not other.addresses:
        return MISSING
    if one.addresses & other.addresses:
        return SAME
    codes = {code for _street, code in one.addresses} & {code for _s, code in other.addresses}
    return SIMILAR if codes - {""} else DIFFERENT
