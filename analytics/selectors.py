"""Reading models and scores, within the actor's reach."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from analytics.lifecycle import ModelState
from analytics.models import CHURN, ChurnScore, ModelVersion
from clm.core import actors
from clm.core.models import User
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


def latest_probabilities(*, customer_ids: Iterable[UUID], before: date) -> dict[UUID, float]:
    """Each customer's probability at the last scoring before that day."""
    rows = (
        ChurnScore.objects.filter(customer_id__in=list(customer_ids), scored_on__lt=before)
        .order_by("customer_id", "-scored_on")
        .distinct("customer_id")
        .values_list("customer_id", "probability")
    )
    return dict(rows)


def customers_to_score(*, after: UUID | None, limit: int) -> dict[UUID, str]:
    """The next customers by id, with the stage each is in."""
    rows = commercial_view().filter(stage__in=SCORED_STAGES).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return {row["id"]: row["stage"] for row in rows[:limit]}


def count_to_score() -> int:
    return commercial_view().filter(stage__in=SCORED_STAGES).count()


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
    hidden = {field.name for field in Customer._meta.concrete_fields} - {
        "id", "display_name", "stage", "adviser", "branch",
    }  # fmt: skip
    return list(
        visible_scores(actor=actor)
        .filter(scored_on=day)
        .select_related("customer")
        .defer(*(f"customer__{name}" for name in hidden))
        .order_by("-probability", "id")[:limit]
    )
