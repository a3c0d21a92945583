"""
The one way in for transactions, whoever sends them; the same one twice is no change.

A fixed number of statements however many rows: whose accounts they are, which ids are new, one
COPY, and the day on which each customer was last seen. There is no event for a transaction,
only for its batch (docs/decisions/0008-transactions.md).
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from clm.core import actors, jobs, records
from clm.core.crypto import decrypt, encrypt
from clm.core.models import Job, User
from clm.core.tables import is_table
from customers.lifecycle import Stage
from customers.models import Holding, ParkedTransaction, TransactionBatch, TransactionKey
from customers.selectors import reach_q
from customers.services import ledger
from customers.services.imports import source_named
from customers.services.stages import years_later
from customers.transactions.rows import Fault, NewTransaction

#: Older or later than this, a day is not believed.
OLDEST_YEARS = 10
PARKED_CONTEXT = "customers.ParkedTransaction"
AHEAD_DAYS = 7
_CONTENT = (
    "text", "kind", "currency", "counterparty_name", "counterparty_account",
    "counterparty_country",
)  # fmt: skip


@dataclass
class Outcome:
    """What became of a batch's rows; faults and parked ones by their place."""

    added: int = 0
    known: int = 0
    parked: dict[int, str] = field(default_factory=dict)
    newly_parked: int = 0
    faults: list[Fault] = field(default_factory=list)


def add_transactions(
    *,
    rows: Sequence[NewTransaction],
    source: str,
    batch: TransactionBatch,
    actor: User,
    at: datetime,
) -> Outcome:
    """
    Write transactions of our own holdings, in one transaction.

    A row whose account nobody knows, or whose day is not plausible, is parked and seen. Who
    does not reach every customer gets a fault instead of a place to park. An id that is known
    with other content is a fault: nothing is overwritten.

    :param source: who gives the external ids; with it they are unique
    :param batch: not saved yet, or saved: see `close_batch`
    """
    outcome = Outcome()
    if not rows:
        return outcome
    with transaction.atomic():
        targets = _targets({row.account for row in rows}, actor)
        may_park = actors.reach(actor=actor) == "all"
        believed = (years_later(at.date(), -OLDEST_YEARS), at.date().toordinal() + AHEAD_DAYS)
        fit: list[ledger.Entry] = []
        waiting: list[ParkedTransaction] = []
        places: dict[UUID, int] = {}
        for row in rows:
            target = targets.get(row.account)
            reason = ""
            if not _plausible(row, *believed):
                reason = ParkedTransaction.Reason.IMPLAUSIBLE_DATE.value
            elif target is None:
                reason = ParkedTransaction.Reason.UNKNOWN_HOLDING.value
            elif row.currency != target.currency:
                outcome.faults.append(_wrong_currency(row, target.currency))
                continue
            if target is not None and not reason:
                fit.append(ledger.Entry(row, target))
            elif may_park:
                waiting.append(_parked(row, source, batch, reason, at))
                places[waiting[-1].pk] = row.place
                outcome.parked[row.place] = reason
            else:
                outcome.faults.append(Fault(row.place, "account", reason, _out_of_reach(reason)))
        written = ledger.write(entries=fit, source=source, batch=batch, at=at)
        outcome.added, outcome.known = written.added, written.known
        outcome.faults += written.faults
        _park(waiting, places, outcome)
    return outcome


def receive_batch(
    *, rows: Sequence[NewTransaction], source: str, refused: int, actor: User, at: datetime
) -> tuple[Outcome, TransactionBatch | None]:
    """
    Take in a batch that came in one piece; without anything new there is no batch to keep.

    :param refused: how many rows of it were no transactions at all
    """
    batch = TransactionBatch(route=TransactionBatch.Route.API, source=source)
    with transaction.atomic():
        outcome = add_transactions(rows=rows, source=source, batch=batch, actor=actor, at=at)
        if not outcome.added and not outcome.newly_parked:
            return outcome, None
        counts = {
            "added": outcome.added,
            "known": outcome.known,
            "parked": len(outcome.parked),
            "refused": refused + len(outcome.faults),
        }
        return outcome, close_batch(batch=batch, outcome=counts, actor=actor, at=at)


