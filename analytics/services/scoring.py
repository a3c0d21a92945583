"""Scoring customers: many at a time by key ranges, or one on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import selectors
from analytics.bands import THRESHOLD, bands_of
from analytics.models import ChurnScore, DriftReading, ModelVersion
from analytics.selectors import Scorable
from clm.core import actors, events, jobs
from clm.core.ids import uuid7s
from clm.core.models import Job, User
from customers import services as customers

# scikit-learn takes seconds to import: only what trains or scores loads it, never a page.
if TYPE_CHECKING:
    from analytics.churn.scoring import Scored

SCORING = "analytics.score_churn"
#: A bank with more customers than this is scored by several workers at once.
_RANGE = 50_000
_MOST_RANGES = 8

_INSERT = """
    INSERT INTO analytics_churnscore (id, version, created_at, updated_at, customer_id, scored_on,
        probability, band, main_reason, reasons, base, model_version_id)
    SELECT id, 1, %s, %s, customer_id, %s, probability, band, main, reasons::jsonb, %s, %s
    FROM unnest(%s::uuid[], %s::uuid[], %s::float8[], %s::text[], %s::text[], %s::text[])
        AS new (id, customer_id, probability, band, main, reasons)
"""


class CannotScore(Exception):
    """No model is in use, or the customer has no churn risk; the sentence says which."""


@dataclass(frozen=True)
class Batch:
    """
    What became of some customers.

    :ivar counts: by feature, how many of those scored now lie in each part (see `churn.drift`)
    :ivar flagged: by group, how many there are and how many are at risk
    """

    created: int = 0
    counts: dict[str, list[int]] = field(default_factory=dict)
    flagged: dict[str, list[int]] = field(default_factory=dict)


def added(seen: Mapping[str, Any], batch: Batch) -> dict[str, Any]:
    """What a range of keys has seen so far, with another batch; as JSON keeps it."""
    return {
        "rows": seen.get("rows", 0) + batch.created,
        "counts": _summed(seen.get("counts", {}), batch.counts),
        "flagged": _summed(seen.get("flagged", {}), batch.flagged),
    }


def _summed(one: Mapping[str, list[int]], other: Mapping[str, list[int]]) -> dict[str, list[int]]:
    return {
        name: [
            a + b
            for a, b in zip_longest(one.get(name, ()), other.get(name, ()), fillvalue=0)
        ]
        for name in {**one, **other}
    }  # fmt: skip


def start_scoring(*, actor: User, at: datetime) -> list[Job]:
    """
    Queue today's scoring of all customers: one job for each range of keys, so that as many
    workers as there are can take part.

    :raises PermissionDenied: `actor` may not start scoring
    """
    parameters = {"on": timezone.localdate(at).isoformat(), "as_of": at.isoformat()}
    edges = selectors.key_ranges(rows=_RANGE, most=_MOST_RANGES)
    with transaction.atomic():
        return [
            jobs.start(
                kind=SCORING,
                parameters={
                    **parameters,
                    **({"after": str(after)} if after else {}),
                    **({"upto": str(upto)} if upto else {}),
                },
                actor=actor,
                at=at,
            )
            for after, upto in zip([None, *edges], [*edges, None], strict=True)
        ]


def score_customer(*, customer_id: UUID, actor: User, at: datetime) -> ChurnScore:
    """
    Today's score of one customer: the one there is, or a new one, with all that follows from it.

    :raises PermissionDenied: `actor` may not score customers
    :raises CannotScore: no model is in use, or the customer is in no stage that is scored
    """
    if not actors.may(actor=actor, permission="analytics.score_customers"):
        raise PermissionDenied(_("You may not score customers."))
    version = selectors.model_in_use()
    if version is None:
        raise CannotScore(_("No churn model is in use: train one, and have it approved."))
    found = selectors.scorable(customer_id=customer_id)
    if found is None:
        raise CannotScore(_("Only active, at-risk and dormant customers have a churn risk."))
    on = timezone.localdate(at)
    score_customers(version=version, scorable=[found], on=on, as_of=at, at=at)
    return ChurnScore.objects.get(customer_id=customer_id, scored_on=on)


def score_customers(
    *,
    version: ModelVersion,
    scorable: Sequence[Scorable],
    on: date,
    as_of: datetime,
    at: datetime,
) -> Batch:
    """
    Score customers for one day; those scored that day already stay as they are.

    Writes the scores, the customers' insight, and events: where an active customer's probability
    rose over the threshold or any fell below it since the score before, and where the main reason
    of one who stays above it is another one now.
    """
    from analytics import features
    from analytics.churn import drift, fairness
    from analytics.churn.scoring import scorer_of

    with transaction.atomic():
        done = selectors.scored_on(customer_ids=[one.id for one in scorable], on=on)
        todo = [one for one in scorable if one.id not in done]
        if not todo:
            return Batch()
        keys = [one.id for one in todo]
        before = selectors.scores_before(customer_ids=keys, on=on)
        frame = features.build(customer_ids=keys, as_of=as_of)
        scored = scorer_of(version).score(frame)
        ids = uuid7s(len(todo), at)
        _write(ids, keys, scored, before, version, on, at)
        _announce(_news(ids, todo, scored, before), at=at)
    groups = fairness.labels(
        frame,
        branch=[str(one.branch_id or "") for one in todo],
        segment=[one.segment for one in todo],
    )
    return Batch(
        len(todo),
        drift.counts(version.card.get("reference", {}), frame, scored.probabilities),
        fairness.flagged(groups, scored.probabilities, threshold=THRESHOLD),
    )


def note_drift(*, version: ModelVersion, on: date, seen: Mapping[str, Any]) -> None:
    """
    Add what a finished range of keys has seen to the day's reading.

    :param seen: as `added` makes it
    """
    if not seen.get("rows"):
        return
    with transaction.atomic():
        # Two ranges may end at once: whoever comes second adds to what the first wrote.
        DriftReading.objects.bulk_create(
            [DriftReading(model_version=version, on=on)], ignore_conflicts=True
        )
        reading = DriftReading.objects.select_for_update(of=("self",)).get(
            model_version=version, on=on
        )
        reading.rows += seen["rows"]
        reading.counts = _summed(reading.counts, seen["counts"])
        reading.flagged = _summed(reading.flagged, seen["flagged"])
        reading.save(update_fields=["rows", "counts", "flagged"])


def _write(
    ids: Sequence[UUID],
    keys: Sequence[UUID],
    scored: "Scored",
    before: dict[UUID, tuple[float, str]],
    version: ModelVersion,
    on: date,
    at: datetime,
) -> None:
    names = [str(key) for key in keys]
    probabilities, bands = scored.probabilities.tolist(), bands_of(scored.probabilities)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                at, at, on, scored.base, str(version.pk), [str(one) for one in ids], names,
                probabilities, bands, list(scored.main), list(scored.reasons),
            ],
        )  # fmt: skip
    customers.set_churn(
        customer_ids=keys,
        probabilities=probabilities,
        before=[before[key][0] if key in before else None for key in keys],
        bands=bands,
        reasons=scored.reasons,
        model_version=str(version),
        at=at,
    )


def _news(
    ids: Sequence[UUID],
    customers_: Sequence[Scorable],
    scored: "Scored",
    before: dict[UUID, tuple[float, str]],
) -> list[tuple[str, UUID, dict[str, Any]]]:
    """What is told of whom: the event's action, the score it is about, and its facts."""
    found = []
    rows = zip(ids, customers_, scored.probabilities.tolist(), scored.main, strict=True)
    for pk, one, probability, main in rows:
        was, reason = before.get(one.id, (0.0, ""))
        if probability >= THRESHOLD > was and one.stage == "ACTIVE":
            action = "cross_threshold"
        elif was >= THRESHOLD > probability:
            action = "fall_below_threshold"
        elif min(was, probability) >= THRESHOLD and main != reason:
            action = "change_main_reason"
        else:
            continue
        payload = {
            "customer_id": str(one.id),
            "probability": round(probability, 4),
            "main_reason": main,
        }
        if one.id in before:
            payload |= {"probability_before": round(was, 4), "main_reason_before": reason}
        found.append((action, pk, payload))
    return found


def _announce(news: Sequence[tuple[str, UUID, dict[str, Any]]], *, at: datetime) -> None:
    events.append(
        drafts=[
            events.Draft(
                record_type=ChurnScore._meta.label, record_id=pk, action=action, payload=payload
            )
            for action, pk, payload in news
        ],
        actor=actors.system_user(),
        at=at,
        born=True,
    )
