"""Small parts of the kit: ids, encryption, files, clocks, schedule, jobs."""

import base64
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from clm.core import clocks, crypto, files, ids, jobs, schedule, shelves
from clm.core.models import Job, JobError, ScheduledRun, User


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_uuid7_sorts_by_time(at: datetime) -> None:
    one = ids.uuid7(at)
    assert one.version == 7
    assert one.variant == "specified in RFC 4122"
    assert ids.lower_bound(at) <= one < ids.lower_bound(at + timedelta(milliseconds=2))


@given(st.text())
def test_a_token_opens_in_its_own_context_only(plaintext: str) -> None:
    token = crypto.encrypt(plaintext=plaintext, context="a")
    assert crypto.decrypt(token=token, context="a") == plaintext
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(token=token, context="b")


@pytest.mark.parametrize("token", ["", "v1", "v1:no:AAAA", "v1:k1:!!", "v1:k1:AAAA", "æ:ø:å"])
def test_a_damaged_token_is_refused(token: str) -> None:
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(token=token, context="a")


def test_the_newest_key_encrypts_and_older_ones_still_open(settings: Any) -> None:
    old = crypto.encrypt(plaintext="010190-1234", context="a")
    fresh = base64.b64encode(os.urandom(32)).decode()
    settings.CLM_FIELD_KEYS = f"k9:{fresh},{settings.CLM_FIELD_KEYS}"
    assert crypto.decrypt(token=old, context="a") == "010190-1234"
    assert crypto.key_in_use(crypto.encrypt(plaintext="x", context="a")) == "k9"


def test_blind_indexes_meet_for_equal_values_of_one_purpose() -> None:
    one = crypto.blind_index(value="1", purpose="cpr")
    assert one == crypto.blind_index(value="1", purpose="cpr")
    assert one != crypto.blind_index(value="1", purpose="cvr")


def test_files_are_encrypted_and_named_by_the_server(settings: Any) -> None:
    key = files.store(content=b"pass", name="../../etc/passwd")
    assert ".." not in key
    assert files.read(key=key) == b"pass"
    on_disk = shelves.Folder().path(key=key).read_bytes()
    assert b"pass" not in on_disk
    for hostile in ("../../etc/passwd", "/etc/passwd", "a/../b", ""):
        with pytest.raises(FileNotFoundError):
            files.read(key=hostile)


def test_business_hours_pass_over_nights_weekends_and_holidays() -> None:
    friday = datetime(2026, 3, 6, 15, 0, tzinfo=clocks.ZONE)
    assert clocks.add_business_hours(start=friday, hours=4) == datetime(
        2026, 3, 9, 11, 0, tzinfo=clocks.ZONE
    )
    # Maundy Thursday to Easter Monday are closed; summer time began on the Sunday before.
    wednesday = datetime(2026, 4, 1, 16, 0, tzinfo=clocks.ZONE)
    closed = [date(2026, 5, 14), date(2026, 5, 15), date(2026, 6, 5), date(2026, 12, 24),
              date(2026, 12, 31), date(2027, 5, 7)]  # fmt: skip
    assert not any(map(clocks.is_business_day, closed))
    assert clocks.is_business_day(date(2026, 5, 13))
    assert clocks.add_business_hours(start=wednesday, hours=2) == datetime(
        2026, 4, 7, 10, 0, tzinfo=clocks.ZONE
    )
    assert clocks.add_business_days(start=friday, days=1).date().isoformat() == "2026-03-09"


def test_periodic_work_runs_once_a_period(db: None, now: datetime) -> None:
    seen: list[datetime] = []

    @schedule.periodic("test.hourly", every=timedelta(hours=1))
    def hourly(*, at: datetime) -> None:
        seen.append(at)

    try:
        assert "test.hourly" in schedule.due(at=now)
        assert schedule.run(name="test.hourly", at=now)
        assert not schedule.run(name="test.hourly", at=now + timedelta(minutes=5))
        assert schedule.run(name="test.hourly", at=now + timedelta(hours=1))
        assert len(seen) == 2
        assert ScheduledRun.objects.filter(done_at=None).count() == 0
    finally:
        schedule._periodic.pop("test.hourly")