def close_batch(
    *, batch: TransactionBatch, outcome: Mapping[str, int], actor: User, at: datetime
) -> TransactionBatch:
    """Save a batch with its counts, with the one event that tells of its transactions."""
    for name, count in outcome.items():
        setattr(batch, name, count)
    return records.create(
        record=batch, actor=actor, at=at, payload={"route": batch.route, **outcome}
    )


def retry_parked(*, at: datetime, limit: int = 10_000, accounts: Collection[str] = ()) -> int:
    """
    Try the parked transactions again, the oldest first; how many went in.

    :param accounts: only those of these references
    """
    with transaction.atomic():
        found = ParkedTransaction.objects.select_for_update(skip_locked=True).select_related(
            "batch"
        )
        if accounts:
            found = found.filter(account__in=accounts)
        else:
            # Asked in the database: of a million that wait, those that still wait are not read.
            known = Holding.objects.exclude(customer__stage=Stage.ERASED).values("reference")
            found = found.filter(account__in=known)
        held = list(found.order_by("parked_at", "id")[:limit])
        added = 0
        for batch_id in sorted({one.batch_id for one in held}):
            of_batch = [one for one in held if one.batch_id == batch_id]
            outcome = add_transactions(
                rows=[_row(place, one) for place, one in enumerate(of_batch)],
                source=of_batch[0].source,
                batch=of_batch[0].batch,
                actor=actors.system_user(),
                at=at,
            )
            added += outcome.added
            refused = {fault.place for fault in outcome.faults}
            settled = [
                one.pk
                for place, one in enumerate(of_batch)
                if place not in outcome.parked and place not in refused
            ]
            ParkedTransaction.objects.filter(pk__in=settled).delete()
        return added


def discard_parked(*, parked: ParkedTransaction, actor: User, at: datetime, reason: str) -> None:
    """Give a parked transaction up, for a reason; the batch's chain keeps who and why."""
    with transaction.atomic():
        records.note(
            record=parked.batch,
            action="discard",
            actor=actor,
            at=at,
            reason=reason,
            payload={"transaction_id": str(parked.pk)},
        )
        ParkedTransaction.objects.filter(pk=parked.pk).delete()


def holdings_of(*, accounts: Collection[str]) -> dict[str, UUID]:
    """The holding that each account number names, where one does."""
    found = _targets(set(accounts), actors.system_user())
    return {
        account: target.holding_id
        for account, target in found.items()
        if target.holding_id is not None
    }


def start_import(
    *,
    file: IO[bytes] | bytes,
    file_name: str,
    source: str,
    actor: User,
    at: datetime,
    form: str = "",
) -> Job:
    """
    Queue an import of transactions.

    :param form: `csv` (any table) or `camt053`; empty goes by the file's name
    :raises PermissionDenied: `actor` may not import transactions
    :raises ValidationError: no source, or a kind of file that cannot be read
    """
    source = source_named(source)
    if not form:
        form = "camt053" if file_name.lower().endswith(".xml") else "csv"
    if form not in {"csv", "camt053"} or (form == "csv" and not is_table(file_name)):
        raise ValidationError(
            {"file": _("Transactions come as CSV, XLSX, JSON Lines or camt.053 (XML).")}
        )
    return jobs.start(
        kind="customers.transactions",
        parameters={"source": source, "format": form},
        actor=actor,
        at=at,
        file=file,
        file_name=file_name,
    )


def _targets(accounts: set[str], actor: User) -> dict[str, ledger.Target]:
    """The holdings that the accounts name: by reference, by id, or by what a Danish IBAN holds."""
    named: dict[str, list[str]] = {}
    for account in accounts:
        for reference in references(account):
            named.setdefault(reference, []).append(account)
    ids = {UUID(one): one for one in accounts if len(one) == 36 and _is_uuid(one)}
    reached = Holding.objects.filter(reach_q(actor=actor, prefix="customer__")).exclude(
        customer__stage=Stage.ERASED
    )
    columns = ("pk", "customer_id", "currency", "reference")
    found: dict[str, ledger.Target] = {}
    for pk, customer_id, currency, reference in reached.filter(
        reference__in=list(named)
    ).values_list(*columns):
        for account in named[reference]:
            found[account] = ledger.Target(customer_id, currency, holding_id=pk)
    if ids:
        for pk, customer_id, currency, _reference in reached.filter(pk__in=list(ids)).values_list(
            *columns
        ):
            found[ids[pk]] = ledger.Target(customer_id, currency, holding_id=pk)
    return found


