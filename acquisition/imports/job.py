"""The job that reads a file of leads."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquisition import services
from acquisition.imports.rows import COLUMNS, Lookups, Read, faults_of, understand
from acquisition.models import Campaign, Lead
from clm.core import jobs
from clm.core.models import Job
from clm.core.table_jobs import Fault, keep_faults, note_passed_over, note_unlisted, table_of
from clm.core.tables import Place, Table, meanings

CHUNK = 1000
#: So many faults are kept one by one; beyond that they are only counted.
MAX_ERRORS = 20_000
COUNTS = ("created", "known", "failed")


@jobs.registry.register
class ImportLeads:
    """
    Leads from a CSV, XLSX or JSON Lines file, 1,000 rows a step.

    Parameters: `source` (who gives the ids), `campaign` (for rows that name none), `dry_run`.
    A row that is known at its source changes nothing; each bad row is named by line, column
    and reason.
    """

    name = "acquisition.leads"
    label = gettext_lazy("Import of leads")
    permission = "acquisition.import_leads"

    def step(self, *, job: Job, at: datetime) -> bool:
        with table_of(job) as table:
            if not job.cursor:
                _begin(job, table)
                return False
            rows = _chunk(job, table, at)
        if rows == CHUNK:
            return False
        note_unlisted(job, count=job.cursor["errors"], most=MAX_ERRORS)
        return True


def _begin(job: Job, table: Table) -> None:
    meaning = meanings(table.columns, COLUMNS)
    if not {"family_name", "organisation_name"} & set(meaning.values()):
        raise jobs.JobFailed(
            _("No column holds a name. Expected is family_name or organisation_name.")
        )
    job.total = sum(1 for _row in table.rows())
    job.cursor = {"header": table.header(), "place": list(table.first), "errors": 0}
    job.outcome = dict.fromkeys(COUNTS, 0)
    note_passed_over(job, table, meaning)


def _chunk(job: Job, table: Table, at: datetime) -> int:
    meaning, lookups = meanings(table.columns, COLUMNS), Lookups.load()
    rows = list(islice(table.rows(Place(*job.cursor["place"])), CHUNK))
    good: list[Read] = []
    faults: list[Fault] = []
    for row in rows:
        read = understand(row=row, meaning=meaning, lookups=lookups)
        if isinstance(read, Read):
            good.append(read)
        else:
            faults += read
    faults += _settle(job, good, at)
    job.outcome["failed"] += len({fault.line for fault in faults})
    keep_faults(job, faults, before=job.cursor["errors"], most=MAX_ERRORS)
    place = list(rows[-1].after) if rows else job.cursor["place"]
    job.cursor = {**job.cursor, "place": place, "errors": job.cursor["errors"] + len(faults)}
    job.done += len(rows)
    return len(rows)


def _settle(job: Job, good: Sequence[Read], at: datetime) -> list[Fault]:
    """New rows become leads; those of a source's known ids stay as they are."""
    source = str(job.parameters["source"])
    known = set(
        Lead.objects.filter(source=source, external_id__in=[one.key for one in good]).values_list(
            "external_id", flat=True
        )
    )
    usual = _usual(job)
    faults: list[Fault] = []
    drafts: list[Lead] = []
    for one in good:
        if one.key in known:
            job.outcome["known"] += 1
            continue
        known.add(one.key)
        values = {**usual, **one.values}
        try:
            drafts.append(
                services.draft_lead(
                    values={name: value for name, value in values.items() if name != "cpr"},
                    cpr=str(values.get("cpr", "")),
                    source=source,
                    external_id=one.key,
                    actor=job.created_by,
                )
            )
        except ValidationError as error:
            faults += faults_of(one.line, error, one.values.values())
    job.outcome["created"] += len(drafts)
    if not job.parameters.get("dry_run"):
        services.store_leads(leads=drafts, actor=job.created_by, at=at)
    return faults


def _usual(job: Job) -> dict[str, Any]:
    """What a row that says nothing of it takes: the campaign of the import, and its channel."""
    found: dict[str, Any] = {"channel": "event"}
    if key := str(job.parameters.get("campaign") or ""):
        campaign = Campaign.objects.get(pk=UUID(key))
        found |= {"campaign": campaign, "channel": campaign.channel}
    return found
