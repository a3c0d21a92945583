from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Net interest of a year over average assets."""
    earned = ledger.of_year(items=[Item.INTEREST_INCOME], at=at)
    paid = ledger.of_year(items=[Item.INTEREST_EXPENSE], at=at)
    if earned is None or paid is None:
        return None
    return ledger.part(over=earned - paid, under=ledger.over_year(item=Item.TOTAL_ASSETS, at=at))


KPI = ledger.kpi(
    name="net_interest_margin",
    label=_("Net interest margin"),
    definition=_("What is left of interest on all that the bank has."),
    formula=_("Interest income less interest expense of twelve months, over average total assets"),
    family="profitability",
    compute=compute,
)
