from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import ledger
from analytics.models import LedgerItem as Item


def compute(*, at: datetime) -> float | None:
    """Liquid assets over the outflow of 30 days of stress."""
    held = ledger.latest(item=Item.LIQUID_ASSETS, at=at)
    return ledger.part(over=held, under=ledger.latest(item=Item.NET_OUTFLOW, at=at))


KPI = ledger.kpi(
    name="liquidity_coverage",
    label=_("Liquidity coverage ratio"),
    definition=_("How far liquid assets cover thirty days of stress; the law wants 100 %."),
    formula=_(
        "High-quality liquid assets, over the net outflow in 30 days of stress (Regulation (EU) No 575/2013, article 412)"
    ),
    family="liquidity",
    compute=compute,
)
