"""
What the customer had agreed to by then, told by the ledger, whose lines never change.

The Robinson list is left out: it says something of the post, not of the bank.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_noop as _

from analytics.features.reading import MINE, WANTED, read
from customers.reasons import Kind

if TYPE_CHECKING:
    import pandas as pd

LABELS = {
    "marketing_agreed": _("Agreed to marketing"),
    "consents_ended_year": _("Consents withdrawn within a year"),
}
KINDS: dict[str, Kind] = {"marketing_agreed": "yes"}

_SQL = f"""
    SELECT coalesce(had.marketing, 0), coalesce(had.ended, 0)
    FROM {WANTED}
    LEFT JOIN (
        SELECT customer_id,
            ((array_agg((decision = 'given')::int ORDER BY at DESC, id DESC)
                FILTER (WHERE purpose = 'marketing'))[1]) AS marketing,
            count(*) FILTER (WHERE decision <> 'given' AND at >= %(as_of)s - interval '365 days')
                AS ended
        FROM customers_consententry
        WHERE {MINE} AND at <= %(as_of)s AND decision IN ('given', 'withdrawn', 'objected')
        GROUP BY customer_id
    ) AS had ON had.customer_id = wanted.id
    ORDER BY wanted.place
"""


def features(*, customer_ids: Sequence[UUID], as_of: datetime) -> "pd.DataFrame":
    """The last word on marketing, and how many consents ended."""
    return read(_SQL, customer_ids=customer_ids, as_of=as_of, columns=list(LABELS))
