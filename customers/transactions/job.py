"""The job of a file of transactions: a table a row at a time, or account statements."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import files, jobs, records
from clm.core.models import Job
from clm.core.table_jobs import Fault as Named
from clm.core.table_jobs import keep_faults, make_plain, note_passed_over, note_unlisted
from clm.core.tables import Place, Row, UnreadableFile, meanings, open_table
from customers.models import TransactionBatch
from customers.services import transactions as services
from customers.transactions import camt053
from customers.transactions.rows import MEMBERS, Fault, NewTransaction, understand
from customers.transactions.statements import Booked, Mark, Statement, StatementRefused, check

CHUNK = 5_000
#: Entries that are looked at before anything is written, a step.
LOOK = 50_000
#: So many faults are kept one by one; beyond that they are only counted.
MAX_ERRORS = 10_000
COUNTS = ("added", "known", "parked", "refused")
#: The members of a transaction that a table has, each with the names that others give it.
COLUMNS: dict[str, tuple[str, ...]] = dict.fromkeys(MEMBERS, ()) | {
    "id": ("transaction_id", "external_id", "transaktions_id"),
    "account": ("holding", "reference", "iban", "konto", "kontonummer"),
    "booked_on": ("date", "booking_date", "dato", "bogført", "bogføringsdato"),
    "valued_on": ("value_date", "valør", "valørdato"),
    "amount": ("beløb",),
    "currency": ("valuta",),
    "kind": ("type", "art"),
    "text": ("tekst", "description"),
    "counterparty_name": ("counterparty", "modpart"),
    "counterparty_account": ("modpart_konto",),
    "counterparty_country": ("modpart_land",),
}


@jobs.registry.register
class ImportTransactions:
    """
    Transactions from a table (CSV, XLSX, JSON Lines) or from account statements (camt.053).

    Parameters: `source` (who gives the ids) and `format` (`csv` or `camt053`). A table goes in
    row by row. Statements are looked through first, to the end of the file, and those that do
    not add up stay out whole; a file that is no good leaves nothing behind.
    """

    name = "customers.transactions"
    label = gettext_lazy("Import of transactions")
    permission = "customers.add_transaction"

    def step(self, *, job: Job, at: datetime) -> bool:
        try:
            if not job.cursor:
                _begin(job)
            with files.open_file(key=job.file) as stream:
                if job.parameters["format"] == "csv":
                    return _table_step(job, stream, at)
                if job.cursor["look"] is not None:
                    _look(job, stream)
                    return False
                return _statements_step(job, stream, at)
        except (UnreadableFile, StatementRefused) as exc:
            raise jobs.JobFailed(str(exc)) from None


def _begin(job: Job) -> None:
    job.outcome = dict.fromkeys(COUNTS, 0)
    job.cursor = {"errors": 0, "batch": None}
    if job.parameters["format"] == "csv":
        make_plain(job)
    else:
        job.total = 0
        job.outcome |= {"statements": 0, "refused_statements": 0, "balances": 0}
        job.cursor |= {"look": [], "total": "0", "bad": [], "mark": None}


def _table_step(job: Job, stream: IO[bytes], at: datetime) -> bool:
    table = open_table(stream, name=job.file_name, header=job.cursor.get("header"))
    meaning = meanings(table.columns, COLUMNS)
    if "header" not in job.cursor:
        missing = {"id", "account", "booked_on", "amount", "currency"} - set(meaning.values())
        if missing:
            raise jobs.JobFailed(
                _("The file has no column for: %(names)s.") % {"names": ", ".join(sorted(missing))}
            )
        note_passed_over(job, table, meaning)
        job.total = sum(1 for _row in table.rows())
        job.cursor |= {"header": table.header(), "place": list(table.first)}
        return False
    rows = list(islice(table.rows(Place(*job.cursor["place"])), CHUNK))
    good: list[NewTransaction] = []
    faults: list[Fault] = []
    for row in rows:
        one = _of_row(row, meaning)
        (faults if isinstance(one, Fault) else good).append(one)  # type: ignore[arg-type]
    _take(job, good, faults, at, route=TransactionBatch.Route.CSV)
    job.done += len(rows)
    if rows:
        job.cursor |= {"place": list(rows[-1].after)}
    if len(rows) == CHUNK:
        return False
    _end(job, at)
    return True


def _of_row(row: Row, meaning: Mapping[int, str]) -> NewTransaction | Fault:
    if row.fault:
        return Fault(row.line, "", *row.fault)
    values = {name: row.cells[place].strip() for place, name in meaning.items()}
    return understand(values=values, place=row.line)


def _look(job: Job, stream: IO[bytes]) -> None:
    """Read on through the statements, writing nothing; notes which of them are no good."""
    begin = Mark(*job.cursor["look"]) if job.cursor["look"] else None
    seen = 0
    for found in camt053.read(stream, begin=begin, total=Decimal(job.cursor["total"]), light=True):
        if isinstance(found, Booked):
            if seen == LOOK:
                # What is wrong further down is found when the reading goes on there.
                found.statement.problems = [
                    one for one in found.statement.problems if one.line < found.mark.line
                ]
                _note(job, found.statement, ended=False)
                job.cursor |= {"look": list(found.mark), "total": str(found.statement.total)}
                return
            seen += 1
            found.statement.total += found.amount
            job.total = (job.total or 0) + 1
        else:
            check(found.statement)
            _note(job, found.statement, ended=True)
    job.cursor |= {"look": None}


def _note(job: Job, statement: Statement, *, ended: bool) -> None:
    outcome, cursor = job.outcome, job.cursor
    if ended:
        outcome["statements"] += 1
    if statement.problems and statement.index not in cursor["bad"]:
        cursor["bad"].append(statement.index)
        outcome["refused_statements"] += 1
        if len(cursor["bad"]) > MAX_ERRORS:
            raise jobs.JobFailed(_("Too many statements of the file do not add up."))
    _keep(
        job,
        [Named(one.line, one.element, one.code, one.sentence) for one in statement.problems],
    )


def _statements_step(job: Job, stream: IO[bytes], at: datetime) -> bool:
    bad = set(job.cursor["bad"])
    begin = Mark(*job.cursor["mark"]) if job.cursor["mark"] else None
    rows: list[NewTransaction] = []
    balances: dict[str, tuple[Decimal, date]] = {}
    seen, mark = 0, None
    for found in camt053.read(stream, begin=begin):
        statement = found.statement
        if isinstance(found, Booked):
            if seen == CHUNK:
                mark = found.mark
                break
            seen += 1
            if statement.index in bad:
                job.outcome["refused"] += 1
            else:
                rows += _of_entry(found)
        elif statement.index not in bad and statement.closing:
            balances[statement.account] = statement.closing
    _take(job, rows, [], at, route=TransactionBatch.Route.CAMT053)
    job.outcome["balances"] += _tell_balances(balances, at)
    job.done += seen
    if mark is not None:
        job.cursor |= {"mark": list(mark)}
        return False
    _end(job, at)
    return True


def _of_entry(found: Booked) -> list[NewTransaction]:
    statement, entry = found.statement, found.entry
    whose = statement.key
    booked, valued = entry.booked_on, entry.valued_on
    currency = entry.values["Amt@Ccy"][0]
    return [
        NewTransaction(
            place=entry.line,
            # Without the bank's own reference an entry is known by its place in the statement.
            external_id=f"{whose}:{one.reference}"
            if not one.reference.startswith("#")
            else f"{whose}:{statement.external_id}:{one.reference}",
            account=statement.account,
            booked_on=booked,
            valued_on=valued,
            amount=one.amount,
            currency=currency,
            kind=one.kind,
            text=one.text,
            counterparty_name=one.counterparty_name,
            counterparty_account=one.counterparty_account,
            counterparty_country=one.counterparty_country,
        )
        for one in entry.transactions
    ]


def _take(
    job: Job,
    rows: Sequence[NewTransaction],
    faults: list[Fault],
    at: datetime,
    *,
    route: TransactionBatch.Route,
) -> None:
    outcome = services.add_transactions(
        rows=rows,
        source=str(job.parameters["source"]),
        batch=_batch(job, route, at),
        actor=job.created_by,
        at=at,
    )
    faults = faults + outcome.faults
    job.outcome["added"] += outcome.added
    job.outcome["known"] += outcome.known
    job.outcome["parked"] += len(outcome.parked)
    job.outcome["refused"] += len(faults)
    _keep(job, [Named(one.place, one.member, one.code, one.sentence) for one in faults])


def _tell_balances(balances: dict[str, tuple[Decimal, date]], at: datetime) -> int:
    whose = services.holdings_of(accounts=set(balances))
    told = {whose[account]: balance for account, balance in balances.items() if account in whose}
    return services.update_balances(balances=told, at=at)


def _keep(job: Job, faults: Sequence[Named]) -> None:
    keep_faults(job, faults, before=job.cursor["errors"], most=MAX_ERRORS)
    job.cursor |= {"errors": job.cursor["errors"] + len(faults)}


def _batch(job: Job, route: TransactionBatch.Route, at: datetime) -> TransactionBatch:
    """The job's batch, which its first writing step makes."""
    if job.cursor["batch"]:
        return TransactionBatch.objects.get(pk=UUID(job.cursor["batch"]))
    batch = records.create(
        record=TransactionBatch(
            route=route, source=str(job.parameters["source"]), job=job, file_name=job.file_name
        ),
        actor=job.created_by,
        at=at,
        payload={"route": route.value},
    )
    job.cursor |= {"batch": str(batch.pk)}
    return batch


def _end(job: Job, at: datetime) -> None:
    counts: dict[str, Any] = {name: job.outcome[name] for name in COUNTS}
    records.change(
        record=TransactionBatch.objects.get(pk=UUID(job.cursor["batch"])),
        changes=counts,
        actor=job.created_by,
        at=at,
        payload=counts,
    )
    note_unlisted(job, count=job.cursor["errors"], most=MAX_ERRORS)
