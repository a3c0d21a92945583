"""Stage changes that the calendar brings, and how long records are kept."""

from datetime import date, datetime

from django.conf import settings

from clm.core import lifecycle
from clm.core.models import User
from customers.lifecycle import DORMANT_AFTER_MONTHS, Stage
from customers.models import Customer
from customers.selectors.laws import law_on

#: The category of the retention table that a record falls into by how it ended.
KEPT_AS = {
    Stage.CLOSED: "customer-file",
    Stage.DECLINED: "declined",
    Stage.WITHDRAWN: "withdrawn",
}


def retention_end(*, stage: str, ended_on: date) -> date:
    """The day until which a record that ended so is kept, by the law of the day it ended."""
    law = law_on(country=settings.CLM_COUNTRY, on=ended_on)
    return years_later(ended_on, law.kept_years(KEPT_AS[Stage(stage)]))


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
        Customer.objects.filter(
            stage__in=[Stage.ACTIVE, Stage.AT_RISK], last_transaction_on__lte=border
        ).order_by("id")[:limit]
    )
    outcome = lifecycle.perform_many(records=quiet, name="mark_dormant", actor=actor, at=at)
    return len(outcome.done)
