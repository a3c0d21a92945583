"""What onboarding takes: time per step, straight-through rate, backlog by age. Within a reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from onboarding.lifecycle import OPEN_STATES, ApplicationState
from onboarding.models import Application

_LABEL = Application._meta.label
#: The steps that take time, in their order; a draft's time is the customer's own.
STEPS = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.VERIFYING,
    ApplicationState.INFORMATION_REQUESTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.APPROVED,
)
IN_HAND = tuple(state for state in OPEN_STATES if state != ApplicationState.DRAFT)
APPROVED = (ApplicationState.APPROVED, ApplicationState.ACTIVATED)
#: Days since submission, from (with) and to (without).
AGES: Mapping[str, tuple[int, int | None]] = {
    "0-2": (0, 3),
    "3-5": (3, 6),
    "6-10": (6, 11),
    "11-20": (11, 21),
    "21": (21, None),
}
# Each stay in a state, from the event that began it to the next transition of its application.
_SPANS = """
    WITH spans AS (
        SELECT record_id, target AS state, at AS began,
               lead(at) OVER (PARTITION BY record_id ORDER BY sequence) AS ended
        FROM core_event
        WHERE record_type = %s AND target <> '' AND record_id IN ({scope})
    )
"""


@dataclass(frozen=True, slots=True)
class StepTime:
    """How long a step takes; None where none was finished."""

    state: ApplicationState
    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Month:
    """What was approved in a month, and how much of it without hands."""

    first: date
    approved: int
    straight_through: int

    @property
    def rate(self) -> float | None:
        return self.straight_through / self.approved if self.approved else None


def step_times(
    *, applications: QuerySet[Application], since: datetime, until: datetime
) -> list[StepTime]:
    """Seconds in each step, of the stays that ended in the period."""
    scope, parameters = _scope(applications)
    with connection.cursor() as cursor:
        cursor.execute(
            _SPANS.format(scope=scope)
            + """
            SELECT state, count(*),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended - began)),
                   percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM ended - began))
            FROM spans WHERE ended > %s AND ended <= %s GROUP BY state
            """,
            [_LABEL, *parameters, since, until],
        )
        found = {row[0]: row for row in cursor.fetchall()}
    return [
        StepTime(
            state,
            int(found[state.value][1]) if state.value in found else 0,
            float(found[state.value][2]) if state.value in found else None,
            float(found[state.value][3]) if state.value in found else None,
        )
        for state in STEPS
    ]


def slowest(
    *,
    applications: QuerySet[Application],
    state: str,
    since: datetime,
    until: datetime,
    limit: int = 25,
) -> list[tuple[Application, float]]:
    """The longest stays in a step that ended in the period, with their seconds."""
    scope, parameters = _scope(applications)
    with connection.cursor() as cursor:
        cursor.execute(
            _SPANS.format(scope=scope)
            + """
            SELECT record_id, max(extract(epoch FROM ended - began)) AS stay
            FROM spans WHERE state = %s AND ended > %s AND ended <= %s
            GROUP BY record_id ORDER BY stay DESC, record_id LIMIT %s
            """,
            [_LABEL, *parameters, state, since, until, limit],
        )
        rows: list[tuple[UUID, float]] = [(row[0], float(row[1])) for row in cursor.fetchall()]
    by_id = applications.in_bulk([pk for pk, _stay in rows])
    return [(by_id[pk], stay) for pk, stay in rows if pk in by_id]


def months(*, applications: QuerySet[Application], since: datetime, until: datetime) -> list[Month]:
    """The approvals of the period, month by month, those without any left out."""
    rows = (
        applications.order_by()
        .filter(state__in=APPROVED, decided_at__gt=since, decided_at__lte=until)
        .annotate(month=TruncMonth("decided_at"))
        .values("month")
        .annotate(total=Count("pk"), alone=Count("pk", filter=Q(straight_through=True)))
        .order_by("month")
    )
    return [Month(row["month"].date(), row["total"], row["alone"]) for row in rows]


def backlog_by_age(*, applications: QuerySet[Application], at: datetime) -> dict[str, int]:
    """How many are in hand, by days since they were sent in."""
    counts = {
        f"age{number}": Count("pk", filter=in_hand_of_age(name=name, at=at))
        for number, name in enumerate(AGES)
    }
    found = applications.order_by().aggregate(**counts)
    return {name: int(found[f"age{number}"]) for number, name in enumerate(AGES)}


def in_hand_of_age(*, name: str, at: datetime) -> Q:
    """Applications in hand that were sent in so many days ago."""
    low, high = AGES[name]
    q = Q(state__in=IN_HAND, submitted_at__lte=at - timedelta(days=low))
    return q if high is None else q & Q(submitted_at__gt=at - timedelta(days=high))


def _scope(applications: QuerySet[Application]) -> tuple[str, tuple[Any, ...]]:
    return applications.order_by().values("pk").query.sql_with_params()
