"""
What the customer had with the bank.

Only dates are used: balances are known as they are today and not as they were, and today's
would tell the model what happened after `as_of`.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import pandas as pd
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from customers.models import Holding
from customers.reasons import Kind

LABELS = {
    "holdings_open": _("Products in use"),
    "has_loan": _("Has a loan"),
    "has_savings": _("Has savings or investments"),
    "holdings_closed_year": _("Products closed within a year"),
    "holding_newest_years": _("Years since the newest product"),
}
KINDS: dict[str, Kind] = {"has_loan": "yes", "has_savings": "yes", "holding_newest_years": "years"}
_LOANS = {"loan", "mortgage"}
_SAVINGS = {"deposit", "investment", "pension"}


def features(*, customer_ids: Sequence[UUID], as_of: datetime) -> pd.DataFrame:
    """Counts and years, from the holdings opened by then."""
    today = timezone.localdate(as_of)
    found: dict[str, list[tuple[date, date | None, str]]] = defaultdict(list)
    rows = Holding.objects.filter(
        customer_id__in=list(customer_ids), opened_on__lte=today
    ).values_list("customer_id", "opened_on", "closed_on", "product__category")
    for key, opened_on, closed_on, category in rows:
        # A closing that lies ahead is not known yet.
        known = closed_on if closed_on and closed_on <= today else None
        found[str(key)].append((opened_on, known, category))
    return pd.DataFrame.from_dict(
        {str(key): _of(found.get(str(key), []), today) for key in customer_ids},
        orient="index",
        columns=list(LABELS),
        dtype="float64",
    )


def _of(held: Sequence[tuple[date, date | None, str]], today: date) -> tuple[float | None, ...]:
    open_ones = {category for _opened, closed, category in held if closed is None}
    newest = max((opened for opened, _closed, _category in held), default=None)
    return (
        float(sum(closed is None for _opened, closed, _category in held)),
        float(bool(open_ones & _LOANS)),
        float(bool(open_ones & _SAVINGS)),
        float(sum(1 for _o, closed, _c in held if closed and (today - closed).days <= 365)),
        (today - newest).days / 365.25 if newest else None,
    )
