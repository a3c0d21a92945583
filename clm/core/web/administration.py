"""An administrator's Home: who cannot work yet, what failed, and whether every process lives."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core import actors, deliveries, jobs, registries
from clm.core.api.health import SILENT_AFTER, heartbeat_age
from clm.core.models import Approval, Job, ScheduledRun, User

#: How far back a failed job is still news.
_RECENT = timedelta(days=7)
_SHOWN = 5


def home(request: HttpRequest, _customer: Any) -> Mapping[str, Any]:
    """The context of the panel."""
    at = timezone.now()
    without = (
        User.objects.filter(is_active=True, is_robot=False)
        .exclude(groups__name__in=list(settings.CLM_ROLES))
        .exclude(pk=actors.system_user().pk)
        .order_by("username")
    )
    failed = Job.objects.filter(state=Job.State.FAILED, created_at__gte=at - _RECENT)
    count = without.count()
    parts = ngettext("%(n)s user has no role", "%(n)s users have no role", count)
    return {
        "day": parts % {"n": count} if count else "",
        "start": (_("Users and roles"), reverse("admin:core_user_changelist")),
        "without": without[:_SHOWN],
        "without_count": count,
        "failed": [(job, _label(job)) for job in failed.order_by("-created_at")[:_SHOWN]],
        "failed_count": failed.count(),
        "configuration": _configuration(),
        "processes": processes(at=at),
    }


def _label(job: Job) -> str:
    kind = jobs.kinds().get(job.kind)
    return str(kind.label) if kind else job.kind


def processes(*, at: datetime) -> list[dict[str, Any]]:
    """Worker, relay and scheduler: when each last gave a sign of life, and whether that is late."""
    age = heartbeat_age(at=at)
    started = ScheduledRun.objects.aggregate(last=Max("started_at"))["last"]
    oldest = deliveries.backlog().oldest
    waits = oldest if oldest is not None and oldest <= at else None
    return [
        {"name": _("Worker"), "seen": at - age if age is not None else None,
         "lives": age is not None and age < SILENT_AFTER},
        {"name": _("Scheduler"), "seen": started,
         "lives": started is not None and at - started < SILENT_AFTER},
        # The relay leaves no mark of its own: it lives as long as nothing waits for it.
        {"name": _("Relay"), "waits": waits, "lives": waits is None or at - waits < SILENT_AFTER},
    ]  # fmt: skip


def _configuration() -> int:
    """Open approvals about what belongs to no customer."""
    personal = [entry.model._meta.label for entry in registries.personal_data]
    return Approval.objects.filter(decision="").exclude(record_type__in=personal).count()
