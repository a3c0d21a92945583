"""
How long somebody has been with the bank, how old they are, and whether they have fallen asleep.

A correction made after `as_of` is undone from the record's history; a stage entered after it,
from the record's events.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from clm.core.ids import lower_bound
from customers.reasons import Kind
from customers.selectors import commercial_view

if TYPE_CHECKING:
    import pandas as pd

LABELS = {
    "tenure_years": _("Years with the bank"),
    "age": _("Age"),
    "is_person": _("Is a person"),
    "is_dormant": _("Has fallen asleep"),
}
KINDS: dict[str, Kind] = {"tenure_years": "years", "is_person": "yes", "is_dormant": "yes"}
_FIELDS = ("customer_since", "born_on", "kind")

# The row as it was before the first correction later than `as_of`.
_BEFORE = """
    SELECT DISTINCT ON (h.pgh_obj_id) h.pgh_obj_id, h.customer_since, h.born_on, h.kind
    FROM customers_customer_history h
    WHERE h.pgh_obj_id = ANY(%(ids)s::uuid[]) AND h.pgh_created_at > %(as_of)s
        AND EXISTS (
            SELECT FROM core_event e WHERE e.record_id = h.pgh_obj_id
                AND e.id >= %(first_event)s::uuid AND e.at > %(as_of)s AND e.action = 'change'
                AND e.payload -> 'fields' ?| %(fields)s)
    ORDER BY h.pgh_obj_id, h.pgh_id
"""
_STAGE = """
    SELECT DISTINCT ON (record_id) record_id, target FROM core_event
    WHERE record_id = ANY(%(ids)s::uuid[]) AND record_type = 'customers.Customer'
        AND target <> '' AND at <= %(as_of)s
    ORDER BY record_id, sequence DESC
"""


def features(*, customer_ids: Sequence[UUID], as_of: datetime) -> "pd.DataFrame":
    """Years; unknown where a date is not known or lies after `as_of`."""
    today = timezone.localdate(as_of)
    known = commercial_view(customer_ids=customer_ids)
    edited = known.filter(updated_at__gt=as_of).values_list("id", flat=True)
    before = _told(_BEFORE, list(edited), as_of)
    moved = known.filter(stage_since__gt=as_of).values_list("id", flat=True)
    stages = {key: row[0] for key, row in _told(_STAGE, list(moved), as_of).items()}
    found = {}
    for key, *now, stage in known.values_list("id", *_FIELDS, "stage"):
        since, born_on, kind = before.get(key, now)
        found[key] = (
            _years(since, today),
            _years(born_on, today),
            float(kind == "person"),
            float(stages.get(key, stage) == "DORMANT"),
        )
    nothing = (None, None, None, None)
    import pandas as pd

    return pd.DataFrame(
        [found.get(key, nothing) for key in customer_ids], columns=list(LABELS), dtype="float64"
    )


def _told(sql: str, ids: Sequence[UUID], as_of: datetime) -> Mapping[UUID, tuple[Any, ...]]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "ids": [str(key) for key in ids], "as_of": as_of, "fields": list(_FIELDS),
                "first_event": str(lower_bound(as_of)),
            },
        )  # fmt: skip
        return {UUID(str(key)): tuple(row) for key, *row in cursor.fetchall()}


def _years(since: date | None, today: date) -> float | None:
    return (today - since).days / 365.25 if since is not None and since <= today else None
