"""
What the churn model may know of a customer as of an instant.

One file a group; each gives a row of numbers for each customer and reads nothing that happened
later than `as_of`, nor what was corrected later where the record keeps its past. Nothing here
knows of risk, restrictions or KYC (AMLR art. 76): customers are read through `commercial_view`,
touchpoints without the restricted ones.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy

from analytics.features import activity, consents, holdings, money, tenure
from customers.reasons import Feature, Kind

if TYPE_CHECKING:
    import pandas as pd

Group = Callable[..., "pd.DataFrame"]
_MODULES = (tenure, holdings, activity, money, consents)
GROUPS: tuple[Group, ...] = tuple(module.features for module in _MODULES)
LABELS: dict[str, str] = {
    code: label for module in _MODULES for code, label in module.LABELS.items()
}
# How a value is said; what is not named is a plain number.
KINDS: dict[str, Kind] = {code: kind for module in _MODULES for code, kind in module.KINDS.items()}


def words() -> list[Feature]:
    """Every feature with its name for the reader, to be registered with the customers."""
    return [Feature(code, gettext_lazy(LABELS[code]), KINDS.get(code, "number")) for code in LABELS]


def build(*, customer_ids: Sequence[UUID], as_of: datetime) -> "pd.DataFrame":
    """All groups side by side, one row a customer in the order given."""
    import pandas as pd

    frames = [group(customer_ids=customer_ids, as_of=as_of) for group in GROUPS]
    return pd.concat(frames, axis=1)[list(LABELS)]
