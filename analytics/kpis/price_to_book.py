from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Market value over equity."""
    price = ledger.latest(item=Item.MARKET_VALUE, at=at)
    return ledger.part(over=price, under=ledger.latest(item=Item.EQUITY, at=at))


KPI = ledger.kpi(
    name="price_to_book",
    label=_("Price to book"),
    definition=_("What the market pays for each krone of equity."),
    formula=_("Market value of the shares, over equity, at the end of the latest month"),
    family="valuation",
    compute=compute,
    unit="ratio",
)
