from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Equity over assets."""
    own = ledger.latest(item=Item.EQUITY, at=at)
    return ledger.part(over=own, under=ledger.latest(item=Item.TOTAL_ASSETS, at=at))


KPI = ledger.kpi(
    name="equity_ratio",
    label=_("Equity to assets"),
    definition=_("How much of what the bank has belongs to its owners."),
    formula=_("Equity, over total assets, at the end of the latest month"),
    family="leverage",
    compute=compute,
)
