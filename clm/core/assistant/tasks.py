"""Work of the assistant that the calendar brings."""

from datetime import datetime, timedelta

from clm.core.assistant import services
from clm.core.schedule import periodic


@periodic("assistant.forget_words", every=timedelta(days=1), offset=timedelta(hours=3))
def forget_words(*, at: datetime) -> None:
    services.forget_words(at=at)
