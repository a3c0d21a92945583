"""Which Robinson list is in force, and who has left it."""

from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from customers.models import RobinsonList

_LEFT = """
    SELECT last.customer_id FROM (
        SELECT DISTINCT ON (customer_id) customer_id, decision
        FROM customers_consententry
        WHERE decision IN ('robinson', 'unlisted') AND customer_id > %(after)s::uuid
        ORDER BY customer_id, at DESC, id DESC
    ) last
    WHERE last.decision = 'robinson' AND NOT EXISTS (
        SELECT FROM customers_robinsonmark mark
        WHERE mark.list_id = %(list)s::uuid AND mark.customer_id = last.customer_id
    )
    ORDER BY last.customer_id LIMIT %(limit)s
"""


def robinson_lists() -> QuerySet[RobinsonList]:
    """The lists that were put in force, the newest first."""
    return RobinsonList.objects.filter(applied_at__isnull=False).order_by(
        "-listed_on", "-applied_at"
    )


def left_list(*, listing: RobinsonList, after: UUID, limit: int) -> list[UUID]:
    """Customers with a higher id than `after` who are noted as listed and not on this list."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LEFT, {"list": str(listing.pk), "after": str(after), "limit": limit}
        )  # fmt: skip
        return [UUID(str(row[0])) for row in cursor.fetchall()]