class Counting:
    """Counts to three; fails or gives up when told to."""

    name = "test.count"
    label = "Count"
    permission = ""

    def step(self, *, job: Job, at: datetime) -> bool:
        number = job.cursor.get("number", 0) + 1
        if job.parameters.get("give_up_at") == number:
            raise jobs.JobFailed("There is no fourth.")
        jobs.add_error(job=job, line=number, code="odd", detail=f"step {number}")
        job.result_file = files.store(content=f"step {number}".encode())
        if job.parameters.get("break_at") == number:
            raise ValueError("broken")
        job.cursor = {"number": number}
        job.done, job.total = number, 3
        return bool(number == 3)


def kept_files() -> list[Path]:
    return [one for one in Path(settings.CLM_FILES_DIR).rglob("*") if one.is_file()]


@pytest.fixture
def counting() -> Iterator[None]:
    jobs.registry.register(Counting)
    yield
    jobs._kinds.pop("test.count")


def test_a_job_runs_to_its_end(counting: None, ada: User, now: datetime) -> None:
    job = jobs.start(kind="test.count", parameters={}, actor=ada, at=now)
    assert jobs.claim(at=now) == [job.pk]
    assert jobs.claim(at=now) == []
    job = jobs.run(job=job, at=now)
    assert (job.state, job.done, job.total) == (Job.State.DONE, 3, 3)


def test_a_step_that_breaks_leaves_nothing_and_is_tried_again(
    counting: None, ada: User, now: datetime
) -> None:
    job = jobs.start(kind="test.count", parameters={"break_at": 2}, actor=ada, at=now)
    for _ in range(10):
        jobs.run_step(job_id=job.pk, at=now)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.done == 1
    assert files.read(key=job.result_file) == b"step 1"
    assert len(kept_files()) == 1, "the tries of step 2 left none"
    assert JobError.objects.filter(job=job).count() == 1


def test_a_job_that_gives_up_says_why(counting: None, ada: User, now: datetime) -> None:
    job = jobs.start(kind="test.count", parameters={"give_up_at": 1}, actor=ada, at=now)
    job = jobs.run(job=job, at=now)
    assert (job.state, job.message) == (Job.State.FAILED, "There is no fourth.")


def test_a_job_is_cancelled_by_its_owner_only(
    counting: None, ada: User, bo: User, now: datetime
) -> None:
    job = jobs.start(kind="test.count", parameters={}, actor=ada, at=now)
    with pytest.raises(PermissionDenied):
        jobs.cancel(job=job, actor=bo, at=now)
    assert not jobs.visible(actor=bo).exists()
    assert jobs.cancel(job=job, actor=ada, at=now).state == Job.State.CANCELLED
    assert not jobs.run_step(job_id=job.pk, at=now)


def test_a_silent_worker_s_job_is_handed_out_again(
    counting: None, ada: User, now: datetime
) -> None:
    job = jobs.start(kind="test.count", parameters={}, actor=ada, at=now)
    jobs.claim(at=now)
    jobs.run_step(job_id=job.pk, at=now)
    assert jobs.claim(at=now + timedelta(minutes=4)) == []
    assert jobs.claim(at=now + jobs.LEASE + timedelta(seconds=1)) == [job.pk]


def test_the_files_of_a_job_go_a_month_after_its_end(
    counting: None, ada: User, now: datetime, client_for: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    done, waiting = (
        jobs.start(kind="test.count", parameters={}, actor=ada, at=now, file=b"in")
        for _one in range(2)
    )
    done = jobs.run(job=done, at=now)
    kept = len(kept_files())
    client = client_for(ada)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.forget_files(at=now + timedelta(days=30)) == 0
        assert client.get(f"/jobs/{done.pk}/result/").status_code == 200
        assert jobs.forget_files(at=now + timedelta(days=31)) == 1
        assert jobs.forget_files(at=now + timedelta(days=31)) == 0
    done.refresh_from_db()
    assert (done.file, done.result_file) == ("", "")
    assert len(kept_files()) == kept - 2
    assert files.read(key=waiting.file) == b"in"
    assert client.get(f"/jobs/{done.pk}/result/").status_code == 404
