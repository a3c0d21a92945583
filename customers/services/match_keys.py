"""The keys under which a customer's possible doubles are found, kept in step with its facts."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection
from psycopg2.extras import execute_values

from customers.models import MatchKey
from customers.single_view import facts, keys
from customers.single_view.facts import Facts


def refresh(
    *, customer_ids: Collection[UUID], known: dict[UUID, Facts] | None = None
) -> dict[UUID, Facts]:
    """
    Make the keys of these customers fit their facts; only what differs is written.

    A merged or erased customer has none.

    :returns: the facts, for who goes on with them
    """
    found = facts.of_customers(list(customer_ids)) if known is None else known
    wanted = {(pk, *key) for pk, one in found.items() for key in keys.keys(one)}
    standing = {
        (customer_id, kind, key): row
        for row, customer_id, kind, key in MatchKey.objects.filter(
            customer_id__in=customer_ids
        ).values_list("pk", "customer_id", "kind", "key")
    }
    gone = [row for at, row in standing.items() if at not in wanted]
    if gone:
        MatchKey.objects.filter(pk__in=gone).delete()
    _insert(wanted - standing.keys())
    return found


def _insert(rows: Iterable[tuple[UUID, int, int]]) -> None:
    fresh = sorted(rows)
    if not fresh:
        return
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            "INSERT INTO customers_matchkey (customer_id, kind, key) VALUES %s"
            " ON CONFLICT DO NOTHING",
            fresh,
            page_size=5000,
        )
