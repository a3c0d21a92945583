"""The kit's Celery tasks; ids travel, nothing else."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from clm.core import audit, deliveries, jobs, partitions, schedule, signing_in
from clm.core.api import idempotency
from clm.core.identity import sessions
from clm.core.schedule import periodic

HEARTBEAT = "clm-worker-heartbeat"


@shared_task(name="core.deliver")  # type: ignore[untyped-decorator]
def deliver(delivery_ids: Sequence[int]) -> None:
    for delivery_id in delivery_ids:
        deliveries.deliver(delivery_id=delivery_id, at=timezone.now())


@shared_task(name="core.run_job")  # type: ignore[untyped-decorator]
def run_job(job_id: str) -> None:
    """Steps for a minute, then back into the queue: one long job does not hold a worker."""
    until = timezone.now() + timedelta(minutes=1)
    while jobs.run_step(job_id=UUID(job_id), at=timezone.now()):
        if timezone.now() > until:
            run_job.delay(job_id)
            return


@shared_task(name="core.run_scheduled")  # type: ignore[untyped-decorator]
def run_scheduled(name: str) -> None:
    schedule.run(name=name, at=timezone.now())


@shared_task(name="core.heartbeat")  # type: ignore[untyped-decorator]
def heartbeat() -> None:
    cache.set(HEARTBEAT, timezone.now().isoformat(), timeout=120)


@periodic("core.seal", every=timedelta(minutes=1))
def seal(*, at: datetime) -> None:
    audit.seal(at=at)


@periodic("core.partitions", every=timedelta(days=1))
def make_partitions(*, at: datetime) -> None:
    partitions.ensure_ahead(at=at)


@periodic("core.idempotency", every=timedelta(days=1))
def forget_old_answers(*, at: datetime) -> None:
    idempotency.forget_old_keys(at=at)


@periodic("core.job_files", every=timedelta(days=1), offset=timedelta(hours=3))
def forget_job_files(*, at: datetime) -> None:
    jobs.forget_files(at=at)


@periodic("core.sessions", every=timedelta(hours=1))
def forget_sessions(*, at: datetime) -> None:
    sessions.forget_expired(at=at)


@periodic("core.sign_in_attempts", every=timedelta(hours=1))
def forget_old_tries(*, at: datetime) -> None:
    signing_in.forget_old_tries(at=at)
