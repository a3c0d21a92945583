"""
Long work with progress: a kind says what one step is, this module runs the steps.

One step is one transaction that writes its results together with the job's cursor; killed in
the middle, it never happened, and the next worker goes on from the cursor. A lease keeps two
workers from one job; it lapses by time.
"""

import time
import traceback
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import IO, Any, Protocol
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clm.core import actors, files, sayings
from clm.core.models import Job, JobError, User

LEASE = timedelta(minutes=5)
#: So long after its end a job's files are there to be looked at or fetched.
FILES_KEPT = timedelta(days=30)
ATTEMPTS = 5


class JobFailed(Exception):
    """
    The job cannot go on; the sentences are shown to whoever started it.

    Those of `clm.core.sayings` are shown in the reader's language.
    """

    def __str__(self) -> str:
        return " ".join(map(str, self.args))


class JobKind(Protocol):
    """
    A kind of job. `step` does one bounded chunk and says whether that was the last.

    A kind may also say by `may_fetch(*, job, actor) -> bool` who may have its result; without
    it everybody may who may start it and sees the job. With `keeps_file = False` the file that
    came in is deleted as soon as the job has ended, however it ended. So are the files whose keys
    its steps keep in the cursor as `parts`, for the last one to join.
    """

    name: str
    label: Any
    permission: str

    def step(self, *, job: Job, at: datetime) -> bool: ...


_kinds: dict[str, JobKind] = {}


class _Registry:
    def register(self, kind: type[Any]) -> type[Any]:
        """Class decorator: make an instance of the kind known under its name."""
        _kinds[kind.name] = kind()
        return kind


registry = _Registry()


def kind_of(job: Job) -> JobKind:
    return _kinds[job.kind]


def kinds() -> dict[str, JobKind]:
    return dict(_kinds)


def start(
    *,
    kind: str,
    parameters: Mapping[str, Any],
    actor: User,
    at: datetime,
    file: IO[bytes] | bytes | None = None,
    file_name: str = "",
) -> Job:
    """
    Queue a job; the relay hands it to a worker.

    :param file: its input, stored encrypted
    :raises PermissionDenied: `actor` may not start this kind
    """
    if not actors.may(actor=actor, permission=_kinds[kind].permission):
        raise PermissionDenied(_("You may not start this job."))
    stored = files.store(content=file, name=file_name) if file is not None else ""
    return Job.objects.create(
        kind=kind,
        parameters=dict(parameters),
        created_by=actor,
        created_at=at,
        file=stored,
        file_name=file_name[:255],
    )


def cancel(*, job: Job, actor: User, at: datetime) -> Job:
    """Ask a job to stop; a waiting one stops at once, a running one after its step."""
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if locked.created_by_id != actor.pk and not actors.may(
            actor=actor, permission="core.view_all_jobs"
        ):
            raise PermissionDenied(_("This is somebody else's job."))
        if locked.state == Job.State.QUEUED:
            _finish(locked, Job.State.CANCELLED, at)
        elif locked.is_open:
            locked.cancel_asked = True
            locked.save(update_fields=["cancel_asked"])
    return locked


def visible(*, actor: User) -> QuerySet[Job]:
    """Own jobs; all of them with the permission."""
    if actors.may(actor=actor, permission="core.view_all_jobs"):
        return Job.objects.all()
    return Job.objects.filter(created_by=actor)


def open_result(*, job: Job, actor: User) -> IO[bytes]:
    """
    The file that a job made.

    :raises FileNotFoundError: it made none
    :raises PermissionDenied: the actor may not have it, or not any more
    """
    if not job.result_file:
        raise FileNotFoundError(job.pk)
    kind: Any = _kinds.get(job.kind)
    if kind is not None:
        allowed = actors.may(actor=actor, permission=kind.permission)
        if allowed and hasattr(kind, "may_fetch"):
            allowed = kind.may_fetch(job=job, actor=actor)
        if not allowed:
            raise PermissionDenied(_("You may not have this file, or not any more."))
    return files.open_file(key=job.result_file)


def claim(*, at: datetime, limit: int = 20) -> list[UUID]:
    """Jobs that wait, or whose worker went silent; leased until a worker takes them over."""
    with transaction.atomic():
        due = list(
            Job.objects.select_for_update(skip_locked=True)
            .filter(state__in=Job.OPEN)
            .filter(Q(lease_until=None) | Q(lease_until__lt=at))
            .order_by("created_at")[:limit]
        )
        Job.objects.filter(pk__in=[job.pk for job in due]).update(
            lease_until=at + timedelta(seconds=30)
        )
    return [job.pk for job in due]


