"""The jobs of an import: reading the file, and admitting its customers once released."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import actors, files, jobs, lifecycle, pace, records
from clm.core.models import Job
from clm.core.table_jobs import Fault, keep_faults, note_passed_over, note_unlisted, table_of
from clm.core.tables import Place, Row, Table, meanings
from customers.imports.columns import ALIASES
from customers.imports.rows import Candidate, Chunk, Lookups, Reading, settle, understand
from customers.lifecycle import Stage
from customers.models import Customer, ImportBatch, ImportMapping
from customers.services.stages import years_later

#: Rows of a step, which is one transaction; it reads and writes them by parts.
CHUNK = 10_000
PART = 2500
ADMITTED = 1000
#: So many faults are kept one by one; beyond that they are only counted.
MAX_ERRORS = 200_000
COUNTS = ("created", "changed", "unchanged", "linked", "failed")


@dataclass(frozen=True)
class Part:
    """Some rows, read and understood."""

    rows: int
    after: Place
    candidates: list[Candidate]
    faults: list[Fault]


@jobs.registry.register
class ImportCustomers:
    """
    Customers from a CSV, XLSX or JSON Lines file, 10,000 rows a step.

    Parameters: `source` (name of the source system), `mapping` (name of a saved mapping, or
    empty), `dry_run`, `review_on` (ISO date, default a year ahead). What could not be used
    comes back as the job's errors and, as a file, as its result.
    """

    name = "customers.import"
    label = gettext_lazy("Import of customers")
    permission = "customers.import_customers"

    def step(self, *, job: Job, at: datetime) -> bool:
        """One chunk; the first step only reads the header and counts the rows."""
        with table_of(job) as table:
            if not job.cursor:
                self._begin(job, table)
                return False
            with pace.garbage_later():
                rows = self._chunk(job, table, at)
        if rows == CHUNK:
            return False
        self._end(job, at)
        return True

    def _chunk(self, job: Job, table: Table, at: datetime) -> int:
        """Deal with the next rows; how many there were."""
        source = str(job.parameters["source"])
        meaning = meanings(table.columns, ALIASES, _mapping(job))
        reading = Reading(source, meaning, Lookups.load(), at)
        batch = None if job.parameters.get("dry_run") else _batch(job, at)
        rows = islice(table.rows(Place(*job.cursor["place"])), CHUNK)
        taken = 0
        with connection.cursor() as cursor:
            # Else the foreign keys of all rows are looked up at the end, with nothing to do beside.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for part in pace.ahead(_parts(rows, reading)):
            chunk = settle(
                candidates=part.candidates,
                source=source,
                actor=job.created_by,
                at=at,
                batch=batch,
                dry_run=batch is None,
            )
            self._count(job, chunk, part.faults + chunk.faults)
            job.cursor = {**job.cursor, "place": list(part.after)}
            taken += part.rows
        job.done += taken
        return taken

    def _begin(self, job: Job, table: Table) -> None:
        meaning = meanings(table.columns, ALIASES, _mapping(job))
        if not {"family_name", "name"} & set(meaning.values()):
            raise jobs.JobFailed(
                _("No column holds a name. Expected are, among others: family_name, name.")
            )
        job.total = sum(1 for _row in table.rows())
        job.cursor = {"header": table.header(), "place": list(table.first), "errors": 0}
        job.outcome = dict.fromkeys(COUNTS, 0)
        note_passed_over(job, table, meaning)

    def _count(self, job: Job, chunk: Chunk, faults: list[Fault]) -> None:
        outcome: dict[str, Any] = job.outcome
        for name in ("created", "changed", "unchanged", "linked"):
            outcome[name] += getattr(chunk, name)
        outcome["failed"] += len({fault.line for fault in faults})
        before = job.cursor["errors"]
        keep_faults(job, faults, before=before, most=MAX_ERRORS)
        job.cursor = {**job.cursor, "errors": before + len(faults)}

    def _end(self, job: Job, at: datetime) -> None:
        if job.cursor["errors"]:
            job.result_file = files.store(content=_error_file(job))
            job.result_name = f"{PurePath(job.file_name).stem}-errors.csv"[-255:]
        note_unlisted(job, count=job.cursor["errors"], most=MAX_ERRORS)
        batch = ImportBatch.objects.filter(job=job).first()
        if batch is None or job.outcome["created"] == 0:
            return
        batch = records.change(
            record=batch,
            changes={"customers": job.outcome["created"]},
            actor=job.created_by,
            at=at,
        )
        lifecycle.perform(record=batch, name="ask_release", actor=job.created_by, at=at)


@jobs.registry.register
class AdmitCustomers:
    """Admits the customers of a released batch, 1,000 a step. Parameter: `batch_id`."""

    name = "customers.admit"
    label = gettext_lazy("Admission of imported customers")
    permission = "customers.admit_customer"

    def step(self, *, job: Job, at: datetime) -> bool:
        batch = ImportBatch.objects.get(pk=job.parameters["batch_id"])
        if job.total is None:
            job.total = batch.customers
        waiting = Customer.objects.filter(source_records__batch=batch, stage=Stage.UNADMITTED)
        if after := job.cursor.get("after"):
            waiting = waiting.filter(pk__gt=UUID(after))
        chunk = list(waiting.order_by("pk").distinct()[:ADMITTED])
        outcome = lifecycle.perform_many(
            records=chunk,
            name="admit_existing",
            actor=actors.system_user(),
            at=at,
            changes={"kyc_review_on": batch.review_on},
        )
        for reasons in outcome.refused.values():
            jobs.add_error(job=job, code="refused", detail=" ".join(reasons))
        job.done += len(outcome.done)
        if chunk:
            job.cursor = {"after": str(chunk[-1].pk)}
        return len(chunk) < ADMITTED


def _parts(rows: Iterator[Row], reading: Reading) -> Iterator[Part]:
    while part := list(islice(rows, PART)):
        candidates: list[Candidate] = []
        faults: list[Fault] = []
        for row in part:
            result = understand(row=row, reading=reading)
            if isinstance(result, Candidate):
                candidates.append(result)
            else:
                faults += result
        yield Part(len(part), part[-1].after, candidates, faults)


def _error_file(job: Job) -> Iterator[bytes]:
    """The job's errors as CSV: line, column, code, reason."""
    errors = job.errors.order_by("line", "id").values_list("line", "column", "code", "detail")
    yield b"\xef\xbb\xbfline,column,code,reason\r\n"
    for error in errors.iterator(chunk_size=2000):
        text = io.StringIO()
        csv.writer(text).writerow(error)
        yield text.getvalue().encode()


def _batch(job: Job, at: datetime) -> ImportBatch:
    known = ImportBatch.objects.filter(job=job).first()
    if known is not None:
        return known
    review_on = job.parameters.get("review_on") or years_later(at.date(), 1).isoformat()
    batch = ImportBatch(
        job=job,
        system=str(job.parameters["source"]),
        file_name=job.file_name,
        review_on=datetime.fromisoformat(review_on).date(),
    )
    return records.create(record=batch, actor=job.created_by, at=at)


def _mapping(job: Job) -> dict[str, str]:
    name = str(job.parameters.get("mapping") or "")
    if not name:
        return {}
    saved = ImportMapping.objects.filter(name=name).first()
    if saved is None:
        raise jobs.JobFailed(_("There is no mapping named “%(name)s”.") % {"name": name})
    return {str(column): str(own) for column, own in saved.columns.items()}
