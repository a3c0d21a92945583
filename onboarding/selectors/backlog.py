"""The officers' queue: its views, its load, and its figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from clm.core.models import User
from onboarding.lifecycle import (
    CLOSED_STATES,
    OPEN_STATES,
    ApplicationState,
)
from onboarding.models import Application
from onboarding.selectors.applications import visible_applications
from onboarding.selectors.measures import AGES, in_hand_of_age

_PAUSED = ApplicationState.INFORMATION_REQUESTED


@dataclass(frozen=True, slots=True)
class Load:
    """An officer's open applications, and those past their deadline."""

    officer: User | None
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The queue in numbers; None where there is nothing to divide by yet."""

    open: int
    late: int
    backlog: int
    median_seconds: float | None
    straight_through: float | None


def queue(*, actor: User, view: str = "open") -> QuerySet[Application]:
    """
    The officer's list, nearest deadline first, what waits for the customer last.

    :param view: `open`, `mine`, `unassigned`, `waiting` (for the customer), `late` or `closed`
    """
    applications = visible_applications(actor=actor)
    if view == "closed":
        return applications.filter(state__in=CLOSED_STATES).order_by("-state_since", "-id")
    applications = applications.filter(state__in=OPEN_STATES)
    match view:
        case "mine":
            applications = applications.filter(officer=actor)
        case "unassigned":
            applications = applications.filter(officer=None).exclude(state=ApplicationState.DRAFT)
        case "waiting":
            applications = applications.filter(
                state__in=[ApplicationState.DRAFT, ApplicationState.INFORMATION_REQUESTED]
            )
        case "review":
            applications = applications.filter(state=ApplicationState.IN_REVIEW)
    return applications.order_by("paused_at", "due_at", "id")


def narrowed(
    *, applications: QuerySet[Application], age: str = "", officer: str = "", at: datetime
) -> QuerySet[Application]:
    """
    The part of a list that is so old (a name of `measures.AGES`), or that an officer has.

    :param officer: the officer's id; `none` for what nobody has, drafts left out
    """
    if age in AGES:
        applications = applications.filter(in_hand_of_age(name=age, at=at))
    if officer == "none":
        applications = applications.filter(officer=None).exclude(state=ApplicationState.DRAFT)
    elif officer:
        try:
            applications = applications.filter(officer=UUID(officer))
        except ValueError:
            return applications.none()
        applications = applications.exclude(state=ApplicationState.DRAFT)
    return applications


def load(*, actor: User, at: datetime) -> list[Load]:
    """Open applications an officer, most first; the one without officer is the backlog."""
    rows = list(
        visible_applications(actor=actor)
        .filter(state__in=OPEN_STATES)
        .exclude(state=ApplicationState.DRAFT)
        .order_by()
        .values("officer")
        .annotate(total=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at) & ~Q(state=_PAUSED)))
    )
    officers = User.objects.in_bulk([row["officer"] for row in rows])
    loads = [Load(officers.get(row["officer"]), row["total"], row["late"]) for row in rows]
    return sorted(loads, key=lambda one: (one.officer is None, -one.count))


def figures(*, actor: User, at: datetime) -> Figures:
    """The queue in numbers; the median is over the decisions of the last 30 days."""
    applications = visible_applications(actor=actor).order_by()
    running = applications.filter(state__in=OPEN_STATES).exclude(state=ApplicationState.DRAFT)
    decided = applications.filter(
        decided_at__gte=at - timedelta(days=30), submitted_at__isnull=False
    )
    waits = [
        (end - start).total_seconds()
        for start, end in decided.values_list("submitted_at", "decided_at")
        if start and end
    ]
    approved = decided.filter(state__in=[ApplicationState.APPROVED, ApplicationState.ACTIVATED])
    alone = approved.filter(straight_through=True).count()
    total = approved.count()
    return Figures(
        open=running.count(),
        late=running.filter(due_at__lt=at).exclude(state=_PAUSED).count(),
        backlog=running.filter(officer=None, state=ApplicationState.IN_REVIEW).count(),
        median_seconds=median(waits) if waits else None,
        straight_through=alone / total if total else None,
    )


def counts(*, actor: User) -> dict[str, int]:
    """How many applications each view of the queue has; the closed ones are not counted."""
    names = ("open", "mine", "review", "unassigned", "waiting")
    return {name: queue(actor=actor, view=name).order_by().count() for name in names}


def waiting_for(*, actor: User) -> int:
    """Applications in review that are the actor's or nobody's: the number in the menu."""
    return (
        visible_applications(actor=actor)
        .filter(Q(officer=actor) | Q(officer=None), state=ApplicationState.IN_REVIEW)
        .order_by()
        .count()
    )
