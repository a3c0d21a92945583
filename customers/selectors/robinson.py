"""Which Robinson list is in force, and who has left it."""

from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from clm.core.models import Job
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


def newer_list(*, listing: RobinsonList) -> RobinsonList | None:
    """
    A newer list that is in force, or is being put in force.

    Of two with one date the one begun later is the newer; a dry run goes before nobody.
    """
    put_in_force = Q(applied_at__isnull=False) | (
        Q(job__state__in=Job.OPEN) & ~Q(job__parameters__dry_run=True)
    )
    later = (
        Q(listed_on__gt=listing.listed_on)
        | Q(listed_on=listing.listed_on, begun_at__gt=listing.begun_at)
        | Q(listed_on=listing.listed_on, begun_at=listing.begun_at, pk__gt=listing.pk)
    )
    found = RobinsonList.objects.filter(put_in_force, later).exclude(pk=listing.pk)
    return found.order_by("-listed_on", "-begun_at", "-pk").first()


def left_list(*, listing: RobinsonList, after: UUID, limit: int) -> list[UUID]:
    """Customers with a higher id than `after` who are noted as listed and not on this list."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LEFT, {"list": str(listing.pk), "after": str(after), "limit": limit}
        )  # fmt: skip
        return [UUID(str(row[0])) for row in cursor.fetchall()]
