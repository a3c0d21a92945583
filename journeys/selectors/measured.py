"""What is measured on a part of a journey, kept until something changes."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import numpy as np
from django.core.cache import cache
from django.db.models import Max, Sum

from clm.core import actors
from clm.core.models import User
from customers.models import Customer
from customers.selectors import reach_q
from journeys.activities import RESTS
from journeys.eventlog import MICROSECONDS, Ints, Ordered
from journeys.metrics import (
    abandonment,
    before_after,
    drop_off,
    handovers,
    ping_pong,
    slow_groups,
    working_time,
)
from journeys.metrics import friction as friction_metric
from journeys.metrics import funnel as funnel_metric
from journeys.mining import mine
from journeys.models import Journey, JourneyFeed, TouchedCase
from journeys.selectors.cuts import EVERYTHING, Cut, Loaded, load

M = TypeVar("M")
_KEPT = 3600
# Grows when a definition changes, so that nothing counted by the old one is shown.
_RULES = 2
SHOWN = 200


@dataclass(frozen=True)
class Assumptions:
    """
    What friction in money rests on.

    :param value: what a customer is worth a year; None tells no money
    :param norm_days: waiting that nobody calls a delay
    :param horizon_days: how long nothing has to happen until a case counts as given up
    """

    value: float | None = None
    norm_days: float = friction_metric.NORM_DAYS
    horizon_days: int = abandonment.HORIZON_DAYS


#: What is assumed where nobody says otherwise.
USUAL = Assumptions()


@dataclass(frozen=True)
class Place:
    """A step, or the way from it to another."""

    step: str = ""
    target: str = ""


def friction(*, journey: Journey, actor: User, cut: Cut = EVERYTHING) -> dict[str, Any]:
    """
    The friction report of a journey, as far as the actor reaches; see `mining.mine`.

    Kept for an hour, and computed anew as soon as a touchpoint has come in or changed.
    """
    return remembered(
        journey, actor, ("friction", cut),
        lambda: mine(load(journey=journey, actor=actor, cut=cut).log),
    )  # fmt: skip


def analysis(
    *,
    journey: Journey,
    actor: User,
    cut: Cut = EVERYTHING,
    assumptions: Assumptions = USUAL,
    at: datetime,
) -> dict[str, Any]:
    """
    The report, and beyond it: friction of each step with money, days of delay by way, who waits
    longer and gives up more often by branch, hand-overs, back and forth, given up, working and
    waiting. All of it is of one reading: events that come in meanwhile are in none of it.
    """
    now = _now(journey, at)

    def measure() -> dict[str, Any]:
        loaded = load(journey=journey, actor=actor, cut=cut, whose=True)
        log = loaded.log
        groups, labels = loaded.groups(_branches(loaded))
        norm, endings = assumptions.norm_days, _endings(journey)
        until: dict[str, Any] = {
            "horizon_days": assumptions.horizon_days, "now": now, "endings": endings,
        }  # fmt: skip
        return {
            "report": mine(log),
            "steps": friction_metric.compute(log, value=assumptions.value, norm_days=norm, **until),
            "delays": friction_metric.delay_days_by_way(log, norm_days=norm, endings=endings),
            "year_factor": friction_metric.year_factor(log),
            "slow": slow_groups.compute(log, groups=groups, labels=labels, **until),
            "drop_off": drop_off.compute(log, groups=groups, labels=labels, **until),
            "abandonment": abandonment.compute(log, **until),
            "handovers": handovers.compute(log),
            "ping_pong": ping_pong.compute(log),
            "working": working_time.compute(log),
        }

    return remembered(journey, actor, ("analysis", cut, assumptions, at.date()), measure)


def change(*, journey: Journey, actor: User, cut: Cut, at: datetime) -> dict[str, Any]:
    """How the period of the cut differs from the one before it; see the metric before_after."""
    return remembered(
        journey, actor, ("change", cut, at.date()),
        lambda: before_after.compute(
            load(journey=journey, actor=actor, cut=cut).log,
            before=load(journey=journey, actor=actor, cut=cut.before()).log,
            now=_now(journey, at),
            endings=_endings(journey),
        ),
    )  # fmt: skip


def funnel(
    *,
    journey: Journey,
    actor: User,
    steps: Sequence[str],
    kind: str = "ordered",
    cut: Cut = EVERYTHING,
) -> list[dict[str, Any]]:
    """How many cases get from the first of the steps to the last, by branch; see the metric."""

    def measure() -> list[dict[str, Any]]:
        loaded = load(journey=journey, actor=actor, cut=cut, whose=True)
        groups, labels = loaded.groups(_branches(loaded))
        return funnel_metric.compute(
            loaded.log, steps=steps, kind=kind, groups=groups, labels=labels
        )

    found: list[dict[str, Any]] = remembered(
        journey, actor, ("funnel", cut, tuple(steps), kind), measure
    )
    return found


def cases_at(
    *, journey: Journey, actor: User, place: Place, cut: Cut = EVERYTHING, limit: int = SHOWN
) -> tuple[int, list[dict[str, Any]]]:
    """
    The cases that pass a step or go a way: how many, and those that waited longest after it.

    Only what lies within the actor's reach; with the customer where the case is one's.
    """
    loaded = load(journey=journey, actor=actor, cut=cut, whose=True)
    log = loaded.log
    cases, waits, times = _passing(log, place)
    order = np.argsort(-waits, kind="stable")[:limit]
    chosen = [loaded.customer_ids[case] for case in cases[order].tolist()]
    names: dict[str, str] = {
        str(key): name
        for key, name in Customer.objects.filter(
            reach_q(actor=actor), pk__in={one for one in chosen if one}
        ).values_list("pk", "display_name")
    }
    return int(cases.size), [
        {
            "case_id": loaded.case_ids[case],
            "customer_id": customer if customer in names else "",
            "name": names.get(customer, ""),
            "wait": None if wait < -(2**61) else wait / MICROSECONDS,
            "at": datetime.fromtimestamp(at / MICROSECONDS, tz=UTC),
        }
        for case, wait, at, customer in zip(
            cases[order].tolist(), waits[order].tolist(), times[order].tolist(), chosen, strict=True
        )
    ]


def assumed_value(*, actor: User) -> float | None:
    """What the customers within reach who have something earn the bank in a year, on average."""
    reach = actors.reach(actor=actor)
    key = f"journeys-value:{reach}:{'' if reach == 'all' else actor.pk}"
    found = cache.get(key)
    if found is None:
        rows = (
            Customer.objects.filter(reach_q(actor=actor), holdings__income_per_year__isnull=False)
            .order_by()
            .values("pk")
            .annotate(income=Sum("holdings__income_per_year"))
            .values_list("income", flat=True)
        )
        incomes = [float(income) for income in rows]
        found = (sum(incomes) / len(incomes),) if incomes else ()
        cache.set(key, found, timeout=_KEPT)
    return found[0] if found else None


def _passing(log: Ordered, place: Place) -> tuple[Ints, Ints, Ints]:
    """The cases at a place, each once with its longest wait there and when that began."""
    names = {name: number for number, name in enumerate(log.names)}
    step, target = names.get(place.step, -1), names.get(place.target, -1)
    if place.target:
        at = log.moves[
            (log.activities[log.moves] == step) & (log.activities[log.moves + 1] == target)
        ]
    else:
        at = np.flatnonzero(log.activities == step)
    waits = np.full(log.size, -(2**62), dtype=np.int64)
    waits[log.moves] = log.waits
    order = np.lexsort((-waits[at], log.index[at]))
    at = at[order]
    _cases, where = np.unique(log.index[at], return_index=True)
    at = at[where]
    return log.index[at], waits[at], log.starts[at]


def _branches(loaded: Loaded) -> dict[str, str]:
    """The branch of each customer of the log, by name."""
    wanted = {one for one in loaded.customer_ids if one}
    if not wanted:
        return {}
    rows = Customer.objects.filter(branch__isnull=False)
    if len(wanted) < 5_000:
        rows = rows.filter(pk__in=wanted)
    return {str(key): name for key, name in rows.values_list("pk", "branch__name")}


def _endings(journey: Journey) -> frozenset[str]:
    """Of the platform's own steps it is known where nobody waits; of others the log tells."""
    return RESTS if journey.source == Journey.Source.LIFE_CYCLE else frozenset()


def _now(journey: Journey, at: datetime) -> int | None:
    """A log from elsewhere ends with its last event; the platform's own goes on until now."""
    if journey.source == Journey.Source.IMPORTED:
        return None
    return round(at.timestamp() * MICROSECONDS)


def remembered(
    journey: Journey, actor: User, asked: tuple[Any, ...], measure: Callable[[], M]
) -> M:
    """What was measured of it before, or is now; kept for whoever reaches the same."""
    feed = JourneyFeed.objects.get(journey=journey)
    changed = TouchedCase.objects.filter(journey=journey).aggregate(last=Max("xact_id"))["last"]
    reach = actors.reach(actor=actor)
    who = "all" if reach == "all" else f"{reach}:{actor.pk}:{actor.branch_id}"
    sees_kyc = actors.may(actor=actor, permission="kyc.view_case")
    # What is asked may name anything; what stands for it is short and plain.
    text = f"{_RULES}:{journey.pk}:{feed.revision}:{changed}:{who}:{sees_kyc}:{asked}"
    key = f"journeys:{hashlib.sha256(text.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = measure()
        cache.set(key, found, timeout=_KEPT)
    return cast("M", found)
