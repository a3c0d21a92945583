"""What is measured of a project's steps and actions, and what it comes to in money."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Avg
from django.utils import timezone

from clm.core.models import Branch, User
from customers.models import CustomerInsight, PartyKind
from customers.selectors import reach_q
from journeys.activities import RESTS
from journeys.eventlog import MICROSECONDS, Ints
from journeys.metrics import effect
from journeys.models import Journey, MappingProject, MapStep, PlannedAction
from journeys.selectors.cuts import Cut, load
from journeys.selectors.measured import Assumptions, analysis, assumed_value

#: How long after its date an action is looked at.
WINDOW_DAYS = 90
_AXES = {"branch", "channel", "segment", "kind"}


@dataclass(frozen=True)
class Effect:
    """
    An action's measured effect, or why there is none yet.

    :param state: `open` (not done), `unbound` (it does not say what is measured), `waiting` (too
        few cases), `unclear` (the interval holds nought), `shown`
    :param since: first day of the period before; `until`: last day of the one after
    :param found: see the metric `effect`
    """

    state: str
    since: date | None = None
    until: date | None = None
    found: dict[str, Any] | None = None


def value_of(*, project: MappingProject, actor: User) -> float | None:
    """What a customer is worth a year: what the project assumes, else what is earned on average."""
    if project.customer_value is not None:
        return float(project.customer_value)
    return assumed_value(actor=actor)


def step_measures(
    *, project: MappingProject, step: MapStep, actor: User, at: datetime
) -> dict[str, Any]:
    """
    What is measured of a step's activities within the actor's reach; empty where nothing is.

    `activities`, `cases`, `wait_median_s` and `friction` (of the worst), `abandoned`, and
    `cost_year` with its interval (the sums).
    """
    if project.journey is None or not step.activities:
        return {}
    assumed = Assumptions(value=value_of(project=project, actor=actor))
    found = analysis(journey=project.journey, actor=actor, assumptions=assumed, at=at)
    rows = [one for one in found["steps"] if one["activity"] in set(step.activities)]
    if not rows:
        return {}
    worst = max(rows, key=lambda one: one["friction"])
    measured: dict[str, Any] = {
        "on": timezone.localdate(at).isoformat(),
        "activities": [one["activity"] for one in rows],
        "cases": max(one["cases"] for one in rows),
        "wait_median_s": worst["wait_median_s"],
        "friction": worst["friction"],
        "abandoned": sum(one["abandoned"] for one in rows),
    }
    for name in ("cost_year", "cost_low", "cost_high"):
        known = [one[name] for one in rows if one[name] is not None]
        measured[name] = sum(known) if known else None
    return measured


def effect_of(*, action: PlannedAction, actor: User, at: datetime) -> Effect:
    """
    What changed after an action was done, against the period before and the comparison group.

    The two periods are equally long: as many days as have gone by since, 90 at most; the day it
    was done on is in neither.
    """
    journey = action.project.journey
    if action.done_on is None:
        return Effect("open")
    if journey is None or not action.is_measurable:
        return Effect("unbound")
    days = min(WINDOW_DAYS, (timezone.localdate(at) - action.done_on).days)
    if days < 1:
        return Effect("waiting", found={"sizes": [0, 0, 0, 0], "needed": effect.LEAST})
    day = timedelta(days=1)
    after = Cut(since=action.done_on + day, until=action.done_on + days * day)
    before = Cut(since=action.done_on - days * day, until=action.done_on - day)
    found = _compare(action, journey, actor, before, after)
    state = "waiting" if not found["known"] else "shown" if found["shown"] else "unclear"
    return Effect(state, before.since, after.until, found)


def _compare(
    action: PlannedAction, journey: Journey, actor: User, before: Cut, after: Cut
) -> dict[str, Any]:
    was, now = (_period(action, journey, actor, cut) for cut in (before, after))
    return effect.compute(
        now.log,
        before=was,
        groups=now.groups,
        until=now.until,
        metric=action.metric,
        activity=action.activity,
        expected=None if action.expected is None else float(action.expected),
        endings=RESTS if journey.source == Journey.Source.LIFE_CYCLE else (),
    )


def _period(action: PlannedAction, journey: Journey, actor: User, cut: Cut) -> effect.Period:
    whole = load(journey=journey, actor=actor, cut=cut, whose=True)
    reached = _cases(action, action.group, journey, actor, cut)
    compared = _cases(action, action.versus, journey, actor, cut) if action.versus else None
    groups: Ints = np.array(
        [
            effect.REACHED
            if one in reached
            else effect.COMPARED
            if compared is None or one in compared
            else effect.NEITHER
            for one in whole.case_ids
        ],
        dtype=np.int64,
    )
    assert cut.until is not None
    end = datetime.combine(cut.until, time.max, tzinfo=timezone.get_default_timezone())
    return effect.Period(whole.log, groups, round(end.timestamp() * MICROSECONDS))


def _cases(
    action: PlannedAction, group: str, journey: Journey, actor: User, cut: Cut
) -> frozenset[str]:
    chosen: Any = group
    if action.group_by == PlannedAction.GroupBy.BRANCH:
        try:
            chosen = UUID(group)
        except ValueError:
            return frozenset()
    if action.group_by not in _AXES:
        return frozenset()
    narrowed = replace(cut, **{action.group_by: chosen})
    return frozenset(load(journey=journey, actor=actor, cut=narrowed, whose=True).case_ids)


def group_name(*, group_by: str, group: str) -> str:
    """Whom an action reaches, in words."""
    if group_by == PlannedAction.GroupBy.BRANCH:
        try:
            found = Branch.objects.filter(pk=UUID(group)).first()
        except ValueError:
            found = None
        return found.name if found else group
    if group_by == PlannedAction.GroupBy.KIND and group in PartyKind.values:
        return str(PartyKind(group).label)
    return group.capitalize() if group.islower() else group


@dataclass(frozen=True)
class Assumed:
    """What the business impact rests on; every figure of it can be seen and changed."""

    value: float
    years: float
    horizon_days: int
    #: How much of what is lost could be kept.
    achieved: float


@dataclass(frozen=True)
class Scenario:
    """One way it may turn out."""

    name: str
    assumed: Assumed
    kept: float
    a_year: float
    lifetime: float


@dataclass(frozen=True)
class Impact:
    """
    What the journey's friction comes to, and what it would be worth to have less of it.

    :param conversion: share of the decided cases that reached their end
    :param lost: customers lost a year
    :param by_one: how the yearly figure moves when one assumption alone does: name, low, high
    """

    cases: int
    conversion: float | None
    given_up: int
    lost: float
    delay_cost: float
    assumed: Assumed
    lifetime_value: float
    lifetime_measured: float | None
    scenarios: list[Scenario]
    by_one: list[tuple[str, float, float]]


#: Share of the lost customers kept: little, the middle, much; and how worth and years vary.
ACHIEVED = {"low": 0.1, "mid": 0.25, "high": 0.4}
VARIED = {"low": 0.7, "mid": 1.0, "high": 1.3}


def impact_of(*, project: MappingProject, actor: User, at: datetime) -> Impact | None:
    """Conversion, lost customers and lifetime value of the bound journey; None without events."""
    if project.journey is None:
        return None
    value = value_of(project=project, actor=actor) or 0.0
    found = analysis(
        journey=project.journey, actor=actor, assumptions=Assumptions(value=value), at=at
    )
    if not found["report"]["events"]:
        return None
    given = found["abandonment"]
    decided = found["report"]["cases"] - given["open"]
    factor = found["year_factor"]
    lost = given["cases"] * factor
    delays = sum(found["delays"].values()) * factor * value / 365
    years = float(project.customer_years)
    middle = Assumed(value, years, Assumptions().horizon_days, ACHIEVED["mid"])
    scenarios = [
        _scenario(name, lost, replace(middle, value=value * VARIED[name], achieved=ACHIEVED[name]))
        for name in ("low", "mid", "high")
    ]
    return Impact(
        cases=found["report"]["cases"],
        conversion=(decided - given["cases"]) / decided if decided else None,
        given_up=given["cases"],
        lost=lost,
        delay_cost=delays,
        assumed=middle,
        lifetime_value=value * years,
        lifetime_measured=_lifetime(actor),
        scenarios=scenarios,
        by_one=[
            (
                name,
                _scenario("", lost, _with(middle, name, low)).lifetime,
                _scenario("", lost, _with(middle, name, high)).lifetime,
            )
            for name, low, high in (
                ("achieved", ACHIEVED["low"], ACHIEVED["high"]),
                ("value", value * VARIED["low"], value * VARIED["high"]),
                ("years", years * VARIED["low"], years * VARIED["high"]),
            )
        ],
    )


def _with(assumed: Assumed, name: str, value: float) -> Assumed:
    changed: dict[str, Any] = {name: value}
    return replace(assumed, **changed)


def _scenario(name: str, lost: float, assumed: Assumed) -> Scenario:
    kept = lost * assumed.achieved
    return Scenario(name, assumed, kept, kept * assumed.value, kept * assumed.value * assumed.years)


def _lifetime(actor: User) -> float | None:
    """What the model of lifetime value says on average, where it has spoken."""
    found = CustomerInsight.objects.filter(
        reach_q(actor=actor, prefix="customer__"), value__isnull=False
    ).aggregate(mean=Avg("value"))["mean"]
    return None if found is None else float(found)
