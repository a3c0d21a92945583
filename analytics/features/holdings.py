"""
What the customer had with the bank, as it was known then.

Only dates are used: balances are known as they are today and not as they were, and today's
would tell the model what happened after `as_of`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from analytics.features.as_known import KNOWN_HOLDINGS
from analytics.features.reading import WANTED, read
from customers.reasons import Kind

if TYPE_CHECKING:
    import pandas as pd

LABELS = {
    "holdings_open": _("Products in use"),
    "has_loan": _("Has a loan"),
    "has_savings": _("Has savings or investments"),
    "holdings_closed_year": _("Products closed within a year"),
    "holding_newest_years": _("Years since the newest product"),
    "holding_matures_days": _("Days until a product matures"),
}
KINDS: dict[str, Kind] = {"has_loan": "yes", "has_savings": "yes", "holding_newest_years": "years"}

_SQL = f"""
    WITH {KNOWN_HOLDINGS}
    SELECT coalesce(had.open, 0), coalesce(had.loan, 0), coalesce(had.savings, 0),
        coalesce(had.closed, 0), had.newest, had.matures
    FROM {WANTED}
    LEFT JOIN (
        SELECT customer_id, count(*) FILTER (WHERE closed_on IS NULL) AS open,
            max((closed_on IS NULL AND category IN ('loan', 'mortgage'))::int) AS loan,
            max((closed_on IS NULL AND category IN ('deposit', 'investment', 'pension'))::int)
                AS savings,
            count(*) FILTER (WHERE closed_on >= %(day)s - 365) AS closed,
            (%(day)s - max(opened_on)) / 365.25::float8 AS newest,
            min(matures_on - %(day)s) FILTER (WHERE closed_on IS NULL AND matures_on >= %(day)s)
                AS matures
        FROM known GROUP BY customer_id
    ) AS had ON had.customer_id = wanted.id
    ORDER BY wanted.place
"""


def features(*, customer_ids: Sequence[UUID], as_of: datetime) -> "pd.DataFrame":
    """Counts, years and days, from the holdings recorded by then."""
    return read(
        _SQL, customer_ids=customer_ids, as_of=as_of, columns=list(LABELS),
        day=timezone.localdate(as_of),
    )  # fmt: skip
