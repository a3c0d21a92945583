from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Net profit of a year over average assets."""
    profit = ledger.of_year(items=[Item.NET_PROFIT], at=at)
    return ledger.part(over=profit, under=ledger.over_year(item=Item.TOTAL_ASSETS, at=at))


KPI = ledger.kpi(
    name="return_on_assets",
    label=_("Return on assets"),
    definition=_("What the bank earns on all that it has."),
    formula=_(
        "Net profit of twelve months, over the average total assets at the ends of those months"
    ),
    family="profitability",
    compute=compute,
)
