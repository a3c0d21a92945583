"""
Two years of money on the demo bank's accounts: salary, rent, cards, bills; set down in one COPY.

The same customers get the same payments each time. Who is about to leave loses the salary
first, some accounts have long been quiet, and a few loans and deposits come to their end soon.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection

from clm.core import actors, partitions
from customers.lifecycle import Stage
from customers.models import Holding, TransactionBatch
from customers.services import ledger
from customers.services.transactions import close_batch
from customers.transactions.rows import NewTransaction

SOURCE = "core-banking"
MONTHS = 24
QUIET_SHARE = 0.03
SHOPS = (
    "Købmand Hald",
    "Netto Skovby",
    "Bageren på Torvet",
    "Apoteket",
    "Fjordens Cykler",
    "Bybus",
)
BILLS = ("Nordlys Energi", "Telefjord", "Forsikring Vest", "Vandværket")
EMPLOYERS = ("Østkystens Værft A/S", "Aarhus Kommune", "Region Midt", "Havnens Logistik ApS")
CUSTOMERS_OF_FIRMS = ("Nordisk Bygning A/S", "Hotel Bellevue", "Jensen & Søn", "Sydhavn Handel")
BATCH = 25_000


def make_money(*, rng: random.Random, now: datetime, say: Callable[[str], None]) -> int:
    """Write the transactions of every customer; how many."""
    say("Moving money …")
    today = now.date()
    start = today - timedelta(days=round(30.44 * MONTHS))
    partitions.ensure(since=now - timedelta(days=round(30.44 * MONTHS)), until=now)
    batch = TransactionBatch(route=TransactionBatch.Route.CSV, source=SOURCE, file_name="2y.csv")
    entries = list(_entries(rng, start, today))
    added = sum(
        ledger.write(
            entries=entries[begin : begin + BATCH], source=SOURCE, batch=batch, at=now
        ).added
        for begin in range(0, len(entries), BATCH)
    )
    counts = {"added": added, "known": 0, "parked": 0, "refused": 0}
    close_batch(batch=batch, outcome=counts, actor=actors.system_user(), at=now)
    _last_seen(rng, start)
    _maturities(rng, today)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {ledger.TABLE}")
    return added


def _entries(rng: random.Random, start: date, today: date) -> Iterator[ledger.Entry]:
    main = (
        Holding.objects.filter(product__code__in=["loenkonto", "erhvervskonto"])
        .select_related("customer", "product")
        .order_by("reference")
        .only(
            "id", "reference", "currency", "closed_on", "opened_on", "product__code",
            "customer__id", "customer__stage", "customer__kind",
        )
    )  # fmt: skip
    for holding in main:
        target = ledger.Target(holding.customer_id, holding.currency, holding_id=holding.pk)
        end = min(holding.closed_on or today, today)
        if holding.customer.stage == Stage.ACTIVE and rng.random() < QUIET_SHARE:
            # Quiet for long: every other one for the two years that make a customer dormant.
            end = start + timedelta(days=rng.choice([0, rng.randrange(90, 300)]))
        firm = holding.product.code == "erhvervskonto"
        leaving = holding.closed_on is not None or holding.customer.stage == Stage.AT_RISK
        make = _firm if firm else _person
        for number, row in enumerate(make(rng, max(start, holding.opened_on), end, leaving)):
            if row[0] <= end:
                yield ledger.Entry(_row(holding, number, row), target)


Payment = tuple[date, int, str, str, str]


def _person(rng: random.Random, start: date, end: date, leaving: bool) -> Iterator[Payment]:
    salary = rng.randrange(19_000, 46_000)
    rent = rng.randrange(5_500, 13_500)
    employer, bill = rng.choice(EMPLOYERS), rng.choice(BILLS)
    salary_ends = end - timedelta(days=rng.randrange(60, 150)) if leaving else end
    for month in _months(start, end):
        yield month.replace(day=1), -rent, "Husleje", "Boligselskabet Fjorden", "standing-order"
        if month.replace(day=28) <= salary_ends:
            yield month.replace(day=28), salary, "Løn", employer, "salary"
        if rng.random() < 0.4:
            day = month.replace(day=rng.randrange(2, 27))
            yield day, -rng.randrange(60, 1_400), "Dankort", rng.choice(SHOPS), "card"
        if month.month % 3 == 1:
            yield month.replace(day=4), -rng.randrange(300, 1_900), "Regning", bill, "direct-debit"


def _firm(rng: random.Random, start: date, end: date, leaving: bool) -> Iterator[Payment]:
    turnover = rng.randrange(40_000, 600_000)
    for month in _months(start, end):
        amount = round(turnover * rng.uniform(0.4, 0.8))
        yield month.replace(day=8), amount, "Faktura", rng.choice(CUSTOMERS_OF_FIRMS), "transfer"
        yield month.replace(day=27), -round(amount * 0.7), "Lønninger", "Medarbejdere", "transfer"
        if rng.random() < 0.1 and not leaving:
            yield month.replace(day=15), rng.randrange(2, 9) * 5_000, "Indbetaling", "", "cash"


def _months(start: date, end: date) -> Iterator[date]:
    """The last half year month by month, what lies before by the quarter: a demo has to start."""
    month = (start + timedelta(days=31)).replace(day=1)
    while month <= end:
        if month.month % 3 == 1 or month > end - timedelta(days=183):
            yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _row(holding: Holding, number: int, payment: Payment) -> NewTransaction:
    day, amount, text, other, kind = payment
    return NewTransaction(
        place=number,
        external_id=f"{holding.reference}:{day:%Y%m}:{number}",
        account=holding.reference,
        booked_on=day,
        valued_on=day,
        amount=Decimal(amount),
        currency=holding.currency,
        kind=kind,
        text=text,
        counterparty_name=other,
        counterparty_account="" if kind in {"card", "cash"} else f"DK50004004401{len(other):05d}",
        counterparty_country="DK",
    )


def _last_seen(rng: random.Random, start: date) -> None:
    """The go-live said that everybody was seen lately; the accounts know better."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer customer SET last_transaction_on = coalesce((SELECT"
            " max(booked_on) FROM customers_transaction one WHERE one.customer_id = customer.id"
            " AND one.kind NOT IN ('fee', 'interest')), %s)"
            " FROM customers_holding holding WHERE holding.customer_id = customer.id"
            " AND customer.stage IN ('ACTIVE', 'AT_RISK') AND holding.opened_on < %s",
            [start - timedelta(days=rng.randrange(5, 25)), start],
        )


def _maturities(rng: random.Random, today: date) -> None:
    """Consumer loans and savings have ends; a few of them are near."""
    found = (
        Holding.objects.filter(product__code__in=["forbrugslaan", "opsparing"], closed_on=None)
        .select_related("product")
        .order_by("reference")
    )
    ending = []
    for holding in found:
        if holding.product.code == "forbrugslaan" or rng.random() < 0.2:
            days = rng.randrange(10, 55) if rng.random() < 0.06 else rng.randrange(120, 1_500)
            holding.matures_on = today + timedelta(days=days)
            ending.append(holding)
    Holding.objects.bulk_update(ending, ["matures_on"], batch_size=1000)
