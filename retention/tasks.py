"""Nightly work of retention."""

from datetime import datetime, timedelta

from clm.core.actors import system_user
from clm.core.schedule import periodic
from retention import services


@periodic("retention.review_outcomes", every=timedelta(days=1), offset=timedelta(hours=4))
def review_outcomes(*, at: datetime) -> None:
    """Who was saved, and is still here after 30 and 90 days."""
    while services.review_outcomes(actor=system_user(), at=at):
        pass
