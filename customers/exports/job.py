"""
The job of an export: customers within its owner's reach, written part by part.

The right is asked for anew at every step and when the file is fetched: an export whose owner
lost the permission, or sees fewer customers than when it was made, ends or is not handed out.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import access, actors, files, jobs
from clm.core.models import Job, User
from clm.core.tables import write_rows, write_workbook
from clm.core.tables.writing import SHEET_ROWS
from customers import selectors
from customers.exports.columns import Column, chosen
from customers.models import Customer

CHUNK = 2000
PERMISSION = "customers.export_customers"


@jobs.registry.register
class ExportCustomers:
    """
    Customers to CSV, XLSX or JSON Lines, 2,000 a step.

    Parameters: `format`, `columns` (names; none means all), `filters` (see
    `selectors.narrowed`), `reach` (what the owner saw when it was started).
    """

    name = "customers.export"
    label = gettext_lazy("Export of customers")
    permission = PERMISSION

    def step(self, *, job: Job, at: datetime) -> bool:
        """One part; the last step joins them."""
        if not self.may_fetch(job=job, actor=job.created_by):
            raise jobs.JobFailed(_("You may not export these customers any more."))
        found = selectors.narrowed(
            customers=selectors.visible_customers(actor=job.created_by),
            filters=job.parameters["filters"],
            actor=job.created_by,
        )
        if job.total is None:
            self._begin(job, found.count())
        columns = chosen(names=job.parameters["columns"], actor=job.created_by)
        rows = found.order_by("pk").select_related("adviser", "branch")
        if after := job.cursor.get("after"):
            rows = rows.filter(pk__gt=UUID(after))
        customers = list(
            rows.prefetch_related("contact_points", "addresses", "identifiers")[:CHUNK]
        )
        if customers:
            self._keep(job, columns, customers, at)
        if len(customers) == CHUNK:
            return False
        self._join(job, columns)
        return True

    def may_fetch(self, *, job: Job, actor: User) -> bool:
        """Whether the actor may still have what the export holds."""
        return (
            actor.is_active
            and actors.may(actor=actor, permission=PERMISSION)
            and reach_now(actor=actor) == job.parameters["reach"]
        )

    def _begin(self, job: Job, total: int) -> None:
        if job.parameters["format"] == "xlsx" and total >= SHEET_ROWS:
            raise jobs.JobFailed(
                _("A sheet holds 1,048,575 customers at most; choose CSV or JSON Lines.")
            )
        job.total = total
        job.cursor = {"parts": []}

    def _keep(
        self, job: Job, columns: Sequence[Column], customers: Sequence[Customer], at: datetime
    ) -> None:
        values = [[column.value(one) for column in columns] for one in customers]
        form = "csv" if job.parameters["format"] == "csv" else "jsonl"
        content = write_rows(
            form=form,
            columns=[column.name for column in columns],
            rows=values,
            heading=not job.cursor["parts"],
        )
        part = files.store(content=content)
        access.write(
            actor=job.created_by, kind="export", route=self.name, record_type="customers.Customer",
            record_ids=[str(one.pk) for one in customers], reason=str(job.pk), at=at,
        )  # fmt: skip
        job.done += len(customers)
        job.cursor = {"parts": [*job.cursor["parts"], part], "after": str(customers[-1].pk)}

    def _join(self, job: Job, columns: Sequence[Column]) -> None:
        parts: list[str] = job.cursor["parts"]
        form = job.parameters["format"]
        names = [column.name for column in columns]
        if form == "xlsx":
            with tempfile.TemporaryFile() as book:
                write_workbook(out=book, columns=names, rows=_values(parts, names))
                book.seek(0)
                job.result_file = files.store(content=book)
        elif parts:
            job.result_file = files.store(content=_pieces(parts))
        else:
            job.result_file = files.store(
                content=write_rows(form=form, columns=names, rows=[], heading=True)
            )
        job.result_name = f"customers.{form}"


def reach_now(*, actor: User) -> str:
    """What the actor sees, in words that change when it does."""
    reach = actors.reach(actor=actor)
    compliance = "+compliance" if selectors.may_see_compliance(actor=actor) else ""
    return f"{reach}:{actor.branch_id or ''}{compliance}"


def _pieces(parts: Sequence[str]) -> Iterator[bytes]:
    for part in parts:
        yield files.read(key=part)


def _values(parts: Sequence[str], names: Sequence[str]) -> Iterator[list[Any]]:
    for part in parts:
        for line in files.read(key=part).splitlines():
            row = json.loads(line)
            yield [row[name] for name in names]
