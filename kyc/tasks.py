"""Work of kyc that comes by itself."""

from datetime import datetime, timedelta

from clm.core.schedule import periodic
from kyc import services


@periodic("kyc.monitoring", every=timedelta(days=1), offset=timedelta(hours=1))
def monitor_transactions(*, at: datetime) -> None:
    """Nightly: whoever has new transactions is looked at."""
    services.start_monitoring(at=at)
