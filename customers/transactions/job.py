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
from customers.transactions.statements import (
    Booked,
    Ended,
    Mark,
    Problem,
    StatementRefused,
    check,
)

CHUNK = 5_000
#: A statement of more entries is looked through to its end before any of it is written.
MOST_HELD = 20_000
#: Entries that are looked at, a step.
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
    row by row. A file of statements that is broken or cut off leaves nothing behind; of a whole
    one each statement goes in that adds up, and the others stay out whole.
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
                if job.total is None:
                    job.total = camt053.look_through(stream)
                    return False
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
        job.outcome |= {"statements": 0, "refused_statements": 0, "balances": 0}
        job.cursor |= {"mark": None, "look": None, "total": "0", "looked_at": None, "good": True}


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
    """Read on through a large statement, writing nothing, to know whether it is any good."""
    begin = Mark(*job.cursor["look"])
    total = Decimal(job.cursor["total"])
    for seen, found in enumerate(camt053.read(stream, begin=begin, total=total)):
        statement = found.statement
        if isinstance(found, Ended):
            check(statement)
            _found_bad(job, statement.problems_after(begin.entry))
            job.cursor |= {"look": None, "looked_at": statement.index}
            return
        if seen == LOOK:
            _put_off(job, found, statement.problems_after(begin.entry))
            return
        statement.total += found.amount


def _put_off(job: Job, found: Booked, problems: Sequence[Problem]) -> None:
    """The next step looks from this entry on; what is wrong further down is found there."""
    _found_bad(job, [one for one in problems if one.entry <= found.mark.entry])
    job.cursor |= {"look": list(found.mark), "total": str(found.statement.total)}


def _found_bad(job: Job, problems: Sequence[Problem]) -> None:
    if problems:
        job.cursor |= {"good": False}
        _keep(job, [Named(one.line, one.element, one.code, one.sentence) for one in problems])


def _statements_step(job: Job, stream: IO[bytes], at: datetime) -> bool:
    """
    Write the statements that follow, some `CHUNK` of entries; true at the file's end.

    A statement is held until its end says that it adds up. One too large for that is left to
    `_look`, and comes in by pieces once it is known to be good.
    """
    cursor = job.cursor
    begin = Mark(*cursor["mark"]) if cursor["mark"] else None
    taken: list[NewTransaction] = []
    held: list[Booked] = []
    balances: dict[str, tuple[Decimal, date]] = {}
    seen, mark = 0, None
    for found in camt053.read(stream, begin=begin):
        statement = found.statement
        looked_at = statement.index == cursor["looked_at"]
        if isinstance(found, Ended):
            if not looked_at:
                check(statement)
                cursor |= {"good": True}
                _found_bad(job, statement.problems)
                taken += _rows(job, held)
                seen += len(held)
                held = []
            job.outcome["statements"] += 1
            job.outcome["refused_statements"] += not cursor["good"]
            if cursor["good"] and statement.closing:
                balances[statement.account] = statement.closing
        elif seen >= CHUNK and not held and (looked_at or not statement.problems):
            mark = found.mark
            break
        elif looked_at:
            taken += _rows(job, [found])
            seen += 1
        elif len(held) < MOST_HELD:
            held.append(found)
            statement.total += found.amount
        else:
            mark = held[0].mark
            cursor |= {"good": True}
            _put_off(job, found, statement.problems)
            break
    _take(job, taken, [], at, route=TransactionBatch.Route.CAMT053)
    job.outcome["balances"] += _tell_balances(balances, at)
    job.done += seen
    if mark is not None:
        cursor |= {"mark": list(mark)}
        return False
    job.total = job.done
    _end(job, at)
    return True


def _rows(job: Job, entries: Sequence[Booked]) -> list[NewTransaction]:
    """What the entries book, if their statement is good."""
    if job.cursor["good"]:
        return [one for entry in entries for one in _of_entry(entry)]
    job.outcome["refused"] += len(entries)
    return []


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
