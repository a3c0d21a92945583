"""How much bank and customer have to do with each other, and in what mood."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pandas as pd
from django.db.models import Avg, Count, Max, Min, Q
from django.utils.translation import gettext_noop as _

from customers.reasons import Kind
from journeys.models import Touchpoint

LABELS = {
    "contacts_90d": _("Contacts in 90 days"),
    "contacts_year": _("Contacts in a year"),
    "contact_days_ago": _("Days since the last contact"),
    "mood_mean": _("Mood in contacts"),
    "mood_worst": _("Worst mood in 180 days"),
}
KINDS: dict[str, Kind] = {"mood_mean": "mood", "mood_worst": "mood"}
# Steps of the life cycle are left out: to be flagged at risk is what the model itself brings about.
CONTACT = "Contact with the bank"


def features(*, customer_ids: Sequence[UUID], as_of: datetime) -> pd.DataFrame:
    """Counts, days and moods of the contacts before `as_of`."""
    year, half = as_of - timedelta(days=365), as_of - timedelta(days=180)
    rows = (
        Touchpoint.objects.filter(
            customer_id__in=list(customer_ids), restricted=False, at__lt=as_of, at__gte=year
        )
        .filter(Q(activity=CONTACT) | Q(journey__source="imported"))
        .order_by()
        .values_list("customer_id")
        .annotate(
            quarter=Count("id", filter=Q(at__gte=as_of - timedelta(days=90))),
            year=Count("id"),
            last=Max("at"),
            mood=Avg("sentiment"),
            worst=Min("sentiment", filter=Q(at__gte=half)),
        )
    )
    found = {
        str(key): (quarter, count, (as_of - last).total_seconds() / 86400, mood, worst)
        for key, quarter, count, last, mood, worst in rows
    }
    nothing = (0, 0, None, None, None)
    return pd.DataFrame.from_dict(
        {str(key): found.get(str(key), nothing) for key in customer_ids},
        orient="index",
        columns=list(LABELS),
        dtype="float64",
    )
