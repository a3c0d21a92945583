"""Periodic work of journeys."""

from datetime import datetime, timedelta

from clm.core.schedule import periodic
from journeys import services
from journeys.models import JourneyFeed


@periodic("journeys.project", every=timedelta(seconds=10))
def project(*, at: datetime) -> None:
    """The newest events become touchpoints of the life-cycle journey."""
    services.project(at=at)


@periodic("journeys.columns", every=timedelta(minutes=5))
def refresh_columns(*, at: datetime) -> None:
    """The files beside the table of touchpoints catch up, so that reports begin near the present."""
    from journeys import columns

    for feed in JourneyFeed.objects.filter(events__gte=columns.LARGE).select_related("journey"):
        columns.refresh(journey=feed.journey)
