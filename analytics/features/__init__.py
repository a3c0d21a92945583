"""
What the churn model may know of a customer as of an instant.

One file a group; each gives a frame by customer id and reads nothing that happened later than
`as_of`. Nothing here knows of risk, restrictions or KYC (AMLR art. 76): customers are read
through `commercial_view`, touchpoints without the restricted ones.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import pandas as pd
from django.utils.translation import gettext_lazy

from analytics.features import activity, holdings, tenure
from customers.reasons import Feature, Kind

Group = Callable[..., pd.DataFrame]
GROUPS: tuple[Group, ...] = (tenure.features, holdings.features, activity.features)
LABELS: dict[str, str] = {**tenure.LABELS, **holdings.LABELS, **activity.LABELS}
# How a value is said; what is not named is a plain number.
KINDS: dict[str, Kind] = {**tenure.KINDS, **holdings.KINDS, **activity.KINDS}


def words() -> list[Feature]:
    """Every feature with its name for the reader, to be registered with the customers."""
    return [Feature(code, gettext_lazy(LABELS[code]), KINDS.get(code, "number")) for code in LABELS]


def build(*, customer_ids: Sequence[UUID], as_of: datetime) -> pd.DataFrame:
    """All groups side by side, one row a customer in the order given."""
    index = pd.Index([str(key) for key in customer_ids], name="customer_id", dtype=object)
    frames = [group(customer_ids=customer_ids, as_of=as_of).reindex(index) for group in GROUPS]
    return pd.concat(frames, axis=1)[list(LABELS)]
