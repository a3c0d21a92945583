"""Reading journeys: lists, a customer's path, and friction reports within the actor's reach."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from clm.core import actors
from clm.core.models import User
from customers.selectors import reach_q
from journeys.mining import MICROSECONDS, Log, mine
from journeys.models import Journey, JourneyFeed, Touchpoint

_KEPT = 3600


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
    """

    since: date | None = None
    until: date | None = None
    complete_only: bool = False
    branch: UUID | None = None
    kind: str = ""
    channel: str = ""

    def before(self) -> "Cut":
        """The same cases in the period just before, as long as this one; needs both days."""
        if self.since is None or self.until is None:
            raise ValueError("Only a period with both its days has one before it.")
        last = self.since - timedelta(days=1)
        return replace(self, since=last - (self.until - self.since), until=last)


def visible_journeys(*, actor: User) -> QuerySet[Journey]:
    """All journeys, for those who may see journeys at all; their content obeys the reach."""
    if not actors.may(actor=actor, permission="journeys.view_journey"):
        return Journey.objects.none()
    return Journey.objects.select_related("feed")


def visible_touchpoints(*, actor: User) -> QuerySet[Touchpoint]:
    """
    Touchpoints of customers within the actor's reach, and of cases that are no customers.

    KYC steps only for those who may see KYC cases.
    """
    found = Touchpoint.objects.all()
    if not actors.may(actor=actor, permission="kyc.view_case"):
        found = found.filter(restricted=False)
    if actors.reach(actor=actor) == "all":
        return found
    nobody = Q(customer__isnull=True, journey__source=Journey.Source.IMPORTED)
    return found.filter(nobody | reach_q(actor=actor, prefix="customer__"))


def path_of_customer(*, customer_id: UUID, actor: User, limit: int = 200) -> list[Touchpoint]:
    """What one customer went through, newest first, over all journeys."""
    return list(
        visible_touchpoints(actor=actor)
        .filter(customer_id=customer_id)
        .select_related("journey")
        .order_by("-at", "-position")[:limit]
    )


def friction(*, journey: Journey, actor: User, cut: Cut = Cut()) -> dict[str, Any]:
    """
    The friction report of a journey, as far as the actor reaches; see `mining.mine`.

    Kept for an hour, and computed anew as soon as a touchpoint has come in.
    """
    feed = JourneyFeed.objects.get(journey=journey)
    reach = actors.reach(actor=actor)
    who = "all" if reach == "all" else f"{reach}:{actor.pk}:{actor.branch_id}"
    sees_kyc = actors.may(actor=actor, permission="kyc.view_case")
    # A cut may name anything; what stands for it is short and plain.
    asked = f"{journey.pk}:{feed.revision}:{who}:{sees_kyc}:{cut}"
    key = f"friction:{hashlib.sha256(asked.encode()).hexdigest()}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = mine(load(journey=journey, actor=actor, cut=cut))
        cache.set(key, found, timeout=_KEPT)
    return found


def load(*, journey: Journey, actor: User, cut: Cut = Cut()) -> Log:
    """A journey's events in columns, read in one go; ties keep the order of the file."""
    visible = rows = visible_touchpoints(actor=actor).filter(journey=journey)
    if cut.complete_only:
        rows = rows.filter(transition__in=["", "complete"])
    if cut.branch:
        rows = rows.filter(customer__branch=cut.branch)
    if cut.kind:
        rows = rows.filter(customer__kind=cut.kind)
    if cut.channel:
        used = visible.filter(channel=cut.channel).order_by().values("case_id")
        rows = rows.filter(case_id__in=used)
    frame = _frame(rows)
    if frame.empty:
        nothing = np.empty(0, dtype=np.int64)
        return Log(nothing, nothing, nothing, nothing, [])
    frame = frame.sort_values("position", kind="stable")
    cases, _names = pd.factorize(frame["case_id"])
    activities, names = pd.factorize(frame["activity"])
    log = Log(
        cases=cases.astype(np.int64),
        activities=activities.astype(np.int64),
        starts=frame["at"].to_numpy(dtype=np.int64),
        ends=frame["ended_at"].to_numpy(dtype=np.int64),
        names=[str(name) for name in names],
    )
    return _cut(log, cut)


def channels_of(*, journey: Journey, actor: User) -> list[str]:
    """The channels that the journey's touchpoints name, in order of the alphabet."""
    rows = visible_touchpoints(actor=actor).filter(journey=journey).exclude(channel="")
    return list(rows.order_by("channel").values_list("channel", flat=True).distinct())


def customers_at(
    *, journey: Journey, actor: User, activity: str, limit: int = 200
) -> Sequence[Mapping[str, Any]]:
    """The customers who passed an activity, latest first, with the case they are in."""
    rows = (
        visible_touchpoints(actor=actor)
        .filter(journey=journey, activity=activity)
        .order_by("-at")
        .values("case_id", "customer_id", "customer__display_name", "at")
    )
    return [dict(row) for row in rows[:limit]]


def _frame(rows: QuerySet[Touchpoint]) -> pd.DataFrame:
    columns = rows.order_by().values_list(
        "case_id", "activity", "at", Coalesce("ended_at", "at"), "position"
    )
    sql, params = columns.query.sql_with_params()
    with connection.cursor() as cursor:
        inner = cursor.mogrify(sql, params).decode()
        names = "(case_id, activity, at, ended_at, position)"
        wanted = ", ".join(
            f"(extract(epoch FROM {name}) * {MICROSECONDS})::bigint" for name in ("at", "ended_at")
        )
        target = io.StringIO()
        cursor.copy_expert(
            f"COPY (SELECT case_id, activity, {wanted}, position FROM ({inner}) AS t {names})"
            " TO STDOUT WITH (FORMAT csv, FORCE_QUOTE (case_id, activity))",
            target,
        )
    target.seek(0)
    kinds: dict[str, Any] = {"case_id": str, "activity": str}
    kinds |= dict.fromkeys(("at", "ended_at", "position"), "int64")
    return pd.read_csv(
        target,
        names=["case_id", "activity", "at", "ended_at", "position"],
        dtype=kinds,
        keep_default_na=False,
    )  # fmt: skip


def _cut(log: Log, cut: Cut) -> Log:
    if cut.since is None and cut.until is None:
        return log
    first = np.full(int(log.cases.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, log.cases, log.starts)
    keep = np.ones(first.size, dtype=bool)
    if cut.since is not None:
        keep &= first >= _microseconds(cut.since, time.min)
    if cut.until is not None:
        keep &= first <= _microseconds(cut.until, time.max)
    chosen = keep[log.cases]
    return Log(
        cases=log.cases[chosen],
        activities=log.activities[chosen],
        starts=log.starts[chosen],
        ends=log.ends[chosen],
        names=log.names,
    )


def _microseconds(day: date, moment: time) -> int:
    here = datetime.combine(day, moment, tzinfo=timezone.get_default_timezone())
    return round(here.timestamp() * MICROSECONDS)
