"""The jobs of an import: reading the file, and admitting its customers once released."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import actors, files, jobs, lifecycle, records
from clm.core.models import Job, JobError
from customers.imports import csvfile
from customers.imports.columns import understood
from customers.imports.rows import Candidate, Chunk, Fault, Lookups, settle, understand
from customers.lifecycle import Stage
from customers.models import Customer, ImportBatch, ImportMapping
from customers.services.stages import years_later

CHUNK = 500
MAX_ERRORS = 10_000
COUNTS = ("created", "changed", "unchanged", "linked", "failed")


@jobs.registry.register
class ImportCustomers:
    """
    Customers from a CSV file, 500 rows a step.

    Parameters: `source` (name of the source system), `mapping` (name of a saved mapping, or
    empty), `dry_run`, `review_on` (ISO date, default a year ahead).
    """

    name = "customers.import"
    label = gettext_lazy("Import of customers")
    permission = "customers.import_customers"

    def step(self, *, job: Job, at: datetime) -> bool:
        """One chunk; the first step also reads the header and counts the rows."""
        content = files.read(key=job.file)
        try:
            header = csvfile.read_header(content)
        except csvfile.UnreadableFile as exc:
            raise jobs.JobFailed(str(exc)) from None
        meaning = understood(header.columns, _mapping(job))
        if not job.cursor:
            self._begin(job, content, header, meaning)
        rows = []
        for row in csvfile.rows(
            content, header, offset=job.cursor["offset"], line=job.cursor["line"]
        ):
            rows.append(row)
            if len(rows) >= CHUNK:
                break
        self._take(job, rows, meaning, at)
        if len(rows) == CHUNK and not rows[-1].last:
            next_line = rows[-1].line + content.count(b"\n", job.cursor["offset"], rows[-1].end)
            next_line += job.cursor["line"] - rows[-1].line
            job.cursor = {**job.cursor, "offset": rows[-1].end, "line": next_line}
            return False
        self._end(job, at)
        return True

    def _begin(
        self, job: Job, content: bytes, header: csvfile.Header, meaning: dict[int, str]
    ) -> None:
        if not {"family_name", "name"} & set(meaning.values()):
            raise jobs.JobFailed(
                _("No column holds a name. Expected are, among others: family_name, name.")
            )
        job.total = sum(1 for _row in csvfile.rows(content, header))
        job.cursor = {"offset": header.offset, "line": 2}
        job.outcome = dict.fromkeys(COUNTS, 0)
        passed_over = [
            column for position, column in enumerate(header.columns) if position not in meaning
        ]
        if passed_over:
            job.message = _("Columns passed over: %(names)s.") % {
                "names": ", ".join(passed_over[:20])
            }

    def _take(
        self, job: Job, rows: list[csvfile.Row], meaning: dict[int, str], at: datetime
    ) -> None:
        source = str(job.parameters["source"])
        lookups = Lookups.load()
        candidates: list[Candidate] = []
        faults: list[Fault] = []
        for row in rows:
            result = understand(row=row, meaning=meaning, lookups=lookups, source=source)
            if isinstance(result, Candidate):
                candidates.append(result)
            else:
                faults += result
        dry_run = bool(job.parameters.get("dry_run"))
        chunk = settle(
            candidates=candidates,
            source=source,
            actor=job.created_by,
            at=at,
            batch=None if dry_run else _batch(job, at),
            dry_run=dry_run,
        )
        self._count(job, chunk, faults + chunk.faults)
        job.done += len(rows)

    def _count(self, job: Job, chunk: Chunk, faults: list[Fault]) -> None:
        outcome: dict[str, Any] = job.outcome
        for name in ("created", "changed", "unchanged", "linked"):
            outcome[name] += getattr(chunk, name)
        outcome["failed"] += len({fault.line for fault in faults})
        room = max(MAX_ERRORS - JobError.objects.filter(job=job).count(), 0) if faults else 0
        JobError.objects.bulk_create(
            JobError(
                job=job, line=fault.line, column=fault.column[:80], code=fault.code[:40],
                detail=fault.sentence,
            )
            for fault in sorted(faults, key=lambda one: one.line)[:room]
        )  # fmt: skip

    def _end(self, job: Job, at: datetime) -> None:
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
    """Admits the customers of a released batch, 500 a step. Parameter: `batch_id`."""

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
        chunk = list(waiting.order_by("pk").distinct()[:CHUNK])
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
        return len(chunk) < CHUNK


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
