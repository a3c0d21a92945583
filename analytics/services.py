"""Training models and scoring customers."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import features, selectors
from analytics.models import CHURN, ChurnScore, ModelVersion
from clm.core import actors, events, files, jobs, lifecycle, records
from clm.core.models import Job, User
from customers import services as customers

# scikit-learn takes seconds to import: only what trains or scores loads it, never a page.
if TYPE_CHECKING:
    from analytics.churn.scoring import Scored
    from analytics.churn.training import Fitted

MEDIUM, HIGH = 0.2, 0.5
#: From here on a customer is at risk; crossing it upward is announced.
THRESHOLD = HIGH


def train_on_history(*, actor: User, at: datetime) -> ModelVersion:
    """
    Train the churn model on the platform's own history and register it for approval.

    :raises UnfitTable: there is too little history, or nobody left
    :raises PermissionDenied: `actor` may not train models
    """
    import skops.io

    from analytics.churn import history, training

    if not actors.may(actor=actor, permission="analytics.train_model"):
        raise PermissionDenied(_("You may not train models."))
    past = history.collect(at=at)
    fitted = training.train(past.frame, past.target, groups=past.customers)
    raw = skops.io.dumps(fitted.models)
    with transaction.atomic():
        newest = ModelVersion.objects.filter(name=CHURN).aggregate(last=Max("number"))["last"]
        version = records.create(
            record=ModelVersion(
                name=CHURN,
                number=(newest or 0) + 1,
                algorithm=training.ALGORITHM,
                features=fitted.encoding.as_json(),
                data_hash=past.digest,
                data_until=timezone.localdate(past.until),
                metrics=fitted.metrics,
                card=_card(fitted, horizon_days=history.HORIZON.days),
                file=files.store(content=raw, name="model.skops"),
                file_hash=hashlib.sha256(raw).hexdigest(),
            ),
            actor=actor,
            at=at,
            payload={"data_hash": past.digest, "roc_auc": fitted.metrics["roc_auc"]},
        )
        return lifecycle.perform(record=version, name="propose", actor=actor, at=at)


def approve_model(
    *,
    version: ModelVersion,
    actor: User,
    at: datetime,
    reason: str = "",
    expected: int | None = None,
) -> ModelVersion:
    """
    Put a model into use as second person; the one in use until now is retired.

    :param expected: the version of the record that was looked at
    :raises TransitionRefused: `actor` proposed it, or it is not awaiting approval
    """  # fmt: skip
    return lifecycle.perform(
        record=version, name="approve", actor=actor, at=at, reason=reason, version=expected
    )


def retire_model_in_use(*, record: ModelVersion, actor: User, at: datetime) -> None:
    """Beside `approve`, whichever way it is taken: the version in use until now is retired."""
    before = selectors.model_in_use(name=record.name)
    if before is not None and before.pk != record.pk:
        lifecycle.perform(
            record=before, name="retire", actor=actor, at=at,
            reason=_("Replaced by version %(number)d") % {"number": record.number},
        )  # fmt: skip


def start_scoring(*, actor: User, at: datetime) -> Job:
    """
    Queue today's scoring of all customers.

    :raises PermissionDenied: `actor` may not start scoring
    """
    return jobs.start(
        kind="analytics.score_churn",
        parameters={"on": timezone.localdate(at).isoformat(), "as_of": at.isoformat()},
        actor=actor,
        at=at,
    )


def score_customers(
    *,
    version: ModelVersion,
    stages: Mapping[UUID, str],
    on: date,
    as_of: datetime,
    at: datetime,
) -> int:
    """
    Score customers for one day; those scored that day already stay as they are.

    Writes the scores, the customers' insight, and an event for each active customer whose
    probability rose over the threshold since the score before.

    :param stages: the customers with the stage each is in
    :returns: how many were scored now
    """
    from analytics.churn.scoring import scorer_of

    with transaction.atomic():
        done = set(
            ChurnScore.objects.filter(customer_id__in=list(stages), scored_on=on).values_list(
                "customer_id", flat=True
            )
        )
        open_ones = sorted(set(stages) - done)
        if not open_ones:
            return 0
        before = selectors.latest_probabilities(customer_ids=open_ones, before=on)
        frame = features.build(customer_ids=open_ones, as_of=as_of)
        scored = dict(zip(open_ones, scorer_of(version).score(frame), strict=True))
        rows = [_row(key, one, version, on, at) for key, one in scored.items()]
        ChurnScore.objects.bulk_create(rows, batch_size=1000)
        customers.set_insights(
            rows=[_insight(row, before.get(row.customer_id), version) for row in rows], at=at
        )
        _announce([row for row in rows if _crosses(row, stages, before)], at=at)
    return len(rows)


def band_of(probability: float) -> str:
    """Low, medium or high."""
    if probability >= HIGH:
        return ChurnScore.Band.HIGH
    return ChurnScore.Band.MEDIUM if probability >= MEDIUM else ChurnScore.Band.LOW


def _row(key: UUID, one: "Scored", version: ModelVersion, on: date, at: datetime) -> ChurnScore:
    return ChurnScore(
        customer_id=key,
        scored_on=on,
        probability=one.probability,
        band=band_of(one.probability),
        reasons=one.reasons,
        base=one.base,
        model_version=version,
        created_at=at,
        updated_at=at,
    )


def _insight(row: ChurnScore, before: float | None, version: ModelVersion) -> dict[str, Any]:
    return {
        "customer_id": row.customer_id,
        "churn_probability": row.probability,
        "churn_before": before,
        "churn_band": row.band,
        "churn_reasons": row.reasons,
        "churn_scored_at": row.created_at,
        "model_version": str(version),
    }


def _crosses(row: ChurnScore, stages: Mapping[UUID, str], before: Mapping[UUID, float]) -> bool:
    return (
        stages[row.customer_id] == "ACTIVE"
        and row.probability >= THRESHOLD
        and before.get(row.customer_id, 0.0) < THRESHOLD
    )


def _announce(rows: Sequence[ChurnScore], *, at: datetime) -> None:
    events.append(
        drafts=[
            events.Draft(
                record_type=ChurnScore._meta.label,
                record_id=row.pk,
                action="cross_threshold",
                payload={
                    "customer_id": str(row.customer_id),
                    "probability": round(row.probability, 4),
                    "main_reason": next((r["name"] for r in row.reasons if r["points"] > 0), ""),
                },
            )
            for row in rows
        ],
        actor=actors.system_user(),
        at=at,
    )


def _card(fitted: "Fitted", *, horizon_days: int) -> dict[str, Any]:
    return {
        "slope": fitted.slope,
        "offset": fitted.offset,
        "importance": fitted.importance,
        "horizon_days": horizon_days,
        "threshold": THRESHOLD,
        "refused_columns": dict(fitted.encoding.refused),
        "curve": _curve(fitted),
    }


def _curve(fitted: "Fitted") -> list[dict[str, float]]:
    """Promised and seen rate in ten equal parts of the customers, out of fold."""
    order = np.argsort(fitted.out_of_fold, kind="stable")
    return [
        {
            "promised": float(fitted.out_of_fold[part].mean()),
            "seen": float(fitted.target[part].mean()),
            "rows": int(part.size),
        }
        for part in np.array_split(order, 10)
        if part.size
    ]
