"""Writing transactions whose account is known: keys, one COPY, and when customers were last seen."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from clm.core.crypto import blind_index
from clm.core.partitions import ensure_days
from customers.models import BY_THE_BANK, ParkedTransaction, TransactionBatch
from customers.transactions.rows import Fault, NewTransaction, masked_account

TABLE = "customers_transaction"
_COLUMNS = (
    "id, booked_on, valued_on, customer_id, holding_id, other_account_id, amount, currency, kind,"
    " text, counterparty_name, counterparty_account, counterparty_index, counterparty_country,"
    " source, external_id, batch_id"
)
_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True)
class Target:
    """Whose account it is: one of our holdings, or an account with another bank."""

    customer_id: UUID
    currency: str
    holding_id: UUID | None = None
    other_account_id: UUID | None = None

    # An account has many transactions, each of which names it twice.
    @cached_property
    def named(self) -> str:
        return str(self.holding_id or self.other_account_id)

    @cached_property
    def columns(self) -> str:
        """The three keys as lines of COPY have them."""
        keys = (self.customer_id, self.holding_id, self.other_account_id)
        return "\t".join(_NULL if key is None else str(key) for key in keys)


class Entry(NamedTuple):
    row: NewTransaction
    target: Target


@dataclass
class Written:
    added: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)


def write(
    *, entries: Sequence[Entry], source: str, batch: TransactionBatch, at: datetime
) -> Written:
    """
    Write transactions in the caller's transaction; ids that are known already are left alone.

    :returns: what was new, what was known, and ids that are known with other content
    """
    if not entries:
        return Written()
    by_id: dict[str, Entry] = {}
    digests: dict[str, bytes] = {}
    outcome = Written()
    for entry in entries:
        key, digest = transaction_id(source, entry.row.external_id), _digest(entry)
        if key not in by_id:
            by_id[key], digests[key] = entry, digest
        elif digests[key] == digest:
            outcome.known += 1
        else:
            outcome.faults.append(other_content(entry.row.place))
    with transaction.atomic(), connection.cursor() as cursor:
        new = _claim(cursor, by_id, digests, outcome)
        if new:
            ensure_days(table=TABLE, days={by_id[key].row.booked_on for key in new})
            _copy(cursor, [(key, by_id[key]) for key in new], source, batch.pk)
            # What had to wait has come in by itself.
            parked = ParkedTransaction._meta.db_table
            cursor.execute(f"DELETE FROM {parked} WHERE id = ANY(%s::uuid[])", [new])
            note_last_seen(days=_last_days([by_id[key] for key in new], at))
    outcome.added = len(new)
    return outcome


def transaction_id(source: str, external_id: str) -> str:
    """128 bits of BLAKE2b over who names the transaction and how, in hex."""
    named = f"{source}\x1f{external_id}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(named, digest_size=16).hexdigest()


def note_last_seen(*, days: dict[UUID, date]) -> None:
    """
    Write the day of each customer's last transaction, where it is later than the one known.

    Neither version nor event: it is read off the transactions, and an approval about the
    customer is not about this. Rows are locked in order, so two writers cannot deadlock.
    """
    if not days:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH told AS (SELECT * FROM unnest(%s::uuid[], %s::date[]) AS one (id, day)),"
            " later AS (SELECT customer.id, told.day FROM customers_customer customer"
            " JOIN told USING (id) WHERE customer.last_transaction_on IS NULL"
            " OR customer.last_transaction_on < told.day"
            " ORDER BY customer.id FOR NO KEY UPDATE OF customer)"
            " UPDATE customers_customer customer SET last_transaction_on = later.day"
            " FROM later WHERE customer.id = later.id",
            [[str(one) for one in days], list(days.values())],
        )


def _claim(
    cursor: Any, by_id: dict[str, Entry], digests: dict[str, bytes], outcome: Written
) -> list[str]:
    # Sorted, so that two writers of the same transactions cannot deadlock.
    keys = sorted(by_id)
    cursor.execute(
        "INSERT INTO customers_transactionkey (id, booked_on, digest)"
        " SELECT * FROM unnest(%s::uuid[], %s::date[], %s::bytea[])"
        " ON CONFLICT (id) DO NOTHING RETURNING encode(uuid_send(id), 'hex')",
        [keys, [by_id[key].row.booked_on for key in keys], [digests[key] for key in keys]],
    )
    fresh = {row[0] for row in cursor.fetchall()}
    rest = [key for key in keys if key not in fresh]
    if rest:
        cursor.execute(
            "SELECT encode(uuid_send(id), 'hex'), digest FROM customers_transactionkey"
            " WHERE id = ANY(%s::uuid[])",
            [rest],
        )
        for key, digest in cursor.fetchall():
            if bytes(digest) == digests[key]:
                outcome.known += 1
            else:
                outcome.faults.append(other_content(by_id[key].row.place))
    # In the order in which they came, which is mostly that of their days.
    return [key for key in by_id if key in fresh]


def _digest(entry: Entry) -> bytes:
    """What a transaction says, under a key of ours: a plain digest of a payment can be guessed."""
    row, target = entry.row, entry.target
    said = (
        f"{target.named}|{row.booked_on}|{row.amount:.2f}"
        f"|{row.currency}|{row.counterparty_account}|{row.text}"
    )
    return blind_index(value=said, purpose="customers.transaction")[:16]


def other_content(place: int) -> Fault:
    return Fault(
        place,
        "id",
        "conflict",
        _("This id is known with other content; nothing was overwritten."),
    )


def _last_days(entries: Sequence[Entry], at: datetime) -> dict[UUID, date]:
    """The last day on which each customer did something on an account of ours."""
    found: dict[UUID, date] = {}
    today = at.date()
    for entry in entries:
        row, target = entry.row, entry.target
        if target.holding_id is None or row.kind in BY_THE_BANK:
            continue
        day = min(row.booked_on, today)
        if found.get(target.customer_id, date.min) < day:
            found[target.customer_id] = day
    return found


def _copy(cursor: Any, entries: Sequence[tuple[str, Entry]], source: str, batch_id: UUID) -> None:
    # Lines of COPY's text format: this is the loop that imports live in.
    origin, batch = _text(source), str(batch_id)
    # Each counterparty is masked and sealed once a batch.
    accounts: dict[str, str] = {"": f"\t{_NULL}"}
    lines = []
    for key, entry in entries:
        row, target = entry.row, entry.target
        account = accounts.get(row.counterparty_account)
        if account is None:
            account = accounts[row.counterparty_account] = _account(row.counterparty_account)
        lines.append(
            f"{key}\t{row.booked_on}\t{row.valued_on or _NULL}\t{target.columns}"
            f"\t{row.amount}\t{row.currency}\t{row.kind}\t{_text(row.text)}"
            f"\t{_text(row.counterparty_name)}\t{account}"
            f"\t{row.counterparty_country}\t{origin}\t{_text(row.external_id)}"
            f"\t{batch}\n"
        )
    cursor.copy_expert(f"COPY {TABLE} ({_COLUMNS}) FROM STDIN", io.StringIO("".join(lines)))


def _account(account: str) -> str:
    compact = "".join(one for one in account if one.isalnum()).upper()
    sealed = blind_index(value=compact, purpose="customers.counterparty")[:16]
    return f"{masked_account(account)}\t\\\\x{sealed.hex()}"


def _text(value: str) -> str:
    # Whatever has to be escaped is either not printable or a backslash.
    if value.isprintable() and "\\" not in value:
        return value
    return value.translate(_ESCAPES)
