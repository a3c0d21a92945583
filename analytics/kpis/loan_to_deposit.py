from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Loans over deposits."""
    lent = ledger.latest(item=Item.LOANS, at=at)
    return ledger.part(over=lent, under=ledger.latest(item=Item.DEPOSITS, at=at))


KPI = ledger.kpi(
    name="loan_to_deposit",
    label=_("Loans to deposits"),
    definition=_("How much of the deposits is lent out."),
    formula=_("Loans, over deposits, at the end of the latest month"),
    family="liquidity",
    compute=compute,
    better="less",
)
