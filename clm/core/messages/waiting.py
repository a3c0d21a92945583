"""Messages that wait in a table of an app's own until a worker takes and sends them."""

from datetime import datetime
from uuid import UUID

from django.db import connection, models, transaction


def claim(*, model: type[models.Model], at: datetime, limit: int = 200) -> list[UUID]:
    """
    Take messages that are due and put off their next attempt; whoever claims sends them.

    If that one dies first they are due again later: after two minutes, then twice as long each
    time, six hours at most.

    :param model: a table with `id`, `sending` (`waiting` while it waits), `due_at`, `attempts`
    """
    table = connection.ops.quote_name(model._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH due AS (
                SELECT id FROM {table}
                WHERE sending = 'waiting' AND due_at <= %(at)s
                ORDER BY due_at LIMIT %(limit)s
                FOR UPDATE SKIP LOCKED
            )
            UPDATE {table} AS message
            SET attempts = attempts + 1,
                due_at = %(at)s + least(interval '6 hours', interval '2 minutes' * power(2, attempts))
            FROM due WHERE message.id = due.id
            RETURNING message.id
            """,
            {"at": at, "limit": limit},
        )
        return [row[0] for row in cursor.fetchall()]
