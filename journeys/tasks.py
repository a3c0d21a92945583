"""Periodic work of journeys."""

from datetime import datetime, timedelta

from clm.core.schedule import periodic
from journeys import services


@periodic("journeys.project", every=timedelta(seconds=10))
def project(*, at: datetime) -> None:
    """The newest events become touchpoints of the life-cycle journey."""
    services.project(at=at)
