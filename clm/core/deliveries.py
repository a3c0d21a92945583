"""
From the outbox to the reactions: at least once on the wire, once in effect.

The relay claims what is due (`claim`), commits, and publishes ids. A worker takes each id in
a transaction of its own (`deliver`): the row is locked, the reaction runs, `done_at` is set.
A worker killed anywhere in between leaves the row due again after its back-off; a second
copy of the message finds the row locked or done. Nothing here talks to a network while it
holds a lock.
"""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, F, Min

from clm.core import context
from clm.core.events import reaction_named
from clm.core.models import Delivery, Event

ATTEMPTS = 12
BACK_OFF_BASE = timedelta(seconds=20)
BACK_OFF_LONGEST = timedelta(hours=1)


def claim(*, at: datetime, limit: int = 500) -> list[int]:
    """
    Take deliveries that are due and put off their next attempt.

    Rows that another relay is claiming are passed over. The caller publishes the ids after
    this returns; if it dies first, the rows are due again after the back-off.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS (
                SELECT id FROM core_delivery
                WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= %(at)s
                ORDER BY due_at LIMIT %(limit)s
                FOR UPDATE SKIP LOCKED
            )
            UPDATE core_delivery AS delivery
            SET attempts = attempts + 1,
                due_at = %(at)s + least(%(longest)s, %(base)s * power(2, least(attempts, 12)))
            FROM due WHERE delivery.id = due.id
            RETURNING delivery.id
            """,
            {"at": at, "limit": limit, "base": BACK_OFF_BASE, "longest": BACK_OFF_LONGEST},  # type: ignore[dict-item]
        )
        return sorted(row[0] for row in cursor.fetchall())


def deliver(*, delivery_id: int, at: datetime) -> bool:
    """
    Run one reaction and mark it done, both or neither.

    :returns: whether it ran now; False when it was done, given up or in other hands
    """
    try:
        with transaction.atomic():
            delivery = (
                Delivery.objects.select_for_update(skip_locked=True)
                .filter(pk=delivery_id, done_at=None, dead_at=None)
                .first()
            )
            if delivery is None:
                return False
            event = Event.objects.get(pk=delivery.event_id)
            reaction = reaction_named(delivery.reaction)
            if reaction is None:
                raise LookupError(f"No reaction is called {delivery.reaction}")
            with context.use(request_id=event.request_id, cause_id=event.pk):
                reaction(event=event, at=at)
            Delivery.objects.filter(pk=delivery_id).update(done_at=at)
            return True
    except Exception:  # noqa: BLE001 -- the reaction's fault, whatever it is, is recorded and tried again
        _record_failure(delivery_id, at, traceback.format_exc(limit=-6))
        return False


def deliver_due(*, at: datetime, rounds: int = 50) -> int:
    """Run everything that is due here and now, also what that brings forth; for tools and tests."""
    ran = 0
    for _ in range(rounds):
        claimed = claim(at=at)
        if not claimed:
            break
        ran += sum(deliver(delivery_id=one, at=at) for one in claimed)
    return ran


def replay(*, delivery_ids: Sequence[int], at: datetime) -> int:
    """Give dead letters their attempts back; how many there were."""
    return (
        Delivery.objects.filter(pk__in=delivery_ids)
        .exclude(dead_at=None)
        .update(dead_at=None, attempts=0, due_at=at, error="")
    )


@dataclass(frozen=True)
class Backlog:
    """What is still to be done: how much, what is due longest, and what was given up."""

    open: int
    oldest: datetime | None
    dead: int


def backlog() -> Backlog:
    """What waits now."""
    waiting = Delivery.objects.filter(done_at=None, dead_at=None).aggregate(
        count=Count("pk"), oldest=Min("due_at")
    )
    dead = Delivery.objects.exclude(dead_at=None).filter(done_at=None).count()
    return Backlog(waiting["count"], waiting["oldest"], dead)


def is_pending(*, record_type: str, action: str, payload: Mapping[str, str]) -> bool:
    """Whether reactions to an event of this kind, with these members, are still to come."""
    waiting = Delivery.objects.filter(done_at=None, dead_at=None).values("event_id")
    return Event.objects.filter(
        pk__in=waiting, record_type=record_type, action=action, payload__contains=payload
    ).exists()


def _record_failure(delivery_id: int, at: datetime, error: str) -> None:
    failed = Delivery.objects.filter(pk=delivery_id, done_at=None)
    failed.update(error=error[-4000:])
    failed.filter(attempts__gte=ATTEMPTS).update(dead_at=at, due_at=F("due_at"))
