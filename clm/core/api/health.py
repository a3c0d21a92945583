"""For the machines that watch over this one: alive, ready, and in figures."""

import hmac
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clm.core import deliveries
from clm.core.models import Approval, Job, ScheduledRun, Seal, Task
from clm.core.tasks import HEARTBEAT

logger = logging.getLogger("clm.health")

SILENT_AFTER = timedelta(minutes=2)


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers; asks nothing of anyone else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 when the database, the broker or every worker is away; which, but not why."""
    checks = {"database": _database, "broker": _broker, "worker": _worker}
    found = {name: "ok" if _passes(name, check) else "failed" for name, check in checks.items()}
    healthy = set(found.values()) == {"ok"}
    return JsonResponse(
        {"status": "ready" if healthy else "not ready", "checks": found},
        status=200 if healthy else 503,
    )


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text (exposition format 0.0.4), for who has the token; without one, off."""
    if not settings.CLM_METRICS_TOKEN:
        raise Http404
    sent = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(sent, f"Bearer {settings.CLM_METRICS_TOKEN}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    lines = list(_exposition(timezone.now()))
    return HttpResponse(
        "\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def heartbeat_age(*, at: datetime) -> timedelta | None:
    """How long ago a worker last did something; None when none did lately."""
    stamp = cache.get(HEARTBEAT)
    seen = parse_datetime(stamp) if stamp else None
    return at - seen if seen else None


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever a service raises when it is away, it is away
        logger.warning("The %s check failed.", name, exc_info=True)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _broker() -> bool:
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
        return bool(broker.connected)


def _worker() -> bool:
    age = heartbeat_age(at=timezone.now())
    return age is not None and age < SILENT_AFTER


def _exposition(at: datetime) -> Iterator[str]:
    for name, help_text, samples in _gauges(at):
        yield f"# HELP clm_{name} {help_text}"
        yield f"# TYPE clm_{name} gauge"
        for labels, value in samples:
            yield f"clm_{name}{labels} {value}"


def _gauges(at: datetime) -> Iterator[tuple[str, str, list[tuple[str, float]]]]:
    waiting = deliveries.backlog()
    late = max(0.0, (at - waiting.oldest).total_seconds()) if waiting.oldest else 0.0
    yield "deliveries_waiting", "Reactions not yet done.", [("", waiting.open)]
    yield "deliveries_late_seconds", "How long the oldest of them is due.", [("", late)]
    yield "deliveries_dead", "Reactions given up, for a person to look at.", [("", waiting.dead)]
    counts = dict(
        Job.objects.filter(Q(finished_at=None) | Q(finished_at__gt=at - timedelta(days=1)))
        .values_list("state")
        .annotate(Count("pk"))
    )
    by_state = [(f'{{state="{state}"}}', counts.get(state, 0)) for state in Job.State.values]
    yield "jobs", "Jobs open or finished within a day, by state.", by_state
    yield "approvals_open", "Questions to a second person.", [("", _open_approvals())]
    overdue = Task.objects.filter(done_at=None, due_at__lt=at).count()
    yield "tasks_overdue", "Open tasks past their time.", [("", overdue)]
    failed = ScheduledRun.objects.filter(started_at__gt=at - timedelta(days=1)).exclude(error="")
    yield "scheduled_failures", "Periodic runs that failed within a day.", [("", failed.count())]
    seal = Seal.objects.order_by("-number").first()
    if seal:
        age = (at - seal.at).total_seconds()
        yield "seal_age_seconds", "Since the audit was last sealed.", [("", age)]
    heartbeat = heartbeat_age(at=at)
    if heartbeat is not None:
        seconds = heartbeat.total_seconds()
        yield "worker_heartbeat_age_seconds", "Since a worker last worked.", [("", seconds)]


def _open_approvals() -> int:
    return Approval.objects.filter(decision="").count()