def run_step(*, job_id: UUID, at: datetime) -> bool:
    """
    Run one step; whether there is more to do.

    A step that raises leaves nothing behind, no file either; after five such the job has failed
    with the reason. `JobFailed` fails it at once.
    """
    try:
        with files.dropped_on_error(), transaction.atomic():
            job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
            if job is None or not job.is_open:
                return False
            if job.cancel_asked:
                _finish(job, Job.State.CANCELLED, at)
                return False
            if job.state == Job.State.QUEUED:
                job.state = Job.State.RUNNING
                job.started_at = at
            finished = kind_of(job).step(job=job, at=at)
            job.attempts = 0
            job.lease_until = at + LEASE
            if finished:
                _finish(job, Job.State.DONE, at)
            else:
                job.save()
            return not finished
    except Exception as exc:  # noqa: BLE001 -- whatever a kind raises is the job's failure, told to its owner
        return _record_failure(job_id, exc, at)


def run(*, job: Job, at: datetime) -> Job:
    """
    Run a job here and now until it ends or a step fails; for commands and tests.

    Where a worker was quicker to take it, this waits for that worker's steps.
    """
    while True:
        more = run_step(job_id=job.pk, at=at)
        job.refresh_from_db()
        if not job.is_open or job.attempts:
            return job
        if not more:
            time.sleep(0.1)


def forget_files(*, at: datetime) -> int:
    """Delete the files of jobs that ended more than 30 days ago; how many jobs had some."""
    return drop_files(of=Job.objects.filter(finished_at__lt=at - FILES_KEPT))


def drop_files(*, of: QuerySet[Job]) -> int:
    """Delete what jobs were given and what they made; how many had something."""
    with transaction.atomic():
        held = list(
            of.select_for_update(of=("self",))
            .exclude(file="", result_file="")
            .order_by("pk")
            .values_list("pk", "file", "result_file")
        )
        Job.objects.filter(pk__in=[pk for pk, *_keys in held]).update(file="", result_file="")
        keys = [key for _pk, *pair in held for key in pair if key]
        transaction.on_commit(lambda: _delete(keys))
    return len(held)


def add_error(
    *, job: Job, code: str, detail: str, line: int | None = None, column: str = ""
) -> None:
    """Name one thing that could not be done; part of the step's transaction."""
    JobError.objects.create(job=job, line=line, column=column[:80], code=code, detail=str(detail))


def say(job: Job, *sentences: str) -> None:
    """Set a job's message; sentences of `clm.core.sayings` are shown in the reader's language."""
    job.message = " ".join(sentences)
    said = {"said": sayings.kept(sentences)} if sentences else {}
    job.outcome = {key: value for key, value in job.outcome.items() if key != "said"} | said


def message_of(*, job: Job) -> str:
    """A job's message for whoever reads it now."""
    said = job.outcome.get("said")
    return sayings.told(said) if said else job.message


def _finish(job: Job, state: Job.State, at: datetime) -> None:
    job.state = state
    job.finished_at = at
    job.lease_until = None
    if job.file and not getattr(_kinds.get(job.kind), "keeps_file", True):
        done, job.file = job.file, ""
        transaction.on_commit(lambda: files.delete(key=done))
    if parts := job.cursor.get("parts"):
        job.cursor = {**job.cursor, "parts": []}
        transaction.on_commit(lambda: _delete(parts))
    job.save()


def _delete(keys: Iterable[str]) -> None:
    for key in keys:
        files.delete(key=key)


def _record_failure(job_id: UUID, exc: Exception, at: datetime) -> bool:
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job_id)
        if not job.is_open:
            return False
        job.attempts += 1
        if isinstance(exc, JobFailed):
            say(job, *exc.args)
        else:
            job.message = _("The job met an unexpected error and was stopped.")
            job.cursor = {**job.cursor, "error": traceback.format_exc(limit=-6)[-4000:]}
        if isinstance(exc, JobFailed) or job.attempts >= ATTEMPTS:
            _finish(job, Job.State.FAILED, at)
            return False
        job.lease_until = at + timedelta(seconds=5 * 2**job.attempts)
        job.save()
    return False
