"""Stage changes that the calendar brings, and how long records are kept."""

from datetime import date, datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from clm.core import lifecycle
from clm.core.models import User
from customers.lifecycle import DORMANT_AFTER_MONTHS, Stage
from customers.models import Customer

#: Years that a record is kept after its end: hvidvasklov § 30 (five years); without a
#: relationship ever begun, one year in case of a complaint (GDPR art. 5(1)(e)).
KEPT_YEARS = {Stage.CLOSED: 5, Stage.DECLINED: 5, Stage.WITHDRAWN: 1}


def retention_end(*, stage: str, ended_on: date) -> date:
    """The day until which a record that ended so is kept."""
    return years_later(ended_on, KEPT_YEARS[Stage(stage)])


def years_later(day: date, years: int) -> date:
    """The same day `years` later (or, with a minus, earlier); 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def mark_dormant_customers(*, actor: User, at: datetime, limit: int = 1000) -> int:
    """Mark customers without a transaction for 24 months; at most `limit` a call."""
    border = years_later(at.date(), -DORMANT_AFTER_MONTHS // 12)
    quiet = list(
        Customer.objects.filter(stage__in=[Stage.ACTIVE, Stage.AT_RISK])
        .annotate(last_seen=Coalesce(F("last_transaction_on"), F("customer_since")))
        .filter(last_seen__lte=border)
        .order_by("id")[:limit]
    )
    outcome = lifecycle.perform_many(records=quiet, name="mark_dormant", actor=actor, at=at)
    return len(outcome.done)
