"""Work of onboarding that the calendar brings."""

from datetime import datetime, timedelta

from clm.core import actors
from clm.core.schedule import periodic
from onboarding import services


@periodic("onboarding.expire_abandoned", every=timedelta(days=1), offset=timedelta(hours=1))
def expire_abandoned(*, at: datetime) -> None:
    services.expire_abandoned(actor=actors.system_user(), at=at)


@periodic("onboarding.link_abandoned", every=timedelta(hours=1))
def note_abandoned(*, at: datetime) -> None:
    while services.note_abandoned(at=at):
        pass
