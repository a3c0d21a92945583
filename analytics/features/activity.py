"""
How much bank and customer have to do with each other, and in what mood.

Steps of the life cycle are left out: to be flagged at risk is what the model itself brings
about. So are touchpoints that compliance alone may see (AMLR art. 76).
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
    "contacts_90d": _("Contacts in 90 days"),
    "contacts_year": _("Contacts in a year"),
    "contact_days_ago": _("Days since the last contact"),
    "mood_mean": _("Mood in contacts"),
    "mood_worst": _("Worst mood in 180 days"),
}
KINDS: dict[str, Kind] = {"mood_mean": "mood", "mood_worst": "mood"}
_CONTACT = "Contact with the bank"

_SQL = f"""
    SELECT coalesce(had.quarter, 0), coalesce(had.year, 0), had.ago, had.mood, had.worst
    FROM {WANTED}
    LEFT JOIN (
        SELECT t.customer_id, count(*) AS year,
            count(*) FILTER (WHERE t.at >= %(as_of)s - interval '90 days') AS quarter,
            extract(epoch FROM %(as_of)s - max(t.at))::float8 / 86400 AS ago,
            avg(t.sentiment)::float8 AS mood,
            min(t.sentiment) FILTER (WHERE t.at >= %(as_of)s - interval '180 days') AS worst
        FROM journeys_touchpoint t
        WHERE t.{MINE} AND NOT t.restricted AND t.at < %(as_of)s
            AND t.at >= %(as_of)s - interval '365 days'
            AND (t.activity = %(contact)s OR t.journey_id IN (
                SELECT id FROM journeys_journey WHERE source = 'imported'))
        GROUP BY t.customer_id
    ) AS had ON had.customer_id = wanted.id
    ORDER BY wanted.place
"""


def features(*, customer_ids: Sequence[UUID], as_of: datetime) -> "pd.DataFrame":
    """Counts, days and moods of the contacts before `as_of`."""
    return read(
        _SQL, customer_ids=customer_ids, as_of=as_of, columns=list(LABELS), contact=_CONTACT
    )
