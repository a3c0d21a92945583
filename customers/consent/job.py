"""The job of a Robinson list: read it whole, look at it, then write what changed."""

from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg2.extras import execute_values

from clm.core import jobs
from clm.core.models import Job
from clm.core.table_jobs import Fault, keep_faults, note_passed_over, note_unlisted, table_of
from clm.core.tables import Place, meanings
from customers.consent.robinson import ALIASES, Listed, enough, match, understand
from customers.models import Decision, RobinsonList
from customers.selectors.robinson import left_list, newer_list, robinson_lists
from customers.services.robinson import changed_by, write_listing

ROWS = 5_000
CUSTOMERS = 2_000
#: So many faults are kept one by one; beyond that they are only counted.
MAX_ERRORS = 10_000
#: A list that has lost more than this share waits for a person.
SHRINKS_BY = 0.2
_FIRST = UUID(int=0)


@jobs.registry.register
class ImportRobinson:
    """
    The Robinson list from a CSV, XLSX or JSON Lines file; a whole list that replaces the last.

    Parameters: `listed_on` (ISO date), `dry_run`, `force`. The file is read to its end before
    the first line is written, so that a broken or shortened list leaves nothing behind; who is
    new gets a line in the consent ledger, who is gone a line that ends it. Of two lists at once
    the newer goes on, and the older fails.
    """

    name = "customers.robinson"
    label = gettext_lazy("Import of the Robinson list")
    permission = "customers.import_robinson"
    #: Most people in the file are nobody's customers.
    keeps_file = False

    def step(self, *, job: Job, at: datetime) -> bool:
        if not job.cursor:
            _begin(job, at)
            return False
        listing = RobinsonList.objects.select_for_update(of=("self",)).get(job=job)
        _still_newest(listing)
        phase = str(job.cursor["phase"])
        return {"read": _read, "add": _add, "remove": _remove}[phase](job, listing, at)


def _begin(job: Job, at: datetime) -> None:
    # A step of another list ends first, and its next one sees this list.
    waiting = RobinsonList.objects.filter(applied_at=None).order_by("pk")
    list(waiting.select_for_update(of=("self",)))
    # What earlier tries and refused lists left behind says nothing to anybody.
    waiting.exclude(job__state__in=Job.OPEN).delete()
    listing = RobinsonList.objects.create(
        job=job,
        listed_on=date.fromisoformat(job.parameters["listed_on"]),
        file_name=job.file_name,
        begun_at=at,
    )
    _still_newest(listing)
    with table_of(job) as table:
        meaning = meanings(table.columns, ALIASES)
        if not enough(set(meaning.values())):
            raise jobs.JobFailed(
                _("The file needs a column cpr, or name, address and postal_code.")
            )
        job.total = sum(1 for _row in table.rows())
    note_passed_over(job, table, meaning)
    job.outcome = {"people": 0, "customers": 0, "added": 0, "removed": 0, "failed": 0}
    job.cursor = {"phase": "read", "header": table.header(), "place": list(table.first)}


def _read(job: Job, listing: RobinsonList, at: datetime) -> bool:
    with table_of(job) as table:
        rows = list(islice(table.rows(Place(*job.cursor["place"])), ROWS))
    meaning = meanings(table.columns, ALIASES)
    people: list[Listed] = []
    faults: list[Fault] = []
    for row in rows:
        one = understand(row, meaning)
        (faults if isinstance(one, Fault) else people).append(one)  # type: ignore[arg-type]
    _mark(listing, match(people))
    keep_faults(job, faults, before=job.outcome["failed"], most=MAX_ERRORS)
    job.outcome["failed"] += len(faults)
    job.outcome["people"] += len(people)
    job.done += len(rows)
    if rows:
        job.cursor |= {"place": list(rows[-1].after)}
    if len(rows) == ROWS:
        return False
    listing.people = job.outcome["people"]
    listing.customers = job.outcome["customers"] = listing.marks.count()
    listing.save(update_fields=["people", "customers"])
    _look(job, listing)
    job.cursor = {"phase": "add", "after": str(_FIRST)}
    return False


def _look(job: Job, listing: RobinsonList) -> None:
    """Whether the list may be believed. :raises JobFailed: not without a person who says so"""
    before = robinson_lists().first()
    if job.parameters.get("force"):
        return
    if not listing.people:
        raise jobs.JobFailed(_("There is nobody on the list; nothing was changed."))
    if before and listing.people < before.people * (1 - SHRINKS_BY):
        raise jobs.JobFailed(
            _(
                "The list has %(now)d people, the one before had %(before)d: more than 20 %% fewer."
                " Nothing was changed. If the list is right, import it again and say so."
            )
            % {"now": listing.people, "before": before.people}
        )


def _add(job: Job, listing: RobinsonList, at: datetime) -> bool:
    marks = listing.marks.filter(customer_id__gt=UUID(job.cursor["after"]))
    chunk = list(marks.order_by("customer_id").values_list("customer_id", flat=True)[:CUSTOMERS])
    job.outcome["added"] += _write(job, listing, chunk, Decision.ROBINSON, at)
    if len(chunk) == CUSTOMERS:
        job.cursor |= {"after": str(chunk[-1])}
        return False
    job.cursor = {"phase": "remove", "after": str(_FIRST)}
    if job.outcome["failed"] and not job.parameters.get("force"):
        # A row that cannot be read may be anybody on the list: nobody is taken off meanwhile.
        unread = _("As some rows could not be read, nobody was taken off the list.")
        job.message = f"{job.message} {unread}".strip()
        return _end(job, listing, at)
    return False


def _remove(job: Job, listing: RobinsonList, at: datetime) -> bool:
    chunk = left_list(listing=listing, after=UUID(job.cursor["after"]), limit=CUSTOMERS)
    job.outcome["removed"] += _write(job, listing, chunk, Decision.UNLISTED, at)
    if len(chunk) == CUSTOMERS:
        job.cursor |= {"after": str(chunk[-1])}
        return False
    return _end(job, listing, at)


def _write(
    job: Job, listing: RobinsonList, chunk: list[UUID], decision: Decision, at: datetime
) -> int:
    if job.parameters.get("dry_run"):
        return len(changed_by(customer_ids=chunk, decision=decision))
    return write_listing(
        customer_ids=chunk, decision=decision, source=listing.source, actor=job.created_by, at=at
    )


def _end(job: Job, listing: RobinsonList, at: datetime) -> bool:
    if job.parameters.get("dry_run"):
        listing.delete()
    else:
        listing.added, listing.removed = job.outcome["added"], job.outcome["removed"]
        listing.applied_at = at
        listing.save(update_fields=["added", "removed", "applied_at"])
        # From here on the ledger says who is on it.
        listing.marks.all().delete()
    note_unlisted(job, count=job.outcome["failed"], most=MAX_ERRORS)
    return True


def _still_newest(listing: RobinsonList) -> None:
    newer = newer_list(listing=listing)
    if newer is None:
        return
    words = (
        _("The list of %(date)s is in force already, which is newer.")
        if newer.applied_at
        else _("The list of %(date)s is being imported, which is newer.")
    )
    raise jobs.JobFailed(words % {"date": newer.listed_on})


def _mark(listing: RobinsonList, customer_ids: set[UUID]) -> None:
    if not customer_ids:
        return
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            "INSERT INTO customers_robinsonmark (list_id, customer_id) VALUES %s"
            " ON CONFLICT DO NOTHING",
            [(str(listing.pk), str(pk)) for pk in sorted(customer_ids)],
            template="(%s::uuid, %s::uuid)",
            page_size=ROWS,
        )
