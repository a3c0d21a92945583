"""
What speaks for and against a match, one module a kind of evidence.

Each feature is pure, gives points out of 100 (negative ones speak against) and says in a code
with parameters what it saw; the score of a comparison is the sum of its features.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

SAME, SIMILAR, DIFFERENT, MISSING = "same", "similar", "different", "missing"


@dataclass(frozen=True, slots=True)
class Feature:
    """
    One piece of evidence.

    :param code: what was compared and how it came out, such as `born_differs`
    :param points: its part of the score
    :param facts: what the sentence shown for `code` mentions
    """

    code: str
    points: float
    facts: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "points": round(self.points, 1), "facts": self.facts}


@dataclass(frozen=True, slots=True)
class Birth:
    """A date of birth as lists state it: a span of days, perhaps an estimate."""

    first: date
    last: date
    circa: bool = False

    @classmethod
    def stated(cls, held: Mapping[str, Any]) -> "Birth":
        """As an entry keeps it: `{"first", "last", "circa"}` with ISO dates."""
        return cls(
            date.fromisoformat(held["first"]), date.fromisoformat(held["last"]), held["circa"]
        )


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a comparison."""

    names: tuple[str, ...]
    kind: str = ""  # "person", "organisation", "vessel", "aircraft" or unknown
    births: tuple[Birth, ...] = ()
    countries: frozenset[str] = frozenset()
    # Names the list calls weak: too common to carry a match alone.
    weak: frozenset[str] = frozenset()
    # Numbers of papers and registers, bare: letters and digits alone, upper case.
    identifiers: frozenset[str] = frozenset()
    gender: str = ""  # "male", "female" or unknown
