"""The structure that is computed on: parties and the stakes between them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Key = Hashable
Holdings = Mapping[Key, Mapping[Key, Fraction]]


@dataclass(frozen=True, slots=True)
class Stake:
    """`owner` holds `share` of the capital and `votes` of the votes in `company`, both of 1."""

    owner: Key
    company: Key
    share: Fraction
    votes: Fraction


@dataclass(frozen=True)
class Structure:
    """
    Stakes between parties; several between the same two add up.

    :param persons: who is a natural person; everybody else is an organisation
    :param nominees: who holds for whom; what a nominee holds is its principals', in equal parts
    """

    stakes: Sequence[Stake]
    persons: Collection[Key]
    nominees: Mapping[Key, Sequence[Key]] = field(default_factory=dict)

    def holdings(self, measure: Callable[[Stake], Fraction]) -> dict[Key, dict[Key, Fraction]]:
        """What each owner holds: `{owner: {company: part}}`, nominees owned by their principals."""
        found: dict[Key, dict[Key, Fraction]] = defaultdict(dict)
        for stake in self.stakes:
            # What a nominee's own owners have in it is no part of what it holds for others.
            if (part := measure(stake)) > 0 and stake.company not in self.nominees:
                held = found[stake.owner]
                held[stake.company] = held.get(stake.company, Fraction(0)) + part
        for nominee, principals in self.nominees.items():
            for principal in principals:
                held = found[principal]
                held[nominee] = held.get(nominee, Fraction(0)) + Fraction(1, len(principals))
        return dict(found)

    def is_end(self, key: Key) -> bool:
        """A natural person who holds in their own name."""
        return key in self.persons and key not in self.nominees


def by_capital(stake: Stake) -> Fraction:
    return stake.share


def by_votes(stake: Stake) -> Fraction:
    return stake.votes


def turned(holdings: Holdings) -> dict[Key, dict[Key, Fraction]]:
    """The same from the other end: `{company: {owner: part}}`."""
    found: dict[Key, dict[Key, Fraction]] = defaultdict(dict)
    for owner, held in holdings.items():
        for company, part in held.items():
            found[company][owner] = part
    return dict(found)


def upstream(owners: Holdings, target: Key) -> set[Key]:
    """Everybody who holds in the target, in its owners, in theirs, …, and the target."""
    seen = {target}
    waiting = [target]
    while waiting:
        for owner in owners.get(waiting.pop(), ()):
            if owner not in seen:
                seen.add(owner)
                waiting.append(owner)
    return seen


def within(holdings: Holdings, nodes: Collection[Key]) -> dict[Key, dict[Key, Fraction]]:
    """The holdings between these parties only."""
    return {
        owner: {company: part for company, part in held.items() if company in nodes}
        for owner, held in holdings.items()
        if owner in nodes
    }


def components(nodes: Iterable[Key], holdings: Holdings) -> list[list[Key]]:
    """
    Groups of parties that hold in each other round a loop (Tarjan, 1972), a party in no loop
    alone; what is held comes before who holds it.
    """
    index: dict[Key, int] = {}
    low: dict[Key, int] = {}
    stack: list[Key] = []
    standing: set[Key] = set()
    found: list[list[Key]] = []
    for root in nodes:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        standing.add(root)
        work = [(root, iter(holdings.get(root, {})))]
        while work:
            node, held = work[-1]
            for follower in held:
                if follower not in index:
                    index[follower] = low[follower] = len(index)
                    stack.append(follower)
                    standing.add(follower)
                    work.append((follower, iter(holdings.get(follower, {}))))
                    break
                if follower in standing:
                    low[node] = min(low[node], index[follower])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    group = []
                    while True:
                        member = stack.pop()
                        standing.discard(member)
                        group.append(member)
                        if member == node:
                            break
                    found.append(group[::-1])
    return found
