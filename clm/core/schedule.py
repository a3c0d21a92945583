"""Periodic work: declared beside its app's tasks, run once a period whoever asks."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from clm.core.models import ScheduledRun

Work = Callable[..., None]


@dataclass(frozen=True)
class Periodic:
    """
    Work of a period. `every` divides time from the epoch on; `offset` shifts it (02:00 for
    nightly work is an offset of two hours, in UTC).
    """

    name: str
    work: Work
    every: timedelta
    offset: timedelta = timedelta(0)

    def period(self, at: datetime) -> datetime:
        """The beginning of the period that `at` lies in."""
        epoch = datetime(1970, 1, 1, tzinfo=UTC) + self.offset
        return epoch + self.every * ((at - epoch) // self.every)


_periodic: dict[str, Periodic] = {}


def periodic(
    name: str, *, every: timedelta, offset: timedelta = timedelta(0)
) -> Callable[[Work], Work]:
    """Declare `def work(*, at)` as periodic under a name of its own."""

    def declare(work: Work) -> Work:
        _periodic[name] = Periodic(name=name, work=work, every=every, offset=offset)
        return work

    return declare


def declared() -> dict[str, Periodic]:
    return dict(_periodic)


def due(*, at: datetime) -> list[str]:
    """Names whose present period nobody has begun."""
    begun = set(
        ScheduledRun.objects.filter(period__gte=at - timedelta(days=32)).values_list(
            "name", "period"
        )
    )
    return [one.name for one in _periodic.values() if (one.name, one.period(at)) not in begun]


def run(*, name: str, at: datetime) -> bool:
    """Run the present period's work if nobody has; whether it ran here."""
    one = _periodic[name]
    try:
        with transaction.atomic():
            record = ScheduledRun.objects.create(name=name, period=one.period(at), started_at=at)
    except IntegrityError:
        return False
    try:
        with transaction.atomic():
            one.work(at=at)
        ScheduledRun.objects.filter(pk=record.pk).update(done_at=at)
    except Exception:  # noqa: BLE001 -- one period's failure is kept for people to see; the next runs anew
        ScheduledRun.objects.filter(pk=record.pk).update(error=traceback.format_exc()[-4000:])
        return False
    return True
