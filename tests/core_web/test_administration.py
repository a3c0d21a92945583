"""An administrator's Home."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from clm.core.models import Job, ScheduledRun
from clm.core.tasks import HEARTBEAT
from clm.core.web import administration

pytestmark = pytest.mark.django_db


def test_an_administrator_sees_who_has_no_role_and_what_failed(client_for, admin_, max_, ada, now):
    job = Job.objects.create(kind="customers.import", created_by=ada, created_at=now)
    gone = Job.objects.create(
        kind="customers.import", created_by=ada, created_at=timezone.now(), state=Job.State.FAILED
    )
    page = client_for(admin_).get("/").content.decode()
    assert f"/jobs/{gone.pk}/" in page
    assert f"/admin/core/user/{max_.pk}/change/" in page
    assert f"/admin/core/user/{ada.pk}/change/" not in page
    assert f"/jobs/{job.pk}/" not in page
    assert "Your account has no role yet" not in page


def test_nobody_else_has_it(client_for, ada, max_):
    assert "Users without a role" not in client_for(ada).get("/").content.decode()


def test_a_silent_process_is_named(db, now):
    cache.set(HEARTBEAT, (now - timedelta(minutes=1)).isoformat())
    ScheduledRun.objects.all().delete()
    lives = {one["name"]: one["lives"] for one in administration.processes(at=now)}
    assert lives == {"Worker": True, "Scheduler": False, "Relay": True}
    ScheduledRun.objects.create(name="x", period=now, started_at=now)
    cache.delete(HEARTBEAT)
    lives = {one["name"]: one["lives"] for one in administration.processes(at=now)}
    assert lives == {"Worker": False, "Scheduler": True, "Relay": True}
