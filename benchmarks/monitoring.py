"""
`monitoring`: every rule in force over customers with new transactions, alerts raised.

Baseline: PostgreSQL's `COPY … TO` of the very rows that the run reads, in the order in which it
reads them, and nothing else.
"""

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import Decimal

import psycopg2
from django.db import connection
from django.utils import timezone

from benchmarks.kit import Measure, PeakMemory, Result, Say, clock, exponent
from clm.core import actors, jobs, partitions
from customers import services
from customers.models import Customer, Holding, PartyKind, Product, TransactionBatch
from customers.services import ledger
from customers.transactions.rows import NewTransaction
from kyc.histories import SELECT
from kyc.models import Alert, MonitoringDue
from kyc.services import draft_rule, start_monitoring, start_replay

NAME = "monitoring"
PROMISE = "At least 5,000 transactions a second a worker."
ROWS = (50_000, 250_000, 1_000_000)
#: Transactions a customer and year; one in so many customers does what a rule looks for.
EACH, ODD = 250, 200
DAYS = 365
BATCH = 25_000


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Each size: the first night, a night with one new transaction each, and a replay of a year."""
    result = Result(NAME, PROMISE)
    points: dict[str, list[tuple[int, float]]] = {"first night": [], "replay of a year": []}
    at, before = timezone.now(), 0
    for size in sizes:
        say(f"{size} transactions")
        accounts = _accounts(size // EACH, before, at)
        before += len(accounts)
        _book(accounts, at)
        points["first night"].append((size, _night(result, "first night", size, at)))
        _book_today(accounts, at)
        _night(result, "one new a customer", size, at + timedelta(days=1))
        points["replay of a year"].append((before * EACH, _replay(result, before * EACH, at)))
    for what, found in points.items():
        if (slope := exponent(found)) is not None:
            result.exponents[f"{what}: seconds by rows"] = slope
    result.notes.append(f"{Alert.objects.count()} alerts of {before} customers")
    return result


def _night(result: Result, what: str, size: int, at: datetime) -> float:
    keys = [str(one) for one in MonitoringDue.objects.values_list("customer_id", flat=True)]
    with PeakMemory() as memory, clock() as seconds:
        for job in start_monitoring(at=at, workers=1):
            done = jobs.run(job=job, at=at)
            if done.state != "DONE":
                raise RuntimeError(f"{done.state}: {done.message} {done.cursor}")
    if MonitoringDue.objects.exists():
        raise RuntimeError("customers are left")
    read, floor = _floor(keys, at)
    rate = read / seconds()
    result.measures.append(
        Measure(
            what, size, round(rate, 1), round(floor, 1), "transactions/s",
            "COPY of the same rows in the same order", round(rate / floor, 3), memory.grown_mb,
        )
    )  # fmt: skip
    return seconds()


def _replay(result: Result, size: int, at: datetime) -> float:
    system = actors.system_user()
    rule = draft_rule(kind="velocity", parameters={"count": 10}, note="bench", actor=system, at=at)
    replay = start_replay(rule=rule, months=12, actor=system, at=at)
    assert replay.job is not None
    with PeakMemory() as memory, clock() as seconds:
        jobs.run(job=replay.job, at=at)
    replay.refresh_from_db()
    keys = [str(one) for one in Customer.objects.values_list("pk", flat=True)]
    _read, floor = _floor(keys, at)
    rate = replay.transactions / seconds()
    result.measures.append(
        Measure(
            "replay of a year", size, round(rate, 1), round(floor, 1), "transactions/s",
            "COPY of the same rows in the same order", round(rate / floor, 3), memory.grown_mb,
        )
    )  # fmt: skip
    return seconds()


class _Nowhere:
    """Counts lines and keeps nothing."""

    lines = 0

    def write(self, part: bytes | str) -> int:
        self.lines += part.count(b"\n" if isinstance(part, bytes) else "\n")  # type: ignore[arg-type]
        return len(part)


def _floor(keys: list[str], at: datetime) -> tuple[int, float]:
    """How many rows the run read, and how many a second PostgreSQL gives away."""
    out = _Nowhere()
    since, until = at.date() - timedelta(days=DAYS + 90), at.date() + timedelta(days=31)
    with connection.cursor() as cursor, clock() as seconds:
        statement = cursor.mogrify(SELECT, [keys, since, until]).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT", out)
    return out.lines, out.lines / seconds()


def _accounts(count: int, before: int, at: datetime) -> list[Holding]:
    system = actors.system_user()
    product = Product.objects.filter(code="bench").first() or services.add_product(
        code="bench", name_da="Konto", name_en="Account", category="account",
        valid_from=date(2000, 1, 1), actor=system, at=at,
    )  # fmt: skip
    made = []
    for number in range(before, before + count):
        customer = services.create_customer(
            kind=PartyKind.PERSON, given_names="Bench", family_name=f"Mark {number}",
            source="bench", actor=system, at=at,
        )  # fmt: skip
        made.append(
            services.add_holding(
                customer=customer, product=product, reference=f"5301{number:010d}",
                opened_on=at.date() - timedelta(days=900), actor=system, at=at,
            )
        )  # fmt: skip
    return made


def _book(accounts: Sequence[Holding], at: datetime) -> None:
    partitions.ensure(since=at - timedelta(days=DAYS + 31), until=at)
    entries = list(_year(accounts, at.date()))
    for begin in range(0, len(entries), BATCH):
        _write(entries[begin : begin + BATCH], at)
    with closing(psycopg2.connect(os.environ["MIGRATE_DATABASE_URL"])) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {ledger.TABLE}")


def _book_today(accounts: Sequence[Holding], at: datetime) -> None:
    _write([_entry(one, f"t{at:%f}", at.date(), -120, "card", "DK") for one in accounts], at)


def _write(entries: list[ledger.Entry], at: datetime) -> None:
    batch = TransactionBatch(route=TransactionBatch.Route.CSV, source="bench")
    ledger.write(entries=entries, source="bench", batch=batch, at=at)


def _year(accounts: Sequence[Holding], today: date) -> Iterator[ledger.Entry]:
    rng = random.Random(3)
    for place, account in enumerate(accounts):
        for number in range(EACH):
            day = today - timedelta(days=rng.randrange(DAYS))
            salary = number % 20 == 0
            amount = rng.randrange(18_000, 40_000) if salary else -rng.randrange(20, 2_500)
            kind = "salary" if salary else rng.choice(["card", "card", "direct-debit", "transfer"])
            yield _entry(account, f"{number}", day, amount, kind, "DK")
        if place % ODD == 0:
            for number in range(5):
                day = today - timedelta(days=number + 2)
                yield _entry(account, f"odd{number}", day, 12_000 + number, "cash", "")


def _entry(
    account: Holding, name: str, day: date, amount: int, kind: str, country: str
) -> ledger.Entry:
    row = NewTransaction(
        place=0, external_id=f"{account.reference}:{name}", account=account.reference,
        booked_on=day, amount=Decimal(amount), currency="DKK", kind=kind,
        counterparty_country=country,
    )  # fmt: skip
    return ledger.Entry(
        row, ledger.Target(account.customer_id, account.currency, holding_id=account.pk)
    )