def references(account: str) -> list[str]:
    """The references under which a holding of this account may stand, the likeliest first."""
    compact = account.replace(" ", "")
    found = [account, compact]
    if compact.startswith("DK") and len(compact) == 18 and compact[2:].isdigit():
        # DKkk, four digits of the branch, ten of the account.
        branch, number = compact[4:8], compact[8:]
        found += [f"{branch}{number}", f"{branch}-{number}", f"{branch}-{number.lstrip('0')}"]
    return list(dict.fromkeys(found))


def _plausible(row: NewTransaction, oldest: date, latest: int) -> bool:
    return oldest <= row.booked_on and row.booked_on.toordinal() <= latest


def _wrong_currency(row: NewTransaction, currency: str) -> Fault:
    return Fault(
        row.place,
        "currency",
        "currency",
        _("The account is kept in %(currency)s.") % {"currency": currency},
    )


def _out_of_reach(reason: str) -> str:
    if reason == ParkedTransaction.Reason.UNKNOWN_HOLDING:
        return _("No holding within your reach has this reference.")
    return str(ParkedTransaction.Reason(reason).label)


def _parked(
    row: NewTransaction, source: str, batch: TransactionBatch, reason: str, at: datetime
) -> ParkedTransaction:
    content = {name: getattr(row, name) for name in _CONTENT}
    content["amount"] = str(row.amount)
    content["valued_on"] = row.valued_on.isoformat() if row.valued_on else ""
    return ParkedTransaction(
        id=UUID(ledger.transaction_id(source, row.external_id)),
        batch_id=batch.pk,
        source=source,
        external_id=row.external_id,
        reason=reason,
        account=row.account,
        booked_on=row.booked_on,
        content=encrypt(plaintext=json.dumps(content), context=PARKED_CONTEXT),
        parked_at=at,
    )


def _park(waiting: Sequence[ParkedTransaction], places: Mapping[UUID, int], out: Outcome) -> None:
    """Keep what has to wait, once; an id that went in before is not parked but told."""
    if not waiting:
        return
    by_id = {one.pk: one for one in waiting}
    for key in TransactionKey.objects.filter(pk__in=by_id).values_list("pk", flat=True):
        del by_id[key]
        out.parked.pop(places[key])
        out.faults.append(ledger.other_content(places[key]))
    for key in ParkedTransaction.objects.filter(pk__in=by_id).values_list("pk", flat=True):
        del by_id[key]
    out.newly_parked = len(by_id)
    ParkedTransaction.objects.bulk_create(
        sorted(by_id.values(), key=lambda one: one.pk), batch_size=1000, ignore_conflicts=True
    )


def _row(place: int, parked: ParkedTransaction) -> NewTransaction:
    content = json.loads(decrypt(token=parked.content, context=PARKED_CONTEXT))
    valued = content.pop("valued_on")
    return NewTransaction(
        place=place,
        external_id=parked.external_id,
        account=parked.account,
        booked_on=parked.booked_on,
        valued_on=date.fromisoformat(valued) if valued else None,
        amount=Decimal(content.pop("amount")),
        **content,
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def update_balances(*, balances: Mapping[UUID, tuple[Decimal, date]], at: datetime) -> int:
    """
    Write the balances that statements close with, where none of a later day is known.

    :param balances: amount and day by holding
    """
    if not balances:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH told AS (SELECT * FROM unnest(%s::uuid[], %s::numeric[], %s::date[])"
            " AS one (id, amount, day)),"
            " older AS (SELECT holding.id FROM customers_holding holding JOIN told USING (id)"
            " WHERE (holding.balance_on IS NULL OR holding.balance_on <= told.day)"
            " AND (holding.balance, holding.balance_on) IS DISTINCT FROM (told.amount, told.day)"
            " ORDER BY holding.id FOR NO KEY UPDATE OF holding)"
            " UPDATE customers_holding holding SET balance = told.amount, balance_on = told.day,"
            " version = holding.version + 1, updated_at = %s"
            " FROM older JOIN told USING (id) WHERE holding.id = older.id",
            [
                [str(one) for one in balances],
                [amount for amount, _day in balances.values()],
                [day for _amount, day in balances.values()],
                at,
            ],
        )
        return int(cursor.rowcount)
