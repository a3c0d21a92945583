"""The demo bank's own accounts: thirty-six months of a small bank that earns a little more each year."""

import random
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from analytics.figures import services
from analytics.figures.importing import Amount
from analytics.models import LedgerItem as Item
from clm.core import actors
from clm.core.models import User

MONTHS = 36
#: In millions of kroner at the beginning: what comes in or goes out a month, what there is at its end.
_START = {
    Item.INTEREST_INCOME: 41.0, Item.INTEREST_EXPENSE: 12.5, Item.FEE_INCOME: 9.2,
    Item.FEE_EXPENSE: 1.1, Item.OTHER_INCOME: 1.4, Item.OPERATING_EXPENSE: 22.4,
    Item.TOTAL_ASSETS: 14_200.0, Item.LOANS: 9_300.0, Item.DEPOSITS: 10_900.0,
    Item.EQUITY: 1_310.0, Item.CET1_CAPITAL: 1_180.0, Item.TIER1_CAPITAL: 1_240.0,
    Item.RISK_EXPOSURE: 7_050.0, Item.LEVERAGE_EXPOSURE: 14_900.0,
    Item.LIQUID_ASSETS: 2_650.0, Item.NET_OUTFLOW: 1_540.0, Item.MARKET_VALUE: 1_460.0,
}  # fmt: skip
_TARGETS: tuple[tuple[str, float, float | None], ...] = (
    ("bank.return_on_equity", 0.1, 0.07),
    ("bank.cost_to_income", 0.6, 0.65),
    ("bank.liquidity_coverage", 1.4, 1.1),
    ("bank.cet1_ratio", 0.16, 0.13),
    ("customers.retention_rate", 0.95, 0.9),
    ("customers.churn_rate", 0.05, 0.1),
    ("customers.products_per_customer", 2.5, None),
)


def plant(*, now: datetime) -> None:
    """The ledger, what is wanted of the figures, and how those that can be looked back at went."""
    maria = User.objects.get(username="maria")
    months = _months_until(timezone.localdate(now))
    rows = [(line, one) for line, one in enumerate(_amounts(months))]
    services.add_amounts(rows=list(rows), actor=actors.system_user(), at=now)
    for name, target, alert in _TARGETS:
        services.set_target(name=name, target=target, alert=alert, actor=maria, at=now)
    services.look_back(months=12, at=now)
    services.compute_figures(at=now)


def _months_until(today: date) -> list[date]:
    """The last full months, the oldest first."""
    found = [today.replace(day=1)]
    for _n in range(MONTHS):
        one = found[0]
        found.insert(0, date(one.year - (one.month == 1), (one.month - 2) % 12 + 1, 1))
    return found[:-1]


def _amounts(months: list[date]) -> list[Any]:
    rng = random.Random(7)
    found = []
    for place, month in enumerate(months):
        now = {
            item: start * (1 + 0.004 * place) * rng.uniform(0.985, 1.015)
            for item, start in _START.items()
        }
        impairment = rng.uniform(0.5, 2.2)
        before_tax = (
            now[Item.INTEREST_INCOME] - now[Item.INTEREST_EXPENSE] + now[Item.FEE_INCOME]
            - now[Item.FEE_EXPENSE] + now[Item.OTHER_INCOME] - now[Item.OPERATING_EXPENSE]
            - impairment
        )  # fmt: skip
        now |= {
            Item.IMPAIRMENT: impairment, Item.TAX: before_tax * 0.26,
            Item.NET_PROFIT: before_tax * 0.74,
        }  # fmt: skip
        found += [
            Amount(month, item.value, Decimal(round(value * 100) * 10_000), "DKK")
            for item, value in now.items()
        ]
    return found
