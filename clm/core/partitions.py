"""Monthly partitions of the append-only tables, made by the owner's function."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db import connection

from clm.core.ids import lower_bound

_MONTHS_AHEAD = 3
# Tables split by the range of their UUIDv7, and tables split by an instant.
_BY_ID = ["core_event", "core_accesslog"]
_BY_TIME: dict[str, str] = {}


def register_by_time(table: str, column: str) -> None:
    """Make a table that is partitioned by an instant known to `ensure`."""
    _BY_TIME[table] = column


def ensure(*, since: datetime, until: datetime) -> None:
    """Make sure that every month from `since` to `until` has its partitions."""
    month = datetime(since.year, since.month, 1, tzinfo=UTC)
    with connection.cursor() as cursor:
        while month <= until:
            following = _next(month)
            suffix = f"{month:%Y_%m}"
            for table in _BY_ID:
                cursor.execute(
                    "SELECT clm_make_partition(%s, %s, %s, %s)",
                    [table, suffix, str(lower_bound(month)), str(lower_bound(following))],
                )
            for table in _BY_TIME:
                # The table's own app may not be migrated yet when the kit is.
                cursor.execute(
                    "SELECT clm_make_partition(%s, %s, %s, %s) WHERE to_regclass(%s) IS NOT NULL",
                    [table, suffix, month.isoformat(), following.isoformat(), table],
                )
            month = following


def ensure_days(*, table: str, days: Iterable[date]) -> None:
    """
    Make sure that a table split by time has a partition for each of these days.

    In the caller's transaction, and without locks when they are all there.
    """
    months = {(day.year, day.month) for day in days}
    names = {f"{table}_p{year:04d}_{month:02d}": (year, month) for year, month in months}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s)", [list(names)]
        )
        missing = sorted(set(names) - {row[0] for row in cursor.fetchall()})
        if missing:
            # One at a time: two that make the same month at once would collide.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [table])
        for name in missing:
            month = datetime(*names[name], 1, tzinfo=UTC)
            cursor.execute(
                "SELECT clm_make_partition(%s, %s, %s, %s)",
                [table, f"{month:%Y_%m}", month.isoformat(), _next(month).isoformat()],
            )


def ensure_ahead(*, at: datetime) -> None:
    """The present month and the next three."""
    until = at
    for _ in range(_MONTHS_AHEAD):
        until = _next(datetime(until.year, until.month, 1, tzinfo=UTC))
    ensure(since=at, until=until)


def _next(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
