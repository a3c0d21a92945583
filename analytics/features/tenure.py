"""How long somebody has been with the bank, and how old they are."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pandas as pd
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from customers.reasons import Kind
from customers.selectors import commercial_view

LABELS = {
    "tenure_years": _("Years with the bank"),
    "age": _("Age"),
    "is_person": _("Is a person"),
}
KINDS: dict[str, Kind] = {"tenure_years": "years", "is_person": "yes"}


def features(*, customer_ids: Sequence[UUID], as_of: datetime) -> pd.DataFrame:
    """Years; unknown where a date is not known or lies after `as_of`."""
    today = timezone.localdate(as_of)
    rows = {}
    wanted = commercial_view(customer_ids=customer_ids).values_list(
        "id", "customer_since", "born_on", "kind"
    )
    for key, since, born_on, kind in wanted:
        rows[str(key)] = (
            (today - since).days / 365.25 if since and since <= today else None,
            (today - born_on).days / 365.25 if born_on else None,
            float(kind == "person"),
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(LABELS), dtype="float64")
