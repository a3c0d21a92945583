"""Who decides: a holder with the majority in a company holds whatever that company holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from customers.law import Threshold
from customers.ownership.graph import Holdings, Key


@dataclass(frozen=True, slots=True)
class Group:
    """
    :param members: those that began, and every company that they control
    :param held: by line, what the group holds in each company that it touches
    """

    members: frozenset[Key]
    held: tuple[dict[Key, Fraction], ...]


def group_of(start: Iterable[Key], lines: Sequence[tuple[Holdings, Threshold]]) -> Group:
    """
    Everything that these control together, straight or through what they control: the smallest
    such group, so that companies in a circle do not lift each other.

    :param lines: kinds of holdings (votes; or capital and votes), each with the threshold from
        which a company joins the group; either is enough
    """
    members = set(start)
    waiting = list(members)
    held: tuple[dict[Key, Fraction], ...] = tuple({} for _line in lines)
    while waiting:
        holder = waiting.pop()
        for (holdings, line), sums in zip(lines, held, strict=True):
            for company, part in holdings.get(holder, {}).items():
                sums[company] = sums.get(company, Fraction(0)) + part
                if company not in members and line.met_by(sums[company]):
                    members.add(company)
                    waiting.append(company)
    return Group(frozenset(members), held)
