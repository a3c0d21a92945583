"""
Which of several values becomes the customer's: pure, by the rules in force, explained.

Policies: `trusted` takes the source with the best rank; `recent` the value that began latest;
`longest` the most complete; `manual` what a person wrote, else the most trusted. Under every
policy a person's word stands until a source says something new after it. Equally good sources
that differ are a conflict: nothing is chosen, a person is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: The system under which people's own corrections are kept.
MANUAL = "manual"
#: A system without a rank comes after all that have one.
UNRANKED = 100
POLICIES = ("trusted", "recent", "longest", "manual")

#: The fields with one value each; contacts are lists, to which every source adds its own.
FIELDS = (
    "given_names",
    "family_name",
    "name",
    "born_on",
    "birth_place",
    "nationalities",
    "residence_country",
    "tax_countries",
    "language",
    "occupation",
    "legal_form",
    "address",
)
#: What holds until a bank puts rules of its own in force.
SHIPPED_POLICIES: dict[str, str] = {
    **dict.fromkeys(FIELDS, "trusted"),
    "occupation": "recent",
    "address": "recent",
}
SHIPPED_RANKS: dict[str, dict[str, int]] = {MANUAL: {"*": 1}}


@dataclass(frozen=True)
class Rules:
    """A version of the rules as the choice needs it."""

    policies: Mapping[str, str] = field(default_factory=lambda: SHIPPED_POLICIES)
    ranks: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: SHIPPED_RANKS)
    number: int = 0

    def policy(self, name: str) -> str:
        return self.policies.get(name) or SHIPPED_POLICIES.get(name, "trusted")

    def rank(self, system: str, name: str) -> int:
        """The rank of a system for a field: its own, else the system's, 1 being the best."""
        own = self.ranks.get(system, {})
        return int(own.get(name, own.get("*", UNRANKED)))


@dataclass(frozen=True)
class Candidate:
    """A value as one source gives it, since when; `source_id` names its source record, if any."""

    system: str
    value: Any
    since: datetime
    source_id: str = ""


@dataclass(frozen=True)
class Choice:
    """
    The golden value of a field with its source, and the other values that there are.

    On a `conflict` the value is the one that stands already (or the newest), chosen by nobody.
    """

    field: str
    winner: Candidate
    policy: str
    rank: int
    rivals: tuple[Candidate, ...] = ()
    agreeing: tuple[Candidate, ...] = ()
    contested: tuple[Candidate, ...] = ()

    @property
    def value(self) -> Any:
        return self.winner.value

    @property
    def conflict(self) -> bool:
        return bool(self.contested)


def choose(
    *, field: str, candidates: Sequence[Candidate], rules: Rules, current: Any = None
) -> Choice | None:
    """
    The golden value of one field; None when no source gives any.

    :param current: what the record says now, which stands while sources conflict
    """
    given = [one for one in candidates if not _empty(one.value)]
    if not given:
        return None
    policy = rules.policy(field)
    best = _best(field, given, policy, rules)
    contested = best if len(_distinct(best)) > 1 else []
    if contested:
        standing = [one for one in contested if same(one.value, current)]
        winner = max(standing or contested, key=lambda one: one.since)
    else:
        winner = max(best, key=lambda one: (one.since, one.system))
    others = [one for one in given if one is not winner]
    return Choice(
        field=field,
        winner=winner,
        policy=policy,
        rank=rules.rank(winner.system, field),
        rivals=tuple(one for one in others if not same(one.value, winner.value)),
        agreeing=tuple(one for one in others if same(one.value, winner.value)),
        contested=tuple(contested),
    )


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same: case, spaces and the order of a list do not count."""
    return bool(_plain(one) == _plain(other))


def _best(field: str, given: Sequence[Candidate], policy: str, rules: Rules) -> list[Candidate]:
    by_hand = [one for one in given if one.system == MANUAL]
    newest = max(one.since for one in given)
    if by_hand and (policy == "manual" or any(one.since >= newest for one in by_hand)):
        last = max(one.since for one in by_hand)
        return [one for one in by_hand if one.since == last]

    def order(one: Candidate) -> tuple[Any, ...]:
        rank = -rules.rank(one.system, field)
        if policy == "recent":
            return (one.since, rank)
        if policy == "longest":
            return (_length(one.value), rank)
        return (rank,)

    top = max(order(one) for one in given)
    return [one for one in given if order(one) == top]


def _distinct(candidates: Sequence[Candidate]) -> list[Any]:
    found: list[Any] = []
    for one in candidates:
        if not any(same(one.value, known) for known in found):
            found.append(one.value)
    return found


def _length(value: Any) -> int:
    return len(str(_plain(value)))


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return tuple(
            (name, _plain(value[name])) for name in sorted(value) if not _empty(value[name])
        )
    if isinstance(value, (list, tuple, set)):
        return tuple(sorted(str(_plain(one)) for one in value))
    return " ".join(str("" if value is None else value).casefold().split())
