"""Mapping projects: what is within reach, what their guards need to know, what their pages show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from clm.core import actors
from clm.core.models import User
from journeys.lifecycle import ProjectFacts
from journeys.models import (
    BankValue,
    BriefingPoint,
    Insight,
    JourneyFeed,
    MappingProject,
    MapStep,
    MomentOfTruth,
    Opportunity,
    PlannedAction,
    ResearchNote,
    SharedSolution,
)
from journeys.models.projects import ProjectPart

# Each has a `project`.
PART_MODELS: dict[str, Any] = {
    "points": BriefingPoint,
    "notes": ResearchNote,
    "moments": MomentOfTruth,
    "insights": Insight,
    "opportunities": Opportunity,
    "actions": PlannedAction,
}


@dataclass(frozen=True)
class Ranked:
    """
    An opportunity with its place among the others.

    :param money: what the friction behind it costs a year, where that is measured
    """

    place: int
    opportunity: Opportunity
    money: Decimal | None


def visible_projects(*, actor: User) -> QuerySet[MappingProject]:
    """Projects are the bank's: whoever may see one sees all; measured numbers obey the reach."""
    if not actors.may(actor=actor, permission="journeys.view_mappingproject"):
        return MappingProject.objects.none()
    return MappingProject.objects.select_related("owner", "journey", "as_is", "to_be")


def visible_parts(*, kind: str, actor: User) -> QuerySet[ProjectPart]:
    """What the modules of all projects brought forth and nobody took out again."""
    found: QuerySet[ProjectPart] = (
        PART_MODELS[kind]._default_manager.filter(removed_at=None).select_related("project")
    )
    if not actors.may(actor=actor, permission="journeys.view_mappingproject"):
        return found.none()
    return found


def bank_values(*, actor: User) -> QuerySet[BankValue]:
    """The bank's own DNA, what shows best first."""
    return BankValue.objects.order_by("-in_use", "-score", "name")


def shared_solutions(*, actor: User) -> QuerySet[SharedSolution]:
    """What the community of banks shares."""
    return SharedSolution.objects.order_by("-in_use", "name")


def project_facts(
    *, records: Sequence[MappingProject], at: datetime
) -> Mapping[UUID, ProjectFacts]:
    """The facts of the guards for many projects, in a fixed number of statements."""
    keys = [one.pk for one in records]
    standing = Q(removed_at=None)
    bound = ~Q(metric="") & ~Q(group="")

    def counted(model: Any, *conditions: Q) -> dict[UUID, int]:
        rows = model._default_manager.filter(standing, *conditions, project__in=keys).order_by()
        return dict(rows.values_list("project").annotate(Count("pk")))

    notes, insights = counted(ResearchNote), counted(Insight)
    moments, measured = counted(MomentOfTruth), counted(MomentOfTruth, ~Q(measured={}))
    opportunities = counted(Opportunity)
    with_date = Q(owner__isnull=False, due_on__isnull=False)
    planned = counted(PlannedAction, with_date)
    measurable = counted(PlannedAction, with_date, bound)
    personas = dict(
        MappingProject.objects.filter(pk__in=keys).order_by().values_list("pk").annotate(
            Count("personas")
        )
    )  # fmt: skip
    maps = [one.as_is_id for one in records if one.as_is_id]
    steps = dict(
        MapStep.objects.filter(map__in=maps, removed_at=None).order_by().values_list("map").annotate(
            Count("pk")
        )
    )  # fmt: skip
    journeys = [one.journey_id for one in records if one.journey_id]
    events = dict(JourneyFeed.objects.filter(pk__in=journeys).values_list("pk", "events"))
    return {
        one.pk: ProjectFacts(
            personas=personas.get(one.pk, 0),
            events=events.get(one.journey_id, 0) if one.journey_id else 0,
            notes=notes.get(one.pk, 0),
            steps=steps.get(one.as_is_id, 0) if one.as_is_id else 0,
            findings=moments.get(one.pk, 0) + insights.get(one.pk, 0),
            measured=measured.get(one.pk, 0),
            opportunities=opportunities.get(one.pk, 0),
            planned=planned.get(one.pk, 0),
            bound=measurable.get(one.pk, 0),
        )
        for one in records
    }


def points_of(*, project: MappingProject) -> list[BriefingPoint]:
    return list(project.points.filter(removed_at=None).order_by("kind", "pk"))


def notes_of(*, project: MappingProject) -> list[ResearchNote]:
    """The latest first."""
    found = project.notes.filter(removed_at=None).select_related("persona")
    return list(found.order_by("-held_on", "-pk"))


def themes_of(*, notes: Sequence[ResearchNote]) -> list[tuple[str, int, int]]:
    """Each theme with the notes and the people behind it, the most frequent first."""
    by_note: Counter[str] = Counter()
    by_people: Counter[str] = Counter()
    for note in notes:
        for theme in set(note.themes):
            by_note[theme] += 1
            by_people[theme] += note.people
    return sorted(
        ((theme, count, by_people[theme]) for theme, count in by_note.items()),
        key=lambda one: (-one[1], -one[2], one[0]),
    )


def moments_of(*, project: MappingProject) -> list[MomentOfTruth]:
    """In the order of the map."""
    found = project.moments.filter(removed_at=None).select_related("step")
    return list(found.order_by("step__order", "pk"))


def insights_of(*, project: MappingProject) -> list[Insight]:
    return list(project.insights.filter(removed_at=None).order_by("pk"))


def ranked_opportunities(*, project: MappingProject) -> list[Ranked]:
    """By value for the effort, then by the money behind it, then by value."""
    found = [
        (one, _money(one))
        for one in project.opportunities.filter(removed_at=None)
        .select_related("moment__step")
        .order_by("pk")
    ]
    found.sort(key=lambda one: (-one[0].worth / one[0].effort, -(one[1] or 0), -one[0].worth))
    return [Ranked(place, *one) for place, one in enumerate(found, start=1)]


def actions_of(*, project: MappingProject) -> list[PlannedAction]:
    """What is due first comes first; what has no date comes last."""
    found = project.actions.filter(removed_at=None).select_related("owner", "opportunity")
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or one.created_at.date()))


def _money(opportunity: Opportunity) -> Decimal | None:
    moment = opportunity.moment
    if moment is None or moment.removed_at is not None:
        return None
    cost = moment.measured.get("cost_year")
    return None if cost is None else Decimal(str(cost))
