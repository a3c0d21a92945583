import csv
import io
import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from python_calamine import CalamineWorkbook

from clm.core import access, files, jobs
from clm.core.models import AccessLog, Job
from customers import services
from customers.exports import job as export_job
from customers.lifecycle import Stage
from customers.models import Customer
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def max_manager(make_user):
    return make_user("mona", "manager")


@pytest.fixture
def export(max_manager, now):
    def run(**options):
        given = {"format": "csv", "filters": {}, "actor": max_manager, "at": now} | options
        return jobs.run(job=services.start_export(**given), at=now)

    return run


def rows_of(job):
    raw = files.read(key=job.result_file)
    if job.result_name.endswith("csv"):
        return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    if job.result_name.endswith("jsonl"):
        return [json.loads(line) for line in raw.splitlines()]
    names, *rows = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()
    return [dict(zip(names, row, strict=True)) for row in rows]


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_every_format_holds_the_same_customers(export, form, monkeypatch):
    monkeypatch.setattr(export_job, "CHUNK", 2)
    made = [
        make.customer(family_name="Sørensen", identifiers=[("cpr", "120384-1234")]),
        make.customer(family_name="=cmd|' /C calc'!A0"),
        *(make.customer() for _ in range(3)),
    ]
    job = export(format=form)
    assert (job.state, job.done, job.total) == ("DONE", 5, 5)
    rows = rows_of(job)
    assert [row["external_id"] for row in rows] == sorted(str(one.pk) for one in made)
    by_id = {row["external_id"]: row for row in rows}
    assert by_id[str(made[0].pk)]["cpr_masked"] == "120384-••••"
    shown = by_id[str(made[1].pk)]["family_name"]
    assert shown == ("=" if form == "jsonl" else "'=") + "cmd|' /C calc'!A0"
    assert "1203841234" not in str(rows)


def test_no_customers_is_a_file_with_a_heading(export):
    assert rows_of(export()) == []
    assert export().result_file


def test_filters_and_columns_are_those_that_were_asked_for(export):
    active = make.customer(stage=Stage.ACTIVE)
    make.customer(stage=Stage.PROSPECT)
    job = export(filters={"stage": "ACTIVE"}, columns=["external_id", "stage"])
    assert rows_of(job) == [{"external_id": str(active.pk), "stage": "ACTIVE"}]


def test_what_is_exported_can_be_imported_again(export, run_import):
    make.customer(family_name="+Plus", phones=["29110418"])
    raw = files.read(
        key=export(columns=["external_id", "given_names", "family_name", "phone"]).result_file
    )
    job = run_import(raw, source="again")
    assert job.outcome["created"] == 1
    assert Customer.objects.get(source="again").family_name == "+Plus"


def test_who_may_not_know_of_risk_gets_no_such_column(export, make_user, now):
    make.customer()
    manager = rows_of(export())[0]
    officer = rows_of(export(actor=make_user("kim", "compliance_officer")))[0]
    assert "restriction" not in manager
    assert "restriction" in officer
    with pytest.raises(ValidationError):
        export(columns=["restriction"])


def test_an_export_is_told_in_the_access_log(export):
    made = make.customer()
    export()
    (seen,) = AccessLog.objects.filter(kind="export")
    assert seen.record_ids == [str(made.pk)]


def test_without_the_right_nothing_starts(ada, now):
    with pytest.raises(PermissionDenied):
        services.start_export(format="csv", filters={}, actor=ada, at=now)


@pytest.mark.parametrize("form", ["pdf", ""])
def test_an_unknown_format_is_refused(export, form):
    with pytest.raises(ValidationError):
        export(format=form)


def test_an_export_dies_with_its_owners_right(max_manager, now, monkeypatch):
    monkeypatch.setattr(export_job, "CHUNK", 2)
    for _ in range(5):
        make.customer()
    job = services.start_export(format="csv", filters={}, actor=max_manager, at=now)
    assert jobs.run_step(job_id=job.pk, at=now)
    max_manager.groups.clear()
    assert not jobs.run_step(job_id=job.pk, at=now)
    job.refresh_from_db()
    assert job.state == "FAILED"
    assert "any more" in job.message
    assert not job.result_file


@pytest.mark.parametrize("how", ["without the right", "cancelled"])
def test_nothing_is_left_of_an_export_that_did_not_come_to_its_end(
    max_manager, now, monkeypatch, django_capture_on_commit_callbacks, how
):
    monkeypatch.setattr(export_job, "CHUNK", 2)
    for _ in range(3):
        make.customer()
    job = services.start_export(format="csv", filters={}, actor=max_manager, at=now)
    jobs.run_step(job_id=job.pk, at=now)
    (part,) = Job.objects.get(pk=job.pk).cursor["parts"]
    assert files.read(key=part)
    if how == "cancelled":
        jobs.cancel(job=job, actor=max_manager, at=now)
    else:
        max_manager.groups.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert not jobs.run_step(job_id=job.pk, at=now)
    assert Job.objects.get(pk=job.pk).state in {"FAILED", "CANCELLED"}
    with pytest.raises(FileNotFoundError):
        files.read(key=part)


def test_a_finished_file_is_not_handed_out_after_the_right_is_gone(
    export, max_manager, client_for, now
):
    make.customer()
    job = export()
    page = f"/jobs/{job.pk}/result/"
    client = client_for(max_manager)
    fetched = client.get(page)
    assert fetched.status_code == 200
    assert b"".join(fetched.streaming_content).startswith(b"\xef\xbb\xbf")
    max_manager.groups.clear()
    max_manager = type(max_manager).objects.get(pk=max_manager.pk)
    assert client_for(max_manager).get(page).status_code == 403
    with pytest.raises(PermissionDenied):
        jobs.open_result(job=Job.objects.get(pk=job.pk), actor=max_manager)


def test_a_killed_step_is_done_again_and_nothing_is_doubled(max_manager, now, monkeypatch):
    monkeypatch.setattr(export_job, "CHUNK", 2)
    for _ in range(5):
        make.customer()
    job = services.start_export(format="csv", filters={}, actor=max_manager, at=now)
    assert jobs.run_step(job_id=job.pk, at=now)
    monkeypatch.setattr(access, "write", lambda **_: 1 / 0)
    jobs.run_step(job_id=job.pk, at=now)
    monkeypatch.undo()
    done = jobs.run(job=job, at=now)
    assert len({row["external_id"] for row in rows_of(done)}) == len(rows_of(done)) == 5
