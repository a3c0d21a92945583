"""The register of models: training a version, comparing it, putting it into use, bringing one back."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import selectors
from analytics.bands import THRESHOLD
from analytics.models import CHURN, ModelVersion
from clm.core import actors, files, jobs, lifecycle, records
from clm.core.models import Job, User

# scikit-learn takes seconds to import: only what trains or scores loads it, never a page.
if TYPE_CHECKING:
    from analytics.churn.history import History
    from analytics.churn.training import Fitted

TRAINING = "analytics.train_churn"


def train_on_history(*, actor: User, at: datetime) -> ModelVersion:
    """
    Train the churn model on the platform's own history, register it and ask for approval.

    :raises UnfitTable: there is too little history, or nobody left
    :raises PermissionDenied: `actor` may not train models
    """
    with transaction.atomic():
        version = _register(actor=actor, at=at)
        return lifecycle.perform(record=version, name="propose", actor=actor, at=at)


def train_challenger(*, actor: User, at: datetime) -> ModelVersion:
    """
    Train a version against the one in use. It is proposed where it does better on the same time,
    beyond what chance gives, or where there is none in use; otherwise it stays a draft, which a
    person may still propose.

    :raises UnfitTable: there is too little history, or nobody left
    """
    with transaction.atomic():
        version = _register(actor=actor, at=at)
        if worth_proposing(version.card.get("comparison"), selectors.model_in_use()):
            version = lifecycle.perform(record=version, name="propose", actor=actor, at=at)
    return version


def worth_proposing(comparison: dict[str, Any] | None, champion: ModelVersion | None) -> bool:
    """Whether a second person is to be asked: without a champion, or if the gain is no chance."""
    if champion is None:
        return True
    if comparison is None:
        return False
    return bool(comparison["roc_auc_interval"][0] > 0 or comparison["brier_interval"][0] > 0)


def start_training(*, actor: User, at: datetime) -> Job:
    """
    Queue the training of a challenger.

    :raises PermissionDenied: `actor` may not train models
    """
    return jobs.start(kind=TRAINING, parameters={"at": at.isoformat()}, actor=actor, at=at)


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


def _register(*, actor: User, at: datetime) -> ModelVersion:
    import skops.io

    from analytics.churn import history, training

    if not actors.may(actor=actor, permission="analytics.train_model"):
        raise PermissionDenied(_("You may not train models."))
    past = history.collect(at=at)
    fitted = training.train(
        past.frame, past.target, groups=past.customers, split=past.split()
    )  # fmt: skip
    kept = {"models": fitted.models}
    if fitted.earlier is not None:
        kept["earlier"] = fitted.earlier.models
    raw = skops.io.dumps(kept)
    newest = ModelVersion.objects.filter(name=CHURN).aggregate(last=Max("number"))["last"]
    return records.create(
        record=ModelVersion(
            name=CHURN,
            number=(newest or 0) + 1,
            algorithm=training.PAIRWISE if fitted.shape.pairwise else training.ALGORITHM,
            features=fitted.encoding.as_json(),
            data_hash=past.digest,
            data_until=timezone.localdate(past.until),
            metrics=fitted.metrics,
            card=_card(past, fitted, horizon_days=history.HORIZON.days),
            file=files.store(content=raw, name="model.skops"),
            file_hash=hashlib.sha256(raw).hexdigest(),
        ),
        actor=actor,
        at=at,
        payload={"data_hash": past.digest, "roc_auc": fitted.metrics["roc_auc"]},
    )


def _card(past: "History", fitted: "Fitted", *, horizon_days: int) -> dict[str, Any]:
    from analytics.churn import drift, fairness
    from analytics.churn.curves import curves

    newest = past.dates == 0
    earlier = fitted.earlier
    return {
        "slope": fitted.slope,
        "offset": fitted.offset,
        **(
            {"earlier": {"slope": earlier.platt.slope, "offset": earlier.platt.offset}}
            if earlier
            else {}
        ),
        "importance": fitted.importance,
        "horizon_days": horizon_days,
        "threshold": THRESHOLD,
        "refused_columns": dict(fitted.encoding.refused),
        "candidates": fitted.candidates,
        "dates": [timezone.localdate(moment).isoformat() for moment in past.moments],
        **curves(fitted.target, fitted.out_of_fold),
        **({"later": curves(past.target[past.split()[0]], earlier.probabilities)} if earlier else {}),
        "reference": drift.reference(past.frame[newest], fitted.out_of_fold[newest]),
        "fairness": fairness.by_group(
            _groups(past), fitted.target, fitted.out_of_fold,
            customers=past.customers, threshold=THRESHOLD,
        ),
        "comparison": _comparison(past, fitted),
    }  # fmt: skip


def _groups(past: "History") -> Any:
    """The groups that a customer belongs to; branch and segment as they are now."""
    from analytics.churn import fairness

    belongs = selectors.groups_of(customer_ids=sorted(set(past.customers)))
    told = [belongs.get(key, ("", "")) for key in past.customers]
    return fairness.labels(
        past.frame, branch=[one[0] for one in told], segment=[one[1] for one in told]
    )


def _comparison(past: "History", fitted: "Fitted") -> dict[str, Any] | None:
    """
    The model in use against this one, on the same time, which neither has seen.

    Each is represented by its twin, fitted before that time; a version without one is compared
    as it is, which is in its favour, and said.
    """
    from analytics.churn.measures import difference
    from analytics.churn.scoring import scorer_of

    champion = selectors.model_in_use()
    if champion is None or fitted.earlier is None:
        return None
    later = past.split()[0]
    frame = past.frame[later]
    if not {one["name"] for one in champion.features} <= set(frame.columns):
        return None
    scorer = scorer_of(champion)
    theirs = scorer.back_then(frame)
    fair = theirs is not None
    if theirs is None:
        theirs = scorer.score(frame).probabilities
    return {
        **difference(
            fitted.target[later], np.asarray(theirs), fitted.earlier.probabilities,
            past.customers[later],
        ),
        "champion": champion.number,
        "fair": fair,
    }  # fmt: skip
