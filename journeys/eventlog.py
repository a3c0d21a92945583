"""A log in columns, put in order once for all that is computed on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
MICROSECONDS = 1_000_000
#: Cells of a table of cases by activities that are counted at a time.
_CELLS = 4_000_000


def _nothing() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Log:
    """
    Events in columns, in file order.

    :param cases: the case of each event, as a number
    :param activities: the index of each event's activity in `names`
    :param starts: when each event began, in microseconds
    :param ends: when it ended; its start where it has no end
    :param names: the activities' names
    :param actors: who did it, as a number, -1 where nobody is named; may be empty
    :param phases: 1 where a record says that work starts, 2 that it is complete, 0 otherwise
        (`lifecycle:transition` of XES); may be empty
    """

    cases: Ints
    activities: Ints
    starts: Ints
    ends: Ints
    names: Sequence[str]
    actors: Ints = field(default_factory=_nothing)
    phases: Ints = field(default_factory=_nothing)


class Ordered:
    """
    A log by case and time; events of one case and instant keep the order of the file.

    `first` and `last` are the places where each case begins and ends, `index` numbers the cases
    from 0 as they stand, `order` says where each event stood in the log.
    """

    def __init__(self, log: Log) -> None:
        self.names = list(log.names)
        self.order = _order(log)
        order = self.order

        def take(column: Ints) -> Ints:
            return column if order is None else column[order]

        self.cases: Ints = take(log.cases)
        self.activities: Ints = take(log.activities)
        self.starts: Ints = take(log.starts)
        self.ends: Ints = take(log.ends)
        self.actors: Ints = take(log.actors) if log.actors.size else log.actors
        self.phases: Ints = take(log.phases) if log.phases.size else log.phases
        changes = np.flatnonzero(self.cases[1:] != self.cases[:-1]) + 1
        size = self.cases.size
        self.first: Ints = np.concatenate(([0], changes)) if size else changes
        self.last: Ints = np.concatenate((changes - 1, [size - 1])) if size else changes

    @property
    def size(self) -> int:
        return int(self.cases.size)

    @cached_property
    def lengths(self) -> Ints:
        return self.last - self.first + 1

    @cached_property
    def index(self) -> Ints:
        return np.repeat(np.arange(self.first.size), self.lengths)

    @cached_property
    def moves(self) -> Ints:
        """The places of events that another event of their case follows."""
        return np.flatnonzero(self.cases[1:] == self.cases[:-1])

    @cached_property
    def waits(self) -> Ints:
        """From the end of each move's first event to the start of its second, in microseconds."""
        return self.starts[self.moves + 1] - self.ends[self.moves]

    @cached_property
    def pairs(self) -> Ints:
        """Each move as one number: source times the number of activities, plus target."""
        return self.activities[self.moves] * len(self.names) + self.activities[self.moves + 1]

    @cached_property
    def closes(self) -> Ints:
        """The latest end within each case."""
        return np.maximum.reduceat(self.ends, self.first) if self.size else _nothing()

    @cached_property
    def passed(self) -> tuple[Ints, Ints]:
        """By activity: the cases that pass it, and those that pass it more than once."""
        names = len(self.names)
        passing, again = np.zeros(names, np.int64), np.zeros(names, np.int64)
        for begin, end in self.chunks():
            places = slice(int(self.first[begin]), int(self.last[end - 1]) + 1)
            cells = (self.index[places] - begin) * names + self.activities[places]
            counts = np.bincount(cells, minlength=(end - begin) * names).reshape(-1, names)
            passing += np.count_nonzero(counts, axis=0)
            again += np.count_nonzero(counts > 1, axis=0)
        return passing, again

    def chunks(self) -> list[tuple[int, int]]:
        """Runs of cases of which a table by activities stays small."""
        step = max(_CELLS // max(len(self.names), 1), 1)
        cases = self.first.size
        return [(begin, min(begin + step, cases)) for begin in range(0, cases, step)]


def runs(keys: Ints) -> tuple[Ints, Ints]:
    """Where each run of equal neighbours begins, and how long it is."""
    first = np.concatenate(([0], np.flatnonzero(keys[1:] != keys[:-1]) + 1)) if keys.size else keys
    return first, np.diff(np.append(first, keys.size))


def by_group(groups: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Both sorted by group, then by value."""
    if not values.size:
        return groups, values
    low = int(values.min())
    bits = (int(values.max()) - low).bit_length()
    if int(groups.max()).bit_length() + bits > 62:
        order = np.lexsort((values, groups))
        return groups[order], values[order]
    # Group and value as one number: sorting numbers is much faster than sorting an index.
    keys = (groups << bits) | (values - low)
    keys.sort()
    return keys >> bits, (keys & ((1 << bits) - 1)) + low


def quantiles(values: Ints, first: Ints, counts: Ints, share: float) -> Floats:
    """
    The quantile of each sorted run of `values`, in seconds.

    Linearly interpolated (Hyndman and Fan, type 7), the step in whole microseconds, so that
    equal values give exactly that value.
    """
    position = (counts - 1) * share
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, counts - 1)
    low = values[first + below]
    step = (values[first + above] - low) * (position - below)
    return np.asarray((low + step) / MICROSECONDS, dtype=np.float64)


def quantile(values: Ints, share: float) -> float | None:
    """The quantile of all values together, in seconds; None of nothing."""
    if not values.size:
        return None
    found = quantiles(np.sort(values), np.array([0]), np.array([values.size]), share)
    return float(found[0])


def _order(log: Log) -> Ints | None:
    """How to put the log in order; None where it is, as what comes from a sorted file."""
    cases, starts = log.cases, log.starts
    same = cases[1:] == cases[:-1]
    if np.all(cases[1:] >= cases[:-1]) and np.all(starts[1:][same] >= starts[:-1][same]):
        return None
    # lexsort is stable, so events of one case and instant keep the order of the file.
    return np.lexsort((starts, cases))
