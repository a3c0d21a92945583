"""
How the customer uses the accounts: payments, income and fees.

Bookings count by the day they were booked on, up to the day before `as_of`: what a file brought
in later was known in core banking on that day, and a booking never changes. Accounts with other
banks are left out: the consent that brought them in was given for something else. Sums are in
the accounts' own currencies and used as shares of one another only, but for fees.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from analytics.features.reading import MINE, WANTED, read
from customers.reasons import Kind

if TYPE_CHECKING:
    import pandas as pd

LABELS = {
    "transaction_days_ago": _("Days since the last payment"),
    "transactions_90d": _("Payments in 90 days"),
    "transactions_change": _("Payments, against the 90 days before"),
    "salary_90d": _("Salary came in within 90 days"),
    "inflow_change": _("Money in, against the 90 days before"),
    "fees_90d": _("Fees in 90 days"),
}
KINDS: dict[str, Kind] = {"salary_90d": "yes"}

_SQL = f"""
    SELECT had.ago, coalesce(had.now, 0), had.now / nullif(had.before, 0)::float8,
        coalesce(had.salary, 0), had.income / nullif(had.income_before, 0)::float8,
        coalesce(had.fees, 0)::float8
    FROM {WANTED}
    LEFT JOIN (
        SELECT t.customer_id, %(day)s - max(t.booked_on) FILTER (WHERE t.own) AS ago,
            count(*) FILTER (WHERE t.own AND t.recent) AS now,
            count(*) FILTER (WHERE t.own AND NOT t.recent) AS before,
            max((t.kind = 'salary' AND t.recent)::int) AS salary,
            coalesce(sum(t.amount) FILTER (WHERE t.amount > 0 AND t.own AND t.recent), 0)::float8
                AS income,
            sum(t.amount) FILTER (WHERE t.amount > 0 AND t.own AND NOT t.recent)::float8
                AS income_before,
            -sum(t.amount) FILTER (WHERE t.kind = 'fee' AND t.recent) AS fees
        FROM (
            SELECT customer_id, booked_on, amount, kind, kind NOT IN ('fee', 'interest') AS own,
                booked_on >= %(day)s - 90 AS recent
            FROM customers_transaction
            WHERE {MINE} AND other_account_id IS NULL
                AND booked_on < %(day)s AND booked_on >= %(day)s - 180
        ) AS t
        GROUP BY t.customer_id
    ) AS had ON had.customer_id = wanted.id
    ORDER BY wanted.place
"""


def features(*, customer_ids: Sequence[UUID], as_of: datetime) -> "pd.DataFrame":
    """Days, counts and shares; not known without a payment in half a year."""
    return read(
        _SQL, customer_ids=customer_ids, as_of=as_of, columns=list(LABELS),
        day=timezone.localdate(as_of),
    )  # fmt: skip
