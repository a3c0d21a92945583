"""Maps as they are drawn, and what is measured at their steps."""

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Avg, Count, QuerySet

from clm.core import actors
from clm.core.models import User
from journeys.metrics import conformance
from journeys.models import (
    Journey,
    JourneyMap,
    MapCard,
    MapComment,
    MapEmotion,
    MapLane,
    MapStep,
    MapVersion,
    Persona,
)
from journeys.selectors.cuts import load
from journeys.selectors.measured import Assumptions, analysis, assumed_value, remembered
from journeys.selectors.visible import visible_touchpoints

#: So long measured figures may be behind on a map, which is read every two seconds by many.
_BEHIND = 60


@dataclass(frozen=True)
class Measure:
    """
    What is measured at one activity, within the reader's reach.

    :param wait: median seconds waited after it; `p90` is what nine in ten stay under
    :param friction: 0 to 100
    :param lost: share of the cases given up after it
    :param tone: average sentiment, -2 to +2, of so many `tones`
    """

    activity: str
    cases: int
    events: int
    wait: float | None
    p90: float | None
    friction: int
    lost: float
    again: float
    cost: float | None
    tone: float | None = None
    tones: int = 0


@dataclass
class Board:
    """
    A map with everything that stands on it.

    :param cells: cards by lane and step
    :param felt: the chosen persona's feeling by step; `other` is that on the map beside it
    :param talk: how many open comments a step or card has
    """

    map: JourneyMap
    steps: list[MapStep]
    lanes: list[MapLane]
    cells: dict[tuple[UUID, UUID], list[MapCard]]
    personas: list[Persona]
    persona: Persona | None
    felt: dict[UUID, Decimal]
    other: dict[UUID, Decimal]
    talk: dict[UUID, int]
    measured: dict[UUID, list[Measure]] = field(default_factory=dict)

    def worst(self, step: UUID) -> Measure | None:
        """Of what is measured at a step, where most is lost."""
        return max(self.measured.get(step, ()), key=lambda one: one.friction, default=None)

    def volume(self, step: UUID) -> int | None:
        """How many cases pass the step: those of its most frequent activity."""
        return max((one.cases for one in self.measured.get(step, ())), default=None)


def visible_maps(*, actor: User) -> QuerySet[JourneyMap]:
    """All maps, for those who may see maps: they tell of nobody; what is measured obeys the reach."""
    if not actors.may(actor=actor, permission="journeys.view_journeymap"):
        return JourneyMap.objects.none()
    return JourneyMap.objects.select_related("journey", "counterpart", "owner")


def visible_personas(*, actor: User) -> QuerySet[Persona]:
    if not actors.may(actor=actor, permission="journeys.view_persona"):
        return Persona.objects.none()
    return Persona.objects.all()


def cards_of(*, of: JourneyMap) -> QuerySet[MapCard]:
    """What can be seen on a map: cards of steps and lanes that are there."""
    found = MapCard.objects.filter(map=of, removed_at=None)
    return found.filter(lane__removed_at=None, step__removed_at=None).order_by("order", "pk")


def visible_cards(*, actor: User) -> QuerySet[MapCard]:
    """The cards of all maps that the actor sees."""
    return MapCard.objects.filter(
        map__in=visible_maps(actor=actor), removed_at=None
    ).select_related("map")


def beside(*, of: JourneyMap) -> JourneyMap | None:
    """The as-is of a to-be, or the newest to-be of an as-is."""
    if of.kind == JourneyMap.Kind.TO_BE:
        return of.counterpart
    return of.futures.order_by("-created_at").first()


def board(
    *,
    of: JourneyMap,
    actor: User,
    at: datetime,
    persona: str = "",
    other: JourneyMap | None = None,
) -> Board:
    """
    A map as it is now, in a fixed number of statements.

    :param persona: whose feelings; the first on the map where it is none of them
    :param other: the map whose curve is drawn beside
    """
    steps = list(of.steps.filter(removed_at=None).order_by("order", "pk"))
    lanes = list(of.lanes.filter(removed_at=None).order_by("order", "pk"))
    cells: dict[tuple[UUID, UUID], list[MapCard]] = defaultdict(list)
    for card in (
        of.cards.filter(removed_at=None).select_related("author").order_by("order", "pk")
    ):  # fmt: skip
        cells[card.lane_id, card.step_id].append(card)
    people = list(of.personas.order_by("name", "pk"))
    who = next((one for one in people if str(one.pk) == persona), people[0] if people else None)
    talk: dict[UUID, int] = defaultdict(int)
    rows = MapComment.objects.filter(map=of, resolved_at=None).order_by()
    for step_id, card_id, count in rows.values_list("step_id", "card_id").annotate(n=Count("pk")):
        talk[step_id or card_id] += count
    return Board(
        map=of,
        steps=steps,
        lanes=lanes,
        cells=dict(cells),
        personas=people,
        persona=who,
        felt=felt_by(of=of, persona=who),
        other=_felt_beside(steps, other, who) if other else {},
        talk=dict(talk),
        measured=measured(of=of, steps=steps, actor=actor, at=at),
    )


