from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Operating expense of a year over net income."""
    earned = ledger.of_year(items=[Item.INTEREST_INCOME, Item.FEE_INCOME, Item.OTHER_INCOME], at=at)
    paid = ledger.of_year(items=[Item.INTEREST_EXPENSE, Item.FEE_EXPENSE], at=at)
    if earned is None or paid is None:
        return None
    spent = ledger.of_year(items=[Item.OPERATING_EXPENSE], at=at)
    return ledger.part(over=spent, under=earned - paid)


KPI = ledger.kpi(
    name="cost_to_income",
    label=_("Cost to income"),
    definition=_("What of each krone earned it costs to run the bank."),
    formula=_(
        "Operating expense of twelve months, over interest, fees and other income less interest and fees paid"
    ),
    family="efficiency",
    compute=compute,
    better="less",
)
