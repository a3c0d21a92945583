"""Whether listed parties together own so much of an organisation that it is treated as listed."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from customers.law import SanctionsRule, Threshold
from customers.ownership.control import group_of
from customers.ownership.graph import Key, Structure, by_capital, by_votes, turned, upstream, within


@dataclass(frozen=True, slots=True)
class ListedOwnership:
    """
    :param rule: the rule that was asked (`EU`, `OFAC`)
    :param met: the organisation is treated as listed
    :param capital: what listed parties, and organisations treated as listed, hold in it
    :param votes: the same of the votes; a majority of them is control
    :param through: the organisations that are treated as listed on the way
    """

    rule: str
    met: bool
    capital: Fraction
    votes: Fraction
    through: tuple[Key, ...]


def listed_ownership(
    structure: Structure,
    target: Key,
    *,
    listed: Collection[Key],
    rule: SanctionsRule,
    control: Threshold,
) -> ListedOwnership:
    """
    What listed parties hold is added up, and an organisation that meets the rule counts as
    listed itself, with all that it holds (OFAC, 13 August 2014, and the Union's best practices:
    both aggregate, and both go down the chain without multiplying).

    :param control: from which share of the votes there is control
    """
    lines = []
    start: set[Key] = set()
    for measure, line in ((by_capital, rule.aggregate), (by_votes, control)):
        holdings = structure.holdings(measure)
        nodes = upstream(turned(holdings), target)
        start |= {key for key in listed if key in nodes and key != target}
        lines.append((within(holdings, nodes), line))
    group = group_of(start, lines)
    capital, votes = (sums.get(target, Fraction(0)) for sums in group.held)
    return ListedOwnership(
        rule=rule.name,
        met=target in group.members,
        capital=capital,
        votes=votes,
        through=tuple(sorted(group.members - start - {target}, key=str)),
    )
