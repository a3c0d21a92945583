"""The beneficial owners of an organisation under a law's rule, with the whole arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from customers.law import OwnershipRule
from customers.ownership.amounts import NOTHING, Amount
from customers.ownership.control import Group, group_of
from customers.ownership.effective import Effective, effective
from customers.ownership.graph import (
    Holdings,
    Key,
    Structure,
    by_capital,
    by_votes,
    turned,
    upstream,
    within,
)
from customers.ownership.paths import Path, ways

Ground = Literal["ownership", "votes", "control", "controlled_interest", "interest_in_controller"]
#: How many entities that control the target are looked into (AMLR art. 54), the nearest first.
CONTROLLERS = 25


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Something in the record that cannot be true, or keeps the sum from being known.

    `over_full`, `over_voted`: more than the whole of a company is held, `amount` says how much;
    `closed_loop`: companies that own each other wholly; `several_principals`: a nominee for
    several, taken in equal parts; `at_the_line`: known by bounds only, and the line lies between.
    """

    code: str
    parties: tuple[Key, ...]
    amount: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """
    A natural person behind the target.

    :param capital: effective share of the capital; `votes` the same of the votes
    :param group_votes: votes in the target held by the person and all that the person controls
    :param controlled: the companies that the person controls on the way
    :param in_controller: an entity that controls the target, and the person's share of it
    :param grounds: why a beneficial owner; empty for nobody's
    :param paths: ways to the target; `round` is what is left of `capital` beyond them
    """

    key: Key
    capital: Amount
    votes: Amount
    group_votes: Fraction
    controlled: tuple[Key, ...]
    in_controller: tuple[Key, Amount] | None
    grounds: tuple[Ground, ...]
    paths: tuple[Path, ...]
    round: Amount


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    :param basis: `ownership` (or control), `management` when no such person is found and the
        senior managers stand in, `none` when there are none either
    :param holders: every natural person with a share, the largest first
    :param units: how much of the target's capital each party is, wholly owned
    :param gaps: who holds it is not recorded: an organisation, and how much of the target that is
    :param paths_complete: what an owner has beyond the paths shown goes round a loop
    """

    target: Key
    basis: Literal["ownership", "management", "none"]
    owners: tuple[Holder, ...]
    holders: tuple[Holder, ...]
    managers: tuple[Key, ...]
    units: Mapping[Key, Amount]
    gaps: tuple[tuple[Key, Amount], ...]
    loops: tuple[tuple[Key, ...], ...]
    problems: tuple[Problem, ...]
    paths_complete: bool

    @property
    def accounted(self) -> Amount:
        """What all natural persons together hold."""
        total = NOTHING
        for holder in self.holders:
            total = total + holder.capital
        return total


@dataclass(frozen=True)
class _Side:
    """Capital, or votes, as they lead to the target."""

    holdings: Holdings
    owners: Holdings
    found: Effective

    def of(self, key: Key) -> Amount:
        total = NOTHING
        for company, part in self.holdings.get(key, {}).items():
            total = total + Amount.exactly(part) * self.found.unit[company]
        return total


def beneficial_owners(
    structure: Structure, target: Key, rule: OwnershipRule, *, directors: Sequence[Key] = ()
) -> Outcome:
    """
    All natural persons who own or control the target, and which of them the rule names.

    Effective shares multiply along chains and add across them; circular holdings are the sum of
    their endless series. A share that is exactly the threshold is decided exactly.

    :param directors: the target's management, the fallback where nobody is named
    """
    capital = _side(structure.holdings(by_capital), target)
    votes = _side(structure.holdings(by_votes), target)
    shown = ways(capital.owners, target, structure.is_end)
    everybody = {key for side in (capital, votes) for key in side.holdings}
    persons = sorted((key for key in everybody if structure.is_end(key)), key=str)
    controllers = _controllers(structure, target, votes, rule) if rule.coexistence_source else {}
    problems = [*_overfull(structure, capital, votes), *_loops_closed(capital, votes)]
    problems += [
        Problem("several_principals", (nominee, *principals))
        for nominee, principals in structure.nominees.items()
        if len(principals) > 1 and nominee in everybody
    ]
    holders = []
    for key in persons:
        group = group_of([key], [(votes.holdings, rule.control)])
        holder, doubtful = _holder(
            key, target, group, capital, votes, rule,
            _best(key, controllers), tuple(shown.of.get(key, ())),
        )  # fmt: skip
        holders.append(holder)
        if doubtful:
            problems.append(Problem("at_the_line", (key,)))
    holders.sort(key=lambda one: (-one.capital.middle, -one.votes.middle, str(one.key)))
    owners = tuple(one for one in holders if one.grounds)
    managers = () if owners else tuple(directors)
    return Outcome(
        target=target,
        basis="ownership" if owners else "management" if managers else "none",
        owners=owners,
        holders=tuple(holders),
        managers=managers,
        units=capital.found.unit,
        gaps=_gaps(structure, capital),
        loops=tuple(tuple(group) for group in capital.found.loops),
        problems=tuple(problems),
        paths_complete=shown.complete,
    )


def _side(holdings: Holdings, target: Key) -> _Side:
    owners = turned(holdings)
    nodes = upstream(owners, target)
    inside = within(holdings, nodes)
    ordered = sorted(nodes, key=str)
    return _Side(inside, turned(inside), effective(inside, target, ordered))


def _holder(
    key: Key,
    target: Key,
    group: Group,
    capital: _Side,
    votes: _Side,
    rule: OwnershipRule,
    in_controller: tuple[Key, Amount] | None,
    paths: tuple[Path, ...],
) -> tuple[Holder, bool]:
    own, voting = capital.of(key), votes.of(key)
    held = group.held[0].get(target, Fraction(0))
    direct = votes.holdings.get(key, {}).get(target, Fraction(0))
    tests: dict[Ground, bool | None] = {
        "ownership": own.meets(rule.interest),
        "votes": voting.meets(rule.interest),
        "control": rule.control.met_by(held),
        "controlled_interest": held > direct and rule.interest.met_by(held),
        "interest_in_controller": in_controller is not None
        and in_controller[1].meets(rule.interest),
    }
    # What cannot be told from the line counts as over it: nobody is left out by rounding.
    grounds = tuple(ground for ground, met in tests.items() if met is not False)
    holder = Holder(
        key=key,
        capital=own,
        votes=voting,
        group_votes=held,
        controlled=tuple(sorted(group.members - {key, target}, key=str)),
        in_controller=in_controller if "interest_in_controller" in grounds else None,
        grounds=grounds,
        paths=paths,
        round=own.less(sum((path.product for path in paths), Fraction(0))),
    )
    return holder, None in tests.values()


def _controllers(
    structure: Structure, target: Key, votes: _Side, rule: OwnershipRule
) -> dict[Key, _Side]:
    """The organisations that control the target, each with its own owners."""
    found: dict[Key, _Side] = {}
    holdings = structure.holdings(by_capital)
    waiting, seen = [target], {target}
    looked = 0
    while waiting and looked < CONTROLLERS:
        for owner in votes.owners.get(waiting.pop(0), {}):
            if owner in seen or structure.is_end(owner):
                continue
            seen.add(owner)
            waiting.append(owner)
            looked += 1
            if target in group_of([owner], [(votes.holdings, rule.control)]).members:
                found[owner] = _side(holdings, owner)
    return found


def _best(key: Key, controllers: Mapping[Key, _Side]) -> tuple[Key, Amount] | None:
    best: tuple[Key, Amount] | None = None
    for controller, side in controllers.items():
        share = side.of(key)
        if share and (best is None or share.middle > best[1].middle):
            best = (controller, share)
    return best


def _overfull(structure: Structure, capital: _Side, votes: _Side) -> list[Problem]:
    found = []
    for code, side in (("over_full", capital), ("over_voted", votes)):
        for company, owners in side.owners.items():
            total = sum(owners.values(), Fraction(0))
            if total > 1 and company not in structure.nominees:
                found.append(Problem(code, (company,), total))
    # Where capital and votes are the same, saying it once is enough.
    capital_too = {(one.parties, one.amount) for one in found if one.code == "over_full"}
    return [
        one
        for one in found
        if one.code == "over_full" or (one.parties, one.amount) not in capital_too
    ]


def _loops_closed(capital: _Side, votes: _Side) -> list[Problem]:
    groups = {tuple(sorted(group, key=str)) for group in capital.found.closed}
    groups |= {tuple(sorted(group, key=str)) for group in votes.found.closed}
    return [Problem("closed_loop", group) for group in sorted(groups, key=str)]


def _gaps(structure: Structure, capital: _Side) -> tuple[tuple[Key, Amount], ...]:
    found = []
    for key, unit in capital.found.unit.items():
        if structure.is_end(key):
            continue
        rest = 1 - sum(capital.owners.get(key, {}).values(), Fraction(0))
        if rest > 0 and unit:
            found.append((key, Amount.exactly(rest) * unit))
    return tuple(sorted(found, key=lambda one: (-one[1].middle, str(one[0]))))
