"""Quiet hours: when nobody is written to."""

from datetime import datetime, time, timedelta

from clm.core.clocks import ZONE, is_business_day

WAKES, SLEEPS = time(8), time(21)
#: What somebody has to sell comes on business days alone, and earlier in the evening.
SELLS_FROM, SELLS_TO = time(9), time(19)


def next_moment(*, at: datetime, selling: bool) -> datetime:
    """The first instant from `at` on that lies outside the quiet hours."""
    begins, ends = (SELLS_FROM, SELLS_TO) if selling else (WAKES, SLEEPS)
    now = at.astimezone(ZONE)
    while True:
        fits = is_business_day(now.date()) or not selling
        if fits and begins <= now.time() < ends:
            return now
        if fits and now.time() < begins:
            return datetime.combine(now.date(), begins, ZONE)
        now = datetime.combine(now.date() + timedelta(days=1), time(0), ZONE)
