"""Reading models and scores, within the actor's reach."""

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, QuerySet, Window
from django.db.models.functions import Ntile

from analytics.lifecycle import ModelState
from analytics.models import CHURN, ChurnScore, DriftReading, ModelVersion
from analytics.stability import psis
from clm.core import actors
from clm.core.models import Branch, User
from customers.models import Customer
from customers.selectors import commercial_view, reach_q, visible_customers

SCORED_STAGES = ("ACTIVE", "AT_RISK", "DORMANT")


def visible_models(*, actor: User) -> QuerySet[ModelVersion]:
    """The register, for those who may see it."""
    if not actors.may(actor=actor, permission="analytics.view_modelversion"):
        return ModelVersion.objects.none()
    return ModelVersion.objects.all()


def visible_scores(*, actor: User) -> QuerySet[ChurnScore]:
    """Scores of customers within the actor's reach."""
    if not actors.may(actor=actor, permission="analytics.view_churnscore"):
        return ChurnScore.objects.none()
    return ChurnScore.objects.filter(reach_q(actor=actor, prefix="customer__"))


def model_in_use(*, name: str = CHURN) -> ModelVersion | None:
    """The approved version, if there is one."""
    return ModelVersion.objects.filter(name=name, state=ModelState.APPROVED).first()


class Scorable(NamedTuple):
    """A customer to be scored, and the groups they belong to."""

    id: UUID
    stage: str
    branch_id: UUID | None
    segment: str


def scores_before(*, customer_ids: Iterable[UUID], on: date) -> dict[UUID, tuple[float, str]]:
    """Each customer's probability and main reason at the last scoring before that day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wanted.id, last.probability, last.main_reason FROM unnest(%s::uuid[]) AS wanted"
            " (id), LATERAL (SELECT probability, main_reason FROM analytics_churnscore"
            " WHERE customer_id = wanted.id AND scored_on < %s ORDER BY scored_on DESC LIMIT 1)"
            " AS last",
            [[str(key) for key in customer_ids], on],
        )
        return {UUID(str(key)): (p, reason) for key, p, reason in cursor.fetchall()}


def scored_on(*, customer_ids: Iterable[UUID], on: date) -> set[UUID]:
    """Which of them have a score of that day already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id FROM analytics_churnscore"
            " WHERE customer_id = ANY(%s::uuid[]) AND scored_on = %s",
            [[str(key) for key in customer_ids], on],
        )
        return {UUID(str(row[0])) for row in cursor.fetchall()}


def customers_to_score(
    *, after: UUID | None, upto: UUID | None = None, limit: int
) -> list[Scorable]:
    """The next customers by id, up to the end of a range of keys."""
    rows = _scored().order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    if upto is not None:
        rows = rows.filter(id__lte=upto)
    return [Scorable(*row) for row in rows.values_list(*Scorable._fields)[:limit]]


def scorable(*, customer_id: UUID) -> Scorable | None:
    """The customer, if they are in a stage that is scored."""
    row = _scored().filter(id=customer_id).values_list(*Scorable._fields).first()
    return Scorable(*row) if row else None


def reaches(*, customer_id: UUID, actor: User) -> bool:
    """Whether the actor may see the scores of this customer."""
    return commercial_view(customer_ids=[customer_id]).filter(reach_q(actor=actor)).exists()


def count_to_score(*, after: UUID | None = None, upto: UUID | None = None) -> int:
    rows = _scored()
    if after is not None:
        rows = rows.filter(id__gt=after)
    return (rows if upto is None else rows.filter(id__lte=upto)).count()


def key_ranges(*, rows: int, most: int) -> list[UUID]:
    """Where to cut the customers to be scored into ranges of about `rows`, at most `most`."""
    ranges = min(-(-count_to_score() // rows), most)
    if ranges < 2:
        return []
    found = _scored().order_by().annotate(part=Window(Ntile(ranges), order_by="id"))
    sql, parameters = found.values("id", "part").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (array_agg(id ORDER BY id DESC))[1] FROM ({sql}) AS cut GROUP BY part"
            " ORDER BY part",
            parameters,
        )
        return [UUID(str(row[0])) for row in cursor.fetchall()][:-1]


def groups_of(*, customer_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Branch and segment of customers, by id; empty where there is none."""
    found: dict[str, tuple[str, str]] = {}
    rest = iter(customer_ids)
    while part := list(islice(rest, 10_000)):
        rows = commercial_view(customer_ids=map(UUID, part))
        told: Iterable[tuple[Any, ...]] = rows.values_list("id", "branch_id", "segment")
        found |= {str(key): (str(branch or ""), segment) for key, branch, segment in told}
    return found


def _scored() -> QuerySet[Customer, dict[str, Any]]:
    return commercial_view().filter(stage__in=SCORED_STAGES)


def stage_counts(*, actor: User) -> dict[str, int]:
    """Customers within reach by stage."""
    rows = visible_customers(actor=actor).order_by().values_list("stage").annotate(Count("pk"))
    return dict(rows)


def last_scoring(*, actor: User) -> dict[str, Any]:
    """The newest day of scores, with how many customers stand in each band."""
    visible = visible_scores(actor=actor)
    day = visible.aggregate(day=Max("scored_on"))["day"]
    bands = dict(visible.filter(scored_on=day).order_by().values_list("band").annotate(Count("pk")))
    return {"on": day, "bands": bands}


def most_at_risk(*, actor: User, limit: int = 20) -> list[ChurnScore]:
    """The customers with the highest probability on the newest day of scores."""
    day = last_scoring(actor=actor)["on"]
    scores = with_customer(visible_scores(actor=actor).filter(scored_on=day))
    return list(scores.order_by("-probability", "id")[:limit])


def with_customer(scores: QuerySet[ChurnScore]) -> QuerySet[ChurnScore]:
    """Scores with their customer's name and place, and nothing else of the customer."""
    hidden = {field.name for field in Customer._meta.concrete_fields} - {
        "id", "display_name", "stage", "adviser", "branch",
    }  # fmt: skip
    return scores.select_related("customer").defer(*(f"customer__{name}" for name in hidden))


def scores_of(*, score: ChurnScore, limit: int = 60) -> list[ChurnScore]:
    """The customer's scores up to this one, the oldest first."""
    found = ChurnScore.objects.filter(
        customer_id=score.customer_id, scored_on__lte=score.scored_on
    ).order_by("-scored_on")
    return list(found[:limit])[::-1]


class Drift(NamedTuple):
    """One day's reading against what the model has learnt from; `flagged` by group."""

    on: date
    rows: int
    indices: dict[str, float]
    flagged: dict[str, list[int]]


def drift_of(*, version: ModelVersion, limit: int = 60) -> list[Drift]:
    """The readings of a model version with their indices, the oldest first."""
    known = version.card.get("reference", {})
    rows = DriftReading.objects.filter(model_version=version).order_by("-on")[:limit]
    return [Drift(row.on, row.rows, psis(known, row.counts), row.flagged) for row in rows][::-1]


def branch_names() -> dict[str, str]:
    """Every branch's name by its id."""
    return {str(key): name for key, name in Branch.objects.values_list("pk", "name")}
