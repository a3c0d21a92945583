from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Common equity tier 1 capital over the risk exposure."""
    own = ledger.latest(item=Item.CET1_CAPITAL, at=at)
    return ledger.part(over=own, under=ledger.latest(item=Item.RISK_EXPOSURE, at=at))


KPI = ledger.kpi(
    name="cet1_ratio",
    label=_("Common equity tier 1 ratio"),
    definition=_("The best capital, over what the bank has at risk."),
    formula=_(
        "Common equity tier 1 capital, over the total risk exposure amount (Regulation (EU) No 575/2013, article 92)"
    ),
    family="leverage",
    compute=compute,
)
