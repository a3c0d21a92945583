"""Planted: three customers whose money moves as no honest story explains, and the night's look at it."""

from datetime import datetime, timedelta
from decimal import Decimal

import kyc.services as kyc
from clm.core import actors, deliveries, jobs
from clm.demobank.money import SOURCE
from customers.models import Holding, TransactionBatch
from customers.services import ledger
from customers.services.transactions import close_batch
from customers.transactions.rows import NewTransaction

#: Days ago, kroner, text, counterparty, country, kind.
Payment = tuple[int, int, str, str, str, str]
STORIES: tuple[tuple[Payment, ...], ...] = (
    # Cash by parts, each below the limit: above the rule's threshold, so it is in a case already.
    tuple((day, kr, "Indbetaling", "", "", "cash")
          for day, kr in ((9, 14_200), (8, 13_500), (6, 14_800), (5, 14_900), (2, 14_500))),
    # Through the account within a day.
    (
        (5, 84_000, "Overførsel", "K. Brandt", "DK", "transfer"),
        (5, 71_500, "Overførsel", "Vestnet Handel", "DE", "transfer"),
        (4, -98_000, "Overførsel", "Coin Harbour", "LT", "transfer"),
        (4, -52_000, "Hævet", "", "", "cash"),
    ),
    # To a country on the list.
    tuple((day, -kr, "Overførsel", "Family support", "VN", "transfer")
          for day, kr in ((24, 8_900), (13, 9_400), (3, 9_700))),
)  # fmt: skip


def plant(*, now: datetime) -> None:
    """Book the stories on accounts of ordinary customers."""
    accounts = list(
        Holding.objects.filter(
            product__code="loenkonto", closed_on=None, customer__stage="ACTIVE",
            customer__kind="person", opened_on__lt=(now - timedelta(days=400)).date(),
        ).order_by("reference")[30 : 30 + len(STORIES)]
    )  # fmt: skip
    entries = [
        _entry(account, number, payment, now)
        for account, story in zip(accounts, STORIES, strict=False)
        for number, payment in enumerate(story)
    ]
    batch = TransactionBatch(route=TransactionBatch.Route.CSV, source=SOURCE, file_name="late.csv")
    added = ledger.write(entries=entries, source=SOURCE, batch=batch, at=now).added
    counts = {"added": added, "known": 0, "parked": 0, "refused": 0}
    close_batch(batch=batch, outcome=counts, actor=actors.system_user(), at=now)


def look(*, now: datetime) -> None:
    """The first night: every customer with transactions is due."""
    for job in kyc.start_monitoring(at=now, workers=1):
        jobs.run(job=job, at=now)
    deliveries.deliver_due(at=now + timedelta(seconds=2))


def _entry(account: Holding, number: int, payment: Payment, now: datetime) -> ledger.Entry:
    days, kroner, text, other, country, kind = payment
    row = NewTransaction(
        place=number,
        external_id=f"{account.reference}:late:{number}",
        account=account.reference,
        booked_on=now.date() - timedelta(days=days),
        amount=Decimal(kroner),
        currency=account.currency,
        kind=kind,
        text=text,
        counterparty_name=other,
        counterparty_country=country,
    )
    target = ledger.Target(account.customer_id, account.currency, holding_id=account.pk)
    return ledger.Entry(row, target)
