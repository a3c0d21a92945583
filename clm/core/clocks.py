"""
Business hours: deadlines that count only while the bank is open (Copenhagen, 9 to 17), and that
stand still while a customer is asked.

Beside the public holidays, banks in Denmark are closed on Constitution Day, the day after
Ascension Day, Christmas Eve and New Year's Eve (Finans Danmark: bank holidays).
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Copenhagen")
OPENS = time(9)
CLOSES = time(17)


@lru_cache(maxsize=64)
def _closed_days(year: int) -> frozenset[date]:
    import holidays

    public = holidays.country_holidays("DK", years=year, language="da")
    (ascension,) = public.get_named("Kristi himmelfartsdag")
    return frozenset(public) | {
        ascension + timedelta(days=1), date(year, 6, 5), date(year, 12, 24), date(year, 12, 31),
    }  # fmt: skip


def is_business_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _closed_days(day.year)


def add_business_hours(*, start: datetime, hours: float) -> datetime:
    """The instant by which `hours` of opening time have passed since `start`."""
    left = timedelta(hours=hours)
    now = start.astimezone(ZONE)
    while True:
        if is_business_day(now.date()):
            begin = max(now, datetime.combine(now.date(), OPENS, ZONE))
            end = datetime.combine(now.date(), CLOSES, ZONE)
            if begin < end:
                # Both lie within one day's opening hours, where no clock is ever shifted.
                if end - begin >= left:
                    return begin + left
                left -= end - begin
        now = datetime.combine(now.date() + timedelta(days=1), OPENS, ZONE)


def add_business_days(*, start: datetime, days: int) -> datetime:
    """Closing time of the day that is `days` business days after `start`'s."""
    day = start.astimezone(ZONE).date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_business_day(day)
    return datetime.combine(day, CLOSES, ZONE)


def business_hours_between(*, start: datetime, end: datetime) -> float:
    """Opening hours that pass from `start` to `end`; 0 when `end` is not later."""
    now, until = start.astimezone(ZONE), end.astimezone(ZONE)
    passed = timedelta(0)
    day = now.date()
    while day <= until.date():
        if is_business_day(day):
            opens = max(now, datetime.combine(day, OPENS, ZONE))
            closes = min(until, datetime.combine(day, CLOSES, ZONE))
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
    return add_business_hours(start=at, hours=left)
