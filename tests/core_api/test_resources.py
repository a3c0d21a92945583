"""Jobs, the audit stream, approvals, the probes and the reference."""

import json
from datetime import timedelta

import pytest
import yaml
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from clm.core import jobs, work
from clm.core.models import Event, Job
from clm.core.tasks import HEARTBEAT
from tests.patience import visible

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(ada, now):
    made = Job.objects.create(kind="test", created_by=ada, created_at=now)
    for line in range(3):
        jobs.add_error(job=made, code="bad", detail="No good", line=line, column="name")
    return made


def test_a_job_is_its_owners(api, ada, bo, admin_, job):
    found = api(ada).get(f"jobs/{job.pk}/").json()
    assert (found["state"], found["done"], found["total"]) == ("QUEUED", 0, None)
    assert found["errors_url"] == f"http://testserver/api/v1/jobs/{job.pk}/errors/"
    assert found["result_url"] is None
    assert api(bo).get(f"jobs/{job.pk}/").status_code == 404
    assert api(bo).get(f"jobs/{job.pk}/errors/").status_code == 404
    assert api(bo).post(f"jobs/{job.pk}/cancel/").status_code == 404
    assert api(admin_).get(f"jobs/{job.pk}/").status_code == 200


def test_a_jobs_errors_come_in_pages(api, ada, job):
    first = api(ada).get(f"jobs/{job.pk}/errors/?limit=2&count=exact").json()
    assert [error["line"] for error in first["results"]] == [0, 1]
    assert first["count"] == 3
    assert [error["line"] for error in api(ada).get(first["next"]).json()["results"]] == [2]


def test_a_job_is_cancelled_and_has_no_result(api, ada, job):
    assert api(ada).get(f"jobs/{job.pk}/result/").status_code == 404
    assert api(ada).post(f"jobs/{job.pk}/cancel/").json()["state"] == "CANCELLED"


def test_a_result_is_an_attachment(api, ada, job):
    from clm.core import files

    job.result_file, job.result_name = files.store(content=b"<script>"), "report.csv"
    job.save()
    answer = api(ada).get(f"jobs/{job.pk}/result/")
    assert b"".join(answer.streaming_content) == b"<script>"
    assert answer["Content-Disposition"] == 'attachment; filename="report.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_audit_stream_needs_permission_and_reach(api, ada, karen, aarhus, robot):
    assert api(ada).get("events/").status_code == 403
    assert api(karen).get("events/").status_code == 200
    assert robot("tasks:read", name="a").get("events/").status_code == 403
    near = robot("events:read", reach="branch", branch=aarhus, name="b")
    assert near.get("events/").status_code == 403
    assert robot("events:read", name="c").get("events/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("cluster")
def test_the_audit_stream_is_read_on_from_where_one_was(api, karen, ada, now):
    caller = api(karen)
    for number in range(3):
        work.add_task(title=f"T{number}", record=None, assignee=ada, due_at=None, actor=ada, at=now)
    visible(events=3)
    first = caller.get("events/?limit=2").json()
    assert len(first["results"]) == 2
    assert {"id", "at", "actor", "record_type", "action", "hash"} <= set(first["results"][0])
    seen, path = [one["id"] for one in first["results"]], first["next"]
    while page := caller.get(path).json():
        if not page["results"]:
            break
        seen += [one["id"] for one in page["results"]]
        path = page["next"]
    assert len(seen) == len(set(seen)) >= 3
    work.add_task(title="Later", record=None, assignee=ada, due_at=None, actor=ada, at=now)
    visible(events=Event.objects.count())
    assert len(caller.get(page["next"]).json()["results"]) == 1
    assert caller.get("events/?ordering=id").status_code == 400
    other = caller.get("tasks/?limit=1").json()
    assert other["next"] is None


def test_alive_asks_nobody():
    assert Client().get("/healthz").json() == {"status": "ok"}


def test_ready_names_what_is_away(monkeypatch):
    cache.delete(HEARTBEAT)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "broker": "ok", "worker": "failed"}
    cache.set(HEARTBEAT, timezone.now().isoformat())
    assert Client().get("/readyz").json()["status"] == "ready"
    cache.set(HEARTBEAT, (timezone.now() - timedelta(minutes=5)).isoformat())
    assert Client().get("/readyz").status_code == 503


def test_figures_are_for_who_has_the_token(settings):
    settings.CLM_METRICS_TOKEN = ""
    assert Client().get("/metrics").status_code == 404
    settings.CLM_METRICS_TOKEN = "t0ken"
    assert Client().get("/metrics").status_code == 401
    assert Client().get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 401
    answer = Client().get("/metrics", headers={"Authorization": "Bearer t0ken"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "# TYPE clm_deliveries_waiting gauge\nclm_deliveries_waiting 0\n" in text
    assert 'clm_jobs{state="QUEUED"} 0' in text


def test_the_description_is_openapi_3_1_in_json_and_yaml():
    answer = Client().get("/api/v1/schema")
    found = answer.json()
    assert found["openapi"].startswith("3.1")
    tasks = found["paths"]["/api/v1/tasks/{id}/"]["patch"]
    assert {"400", "401", "404", "412", "428", "429"} <= set(tasks["responses"])
    assert any(one["name"] == "If-Match" and one["required"] for one in tasks["parameters"])
    assert {"oauth2": ["tasks:write"]} in tasks["security"]
    flow = found["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/api/oauth/token"
    assert "events:read" in flow["scopes"]
    listed = found["paths"]["/api/v1/tasks/"]["get"]["responses"]["200"]["content"]
    assert "results" in listed["application/json"]["schema"]["properties"]
    as_yaml = Client().get("/api/v1/schema", headers={"Accept": "application/yaml"})
    assert yaml.safe_load(as_yaml.content) == found
    assert json.dumps(found)


def test_the_reference_is_a_page_without_inline_code():
    answer = Client().get("/api/docs/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "/api/v1/tasks/" in page
    assert "<script" not in page
    assert "style=" not in page
    assert "<style" not in page
