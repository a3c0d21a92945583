"""Work of kyc that comes by itself."""

from datetime import datetime, timedelta

from clm.core import actors
from clm.core.schedule import periodic
from kyc import services


@periodic("kyc.monitoring", every=timedelta(days=1), offset=timedelta(hours=1))
def monitor_transactions(*, at: datetime) -> None:
    """Nightly: whoever has new transactions is looked at."""
    services.start_monitoring(at=at)


@periodic("kyc.stocktake", every=timedelta(days=1), offset=timedelta(hours=1))
def look_through_files(*, at: datetime) -> None:
    """Nightly: all files by the rules in force; reviews that come due get their case."""
    services.start_stocktake(actor=actors.system_user(), at=at)
