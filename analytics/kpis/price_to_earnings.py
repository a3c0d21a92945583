from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Market value over the net profit of a year."""
    price = ledger.latest(item=Item.MARKET_VALUE, at=at)
    return ledger.part(over=price, under=ledger.of_year(items=[Item.NET_PROFIT], at=at))


KPI = ledger.kpi(
    name="price_to_earnings",
    label=_("Price to earnings"),
    definition=_("How many years of profit the market pays for."),
    formula=_("Market value of the shares, over net profit of twelve months"),
    family="valuation",
    compute=compute,
    unit="ratio",
)
