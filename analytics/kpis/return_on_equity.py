from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Net profit of a year over average equity."""
    profit = ledger.of_year(items=[Item.NET_PROFIT], at=at)
    return ledger.part(over=profit, under=ledger.over_year(item=Item.EQUITY, at=at))


KPI = ledger.kpi(
    name="return_on_equity",
    label=_("Return on equity"),
    definition=_("What the bank earns on what its owners have in it."),
    formula=_("Net profit of twelve months, over the average equity at the ends of those months"),
    family="profitability",
    compute=compute,
)
