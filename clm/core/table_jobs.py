"""What jobs that read a table share: its plain lines, its columns, and the rows they refuse."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import bulk, files, jobs
from clm.core.models import Job, JobError
from clm.core.tables import Table, UnreadableFile, open_table, plain_lines

_NAMED = 20


class Fault(NamedTuple):
    """Why a row cannot be used, and where: its line, its column or none."""

    line: int
    column: str
    code: str
    sentence: str


def make_plain(job: Job) -> None:
    """A workbook is unpacked once, into lines that every later step can go to directly."""
    with files.open_file(key=job.file) as stream:
        plain = plain_lines(stream, name=job.file_name)
        if plain is stream:
            return
        packed, job.file = job.file, files.store(content=plain)
    transaction.on_commit(lambda: files.delete(key=packed))


@contextmanager
def table_of(job: Job) -> Iterator[Table]:
    """
    The table of a job's file for one step; the first step, which has no cursor yet, makes it plain.

    :raises JobFailed: it cannot be read
    """
    try:
        if not job.cursor:
            make_plain(job)
        with files.open_file(key=job.file) as stream:
            yield open_table(stream, name=job.file_name, header=job.cursor.get("header"))
    except UnreadableFile as exc:
        raise jobs.JobFailed(str(exc)) from None


def note_passed_over(job: Job, table: Table, meaning: Collection[int]) -> None:
    """One note for the columns that mean nothing to us, those being `meaning`'s that do."""
    passed_over = [name for place, name in enumerate(table.columns) if place not in meaning]
    if passed_over:
        job.message = _("Columns passed over: %(names)s.") % {
            "names": ", ".join(passed_over[:_NAMED])
        }


def keep_faults(job: Job, faults: Iterable[Fault], *, before: int, most: int) -> None:
    """
    Name refused rows, by line.

    :param before: how many there were before these
    :param most: so many are kept one by one; beyond that they are only counted
    """
    bulk.insert(
        model=JobError,
        columns=("job_id", "line", "column", "code", "detail"),
        rows=(
            (job.pk, fault.line, fault.column[:80], fault.code[:40], fault.sentence)
            for fault in sorted(faults, key=lambda one: one.line)[: max(most - before, 0)]
        ),
    )


def note_unlisted(job: Job, *, count: int, most: int) -> None:
    """Say how many of `count` faults are not named."""
    if count > most:
        unlisted = _("%(count)d further faults are counted but not listed.") % {
            "count": count - most
        }
        job.message = f"{job.message} {unlisted}".strip()
