"""Alerts and the transactions behind them."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from clm.core import actors, records
from clm.core.ids import uuid7
from customers import services
from customers.models import Customer, Holding
from customers.transactions.rows import NewTransaction
from kyc.models import Alert, Case, MonitoringRule
from tests.factories import customers

_numbers = count(1)


def alert(*, customer: Customer, at: datetime, case: Case | None = None, score: int = 60) -> Alert:
    """An open alert of the velocity rule."""
    key = uuid7()
    return records.create(
        record=Alert(
            customer=customer, rule=MonitoringRule.objects.get(kind="velocity", state="IN_FORCE"),
            kind="velocity", key=key, score=score, transactions=[key], first_on=at.date(),
            last_on=at.date(), case=case, facts={"count": 21, "days": 3, "total_kr": 60_000},
            reasons=[{"code": "reached", "points": score, "facts": {}}],
        ),
        actor=actors.system_user(),
        at=at,
    )  # fmt: skip


def money(*, of: Holding, rows: Iterable[tuple[date, int]], at: datetime, **fields: Any) -> None:
    """Book amounts in whole kroner on days."""
    made = [
        NewTransaction(
            place=place, external_id=f"m{next(_numbers)}", account=of.reference, booked_on=day,
            amount=Decimal(amount), currency=of.currency, **{"kind": "cash", **fields},
        )
        for place, (day, amount) in enumerate(rows)
    ]  # fmt: skip
    services.receive_batch(rows=made, source="test", refused=0, actor=actors.system_user(), at=at)


def saver(*, at: datetime, **fields: Any) -> tuple[Customer, Holding]:
    """A customer of the bank with an account."""
    customer = customers.customer(stage="ACTIVE", at=at, **fields)
    return customer, customers.holding(of=customer, at=at)
