"""A part of a journey's events in columns, within the actor's reach."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone

from clm.core import actors
from clm.core.models import User
from customers.models import Customer
from customers.selectors import reach_q
from journeys.eventlog import MICROSECONDS, Ints, Log, Ordered
from journeys.metrics.working_time import COMPLETE, START
from journeys.models import Journey

if TYPE_CHECKING:
    import polars as pl

    from journeys.columns import Columns


@dataclass(frozen=True)
class Cut:
    """
    Which part of a journey a report is about.

    :param since: cases that began on this day or later
    :param until: cases that began on this day or earlier
    :param complete_only: leave out what is not the completion of an activity
    :param branch: cases of customers of this branch
    :param kind: cases of customers of this kind
    :param channel: cases that used this channel at least once
    :param segment: cases of customers of this segment
    """

    since: date | None = None
    until: date | None = None
    complete_only: bool = False
    branch: UUID | None = None
    kind: str = ""
    channel: str = ""
    segment: str = ""

    def before(self) -> "Cut":
        """The same cases in the period just before, as long as this one; needs both days."""
        if self.since is None or self.until is None:
            raise ValueError("Only a period with both its days has one before it.")
        last = self.since - timedelta(days=1)
        return replace(self, since=last - (self.until - self.since), until=last)


#: The whole journey.
EVERYTHING = Cut()


@dataclass(frozen=True)
class Loaded:
    """
    A log in order, and whose its cases are.

    :param case_ids: of each case, in the order of the log's cases; empty where not asked for
    :param customer_ids: the customer of each case, empty texts for none
    """

    log: Ordered
    case_ids: list[str]
    customer_ids: list[str]

    def groups(self, of: Mapping[str, str]) -> tuple[Ints, list[str]]:
        """The group of each case by its customer's, as places in the labels; -1 for none."""
        labels = sorted(set(of.values()))
        places = {label: place for place, label in enumerate(labels)}
        found = [places.get(of.get(one, ""), -1) for one in self.customer_ids]
        return np.array(found, dtype=np.int64), labels


def load(*, journey: Journey, actor: User, cut: Cut = EVERYTHING, whose: bool = False) -> Loaded:
    """
    The events of a part of a journey, as far as the actor reaches.

    :param whose: also read which case and which customer each event belongs to
    """
    import polars as pl

    from journeys import columns

    kept = columns.columns_of(journey=journey)
    rows = _within_reach(kept.frame, journey, actor)
    if cut.channel:
        channel = _code(kept, "channel", cut.channel)
        used = rows.filter(pl.col("channel") == channel).select("case").unique()
        rows = rows.join(used, on="case", how="semi", maintain_order="left")
    if cut.branch or cut.kind or cut.segment:
        rows = rows.filter(pl.col("customer_id").is_in(_ids(_chosen(cut))))
    if cut.complete_only:
        codes = [_code(kept, "transition", word) for word in ("", "complete")]
        rows = rows.filter(pl.col("transition").is_in(codes))
    wanted = ["case", "activity", "at", "ended_at", "actor", "transition"]
    if cut.since or cut.until:
        began = pl.col("at").min().over("case")
        if cut.since:
            rows = rows.filter(began >= _microseconds(cut.since, time.min))
        if cut.until:
            # Asked again of what is left, which are whole cases.
            rows = rows.filter(began <= _microseconds(cut.until, time.max))
    frame = rows.select(*wanted, *(("case_id", "customer_id") if whose else ())).collect()
    return _loaded(frame, kept, whose)


def _loaded(frame: "pl.DataFrame", kept: "Columns", whose: bool) -> Loaded:
    activities = frame.get_column("activity").to_numpy().astype(np.int64)
    # Activities that the cut has none of would be rows of noughts everywhere.
    used = np.flatnonzero(np.bincount(activities)) if activities.size else activities
    dense = np.zeros(int(used.max()) + 1 if used.size else 0, dtype=np.int64)
    dense[used] = np.arange(used.size)
    nobody = _code(kept, "actor", "")
    actor = frame.get_column("actor").to_numpy().astype(np.int64)
    ordered = Ordered(
        Log(
            cases=frame.get_column("case").to_numpy().astype(np.int64),
            activities=dense[activities],
            starts=frame.get_column("at").to_numpy(),
            ends=frame.get_column("ended_at").to_numpy(),
            names=[kept.words["activity"][place] for place in used.tolist()],
            actors=np.where(actor == nobody, -1, actor),
            phases=_phases(frame, kept),
        )
    )
    if not whose:
        return Loaded(ordered, [], [])
    places = ordered.first if ordered.order is None else ordered.order[ordered.first]
    one = frame.select("case_id", "customer_id")[places.tolist()]
    return Loaded(
        ordered, one.get_column("case_id").to_list(), one.get_column("customer_id").to_list()
    )


def _phases(frame: "pl.DataFrame", kept: "Columns") -> Ints:
    words = kept.words["transition"]
    if "start" not in words:
        return np.empty(0, dtype=np.int64)
    kinds = np.zeros(len(words), dtype=np.int64)
    kinds[words.index("start")] = START
    if "complete" in words:
        kinds[words.index("complete")] = COMPLETE
    return np.asarray(kinds[frame.get_column("transition").to_numpy()])


def _within_reach(rows: "pl.LazyFrame", journey: Journey, actor: User) -> "pl.LazyFrame":
    """The same rule as `visible_touchpoints`, on columns."""
    import polars as pl

    if not actors.may(actor=actor, permission="kyc.view_case"):
        rows = rows.filter(~pl.col("restricted"))
    if actors.reach(actor=actor) == "all":
        return rows
    mine = pl.col("customer_id").is_in(_ids(Customer.objects.filter(reach_q(actor=actor))))
    if journey.source == Journey.Source.IMPORTED:
        mine |= pl.col("customer_id") == ""
    return rows.filter(mine)


def _chosen(cut: Cut) -> QuerySet[Customer]:
    found = Customer.objects.all()
    if cut.branch:
        found = found.filter(branch=cut.branch)
    if cut.kind:
        found = found.filter(kind=cut.kind)
    if cut.segment:
        found = found.filter(insight__segment=cut.segment)
    return found


def _ids(customers: QuerySet[Customer]) -> list[str]:
    return [str(key) for key in customers.order_by().values_list("pk", flat=True)]


def _code(kept: "Columns", name: str, word: str) -> int:
    """The place of a word, or one that no event has."""
    words = kept.words[name]
    return words.index(word) if word in words else 2**32 - 1


def _microseconds(day: date, moment: time) -> int:
    here = datetime.combine(day, moment, tzinfo=timezone.get_default_timezone())
    return round(here.timestamp() * MICROSECONDS)
