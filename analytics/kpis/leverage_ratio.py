from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Tier 1 capital over leverage exposure."""
    own = ledger.latest(item=Item.TIER1_CAPITAL, at=at)
    return ledger.part(over=own, under=ledger.latest(item=Item.LEVERAGE_EXPOSURE, at=at))


KPI = ledger.kpi(
    name="leverage_ratio",
    label=_("Leverage ratio"),
    definition=_("What the bank could lose of all it is exposed to; the law wants 3 %."),
    formula=_("Tier 1 capital, over leverage exposure (Regulation (EU) No 575/2013, article 429)"),
    family="leverage",
    compute=compute,
)
