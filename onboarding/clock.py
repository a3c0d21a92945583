"""An application's deadline in business hours, which stands still while the customer is asked. Pure."""

from datetime import datetime, timedelta

from clm.core import clocks


def business_hours_between(*, start: datetime, end: datetime) -> float:
    """Opening hours that pass from `start` to `end`; 0 when `end` is not later."""
    now, until = start.astimezone(clocks.ZONE), end.astimezone(clocks.ZONE)
    passed = timedelta(0)
    day = now.date()
    while day <= until.date():
        if clocks.is_business_day(day):
            opens = max(now, datetime.combine(day, clocks.OPENS, clocks.ZONE))
            closes = min(until, datetime.combine(day, clocks.CLOSES, clocks.ZONE))
            passed += max(closes - opens, timedelta(0))
        day += timedelta(days=1)
    return passed / timedelta(hours=1)


def resumed(*, due_at: datetime, paused_at: datetime, at: datetime) -> datetime:
    """
    The deadline after a pause: what was left when it began is left when it ends.

    A deadline that had passed already stays where it was.
    """
    if due_at <= paused_at:
        return due_at
    left = business_hours_between(start=paused_at, end=due_at)
    return clocks.add_business_hours(start=at, hours=left)