def measured(
    *, of: JourneyMap, steps: Sequence[MapStep], actor: User, at: datetime
) -> dict[UUID, list[Measure]]:
    """What is measured at each step that is bound to activities."""
    if of.journey is None or not any(one.activities for one in steps):
        return {}
    known = activities(journey=of.journey, actor=actor, at=at)
    found = {step.pk: [known[name] for name in step.activities if name in known] for step in steps}
    return {key: rows for key, rows in found.items() if rows}


def activities(*, journey: Journey, actor: User, at: datetime) -> dict[str, Measure]:
    """Every activity of a journey with its figures, within reach; at most a minute old."""
    reach = actors.reach(actor=actor)
    who = "all" if reach == "all" else f"{reach}:{actor.pk}:{actor.branch_id}"
    sees_kyc = actors.may(actor=actor, permission="kyc.view_case")
    key = f"journeys-map:{journey.pk}:{who}:{sees_kyc}"
    found: dict[str, Measure] | None = cache.get(key)
    if found is None:
        found = _measure(journey, actor, at)
        cache.set(key, found, timeout=_BEHIND)
    return found


def conforms(
    *, journey: Journey, actor: User, steps: Sequence[Sequence[str]]
) -> dict[str, Any] | None:
    """
    How far real cases go the way that is drawn; see the metric conformance. None where fewer
    than two steps are bound.

    :param steps: the activities of each bound step, in the order drawn; those of one step may
        come in any order
    """
    bound = [list(dict.fromkeys(one)) for one in steps if one]
    if len(bound) < 2:
        return None
    ways = [(a, b) for one, other in itertools.pairwise(bound) for a in one for b in other]
    ways += [(a, b) for one in bound for a in one for b in one if a != b]
    drawn = hashlib.sha256(repr(bound).encode()).hexdigest()
    found: dict[str, Any] = remembered(
        journey, actor, ("conformance", drawn),
        lambda: conformance.compute(
            load(journey=journey, actor=actor).log, ways=ways, begins=bound[0], ends=bound[-1]
        ),
    )  # fmt: skip
    return found


def comments_on(*, of: JourneyMap, step: Any = None, card: Any = None) -> list[MapComment]:
    """What was said about a step or a card, open ones first, the newest on top."""
    found = MapComment.objects.filter(map=of).select_related("author", "resolved_by")
    found = found.filter(card=card) if card else found.filter(step=step)
    return list(found.order_by("resolved_at", "-created_at")[:200])


def comments_on_map(*, of: JourneyMap) -> list[MapComment]:
    """The newest open comments of the whole map, each with what it is about."""
    found = MapComment.objects.filter(map=of, resolved_at=None)
    return list(found.select_related("author", "step", "card").order_by("-created_at")[:12])


def versions_of(*, of: JourneyMap) -> list[MapVersion]:
    """The map's versions, newest first, without their content."""
    rows = MapVersion.objects.filter(map=of).select_related("author").defer("content")
    return list(rows.order_by("-number")[:200])


def felt_by(*, of: JourneyMap, persona: Persona | None) -> dict[UUID, Decimal]:
    """How a persona feels, by step."""
    if persona is None:
        return {}
    rows = MapEmotion.objects.filter(map=of, persona=persona, value__isnull=False)
    return {key: value for key, value in rows.values_list("step_id", "value") if value is not None}


def _felt_beside(
    steps: Sequence[MapStep], other: JourneyMap, who: Persona | None
) -> dict[UUID, Decimal]:
    """The other map's feelings at the steps of this one, through which one came from which."""
    felt = felt_by(of=other, persona=who)
    mine = {one.pk for one in steps}
    found = {one.pk: felt[one.origin_id] for one in steps if one.origin_id in felt}
    for key, origin in other.steps.filter(removed_at=None).values_list("pk", "origin_id"):
        if origin in mine and key in felt:
            found[origin] = felt[key]
    return found


def _measure(journey: Journey, actor: User, at: datetime) -> dict[str, Measure]:
    own = journey.source == Journey.Source.LIFE_CYCLE
    value = assumed_value(actor=actor) if own else None
    # As the explorer asks it, so that both read what was counted once.
    found = analysis(journey=journey, actor=actor, assumptions=Assumptions(value=value), at=at)
    tones: Mapping[str, tuple[float, int]] = {
        name: (float(tone), count)
        for name, tone, count in visible_touchpoints(actor=actor)
        .filter(journey=journey, sentiment__isnull=False)
        .order_by()
        .values_list("activity")
        .annotate(tone=Avg("sentiment"), n=Count("pk"))
    }
    return {
        one["activity"]: Measure(
            activity=one["activity"],
            cases=one["cases"],
            events=one["events"],
            wait=one["wait_median_s"],
            p90=one["wait_p90_s"],
            friction=one["friction"],
            lost=one["abandoned_share"],
            again=one["again"],
            cost=one["cost_year"],
            tone=tones.get(one["activity"], (None, 0))[0],
            tones=tones.get(one["activity"], (None, 0))[1],
        )
        for one in found["steps"]
    }
