"""
Compliance early warning: what is late, what falls due, and whether there are hands enough.

The forecast of a week is what is known (reviews by their day) and what is likely (cases that come
by themselves, at the rate of the last weeks); its interval says how far chance alone takes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from clm.core.clocks import add_business_hours
from clm.core.intervals import Z
from clm.core.models import User
from customers.law import Law
from customers.models import Customer, PartyKind
from customers.selectors import law_on, visible_customers
from customers.selectors.laws import laws_to_come
from kyc.culture.selectors import cases_told
from kyc.lifecycle import AT_WORK, CaseState
from kyc.models import Case, Trigger
from kyc.rating.selectors import PORTFOLIO, risk_model_in_force
from kyc.risk import LEVELS
from kyc.selectors.team import UNRATED, desks

WEEKS = 12
#: Clocks that break within so many opening hours: a working day.
SOON_HOURS = 8
#: Cases that do not come by themselves: a review's day is known before.
_PLANNED = (Trigger.REVIEW, Trigger.RULES_CHANGED)


@dataclass(frozen=True)
class Week:
    """
    A week ahead.

    :param due: customers whose review falls in it
    :param hours: work of the reviews and of the arrivals expected; `low` and `high` hold it in
        95 of 100 weeks, as far as arrivals are independent of each other
    """

    begins: date
    due: int
    arrivals: float
    hours: float
    low: float
    high: float


@dataclass(frozen=True)
class LawChange:
    """A law set that is to come, and how many customers each of its changes touches."""

    law: Law
    owners: int
    reviews: Mapping[str, int]

    @property
    def customers(self) -> int:
        return self.owners + sum(self.reviews.values())


def interval(*, rate: float, weeks: int) -> tuple[float, float]:
    """
    Where the next week's number lies, 95 times of 100, after a mean of `rate` over `weeks`.

    The next number varies as its mean does (Poisson), and the mean itself is known from so many
    weeks only: the two variances add.
    """
    half = Z * sqrt(rate + rate / weeks)
    return max(0.0, rate - half), rate + half


def overdue(*, actor: User, at: datetime) -> QuerySet[Customer]:
    """Customers within reach whose review is past its day."""
    return _portfolio(actor).filter(kyc_review_on__lt=timezone.localdate(at))


def due_in(*, actor: User, begins: date) -> QuerySet[Customer]:
    """Customers within reach whose review falls in the week that begins on a day."""
    return _portfolio(actor).filter(
        kyc_review_on__gte=begins, kyc_review_on__lt=begins + timedelta(days=7)
    )


def breaking(*, actor: User, at: datetime) -> QuerySet[Case]:
    """Cases whose deadline passes within the next working day; those past it are late already."""
    return (
        cases_told(actor=actor)
        .filter(
            state__in=[*AT_WORK, CaseState.PENDING_APPROVAL],
            due_at__gte=at,
            due_at__lte=add_business_hours(start=at, hours=SOON_HOURS),
        )
        .exclude(state=CaseState.WAITING_FOR_CUSTOMER)
    )


def touched_owners(*, actor: User) -> QuerySet[Customer]:
    """Organisations within reach: a new rule of ownership asks who is behind each of them."""
    return _portfolio(actor).filter(kind=PartyKind.ORGANISATION)


def touched_reviews(*, actor: User, levels: Sequence[str]) -> QuerySet[Customer]:
    """Customers within reach of levels whose interval between reviews gets shorter."""
    return _portfolio(actor).filter(risk_level__in=list(levels))


def forecast(*, actor: User, at: datetime) -> list[Week]:
    """The weeks ahead, this one first, for the customers within reach."""
    today = timezone.localdate(at)
    monday = today - timedelta(days=today.weekday())
    hours = _hours()
    wanted = {}
    for number in range(WEEKS):
        begins = max(today, monday + timedelta(weeks=number))
        ends = monday + timedelta(weeks=number + 1)
        for level in ("", *LEVELS):
            wanted[f"w{number}{level}"] = Count(
                "pk",
                filter=Q(kyc_review_on__gte=begins, kyc_review_on__lt=ends, risk_level=level),
            )
    found: dict[str, int] = _portfolio(actor).aggregate(**wanted)
    rate, each = arrivals(at=at)
    low, high = interval(rate=rate, weeks=WEEKS)
    weeks = []
    for number in range(WEEKS):
        counts = {level: int(found[f"w{number}{level}"]) for level in ("", *LEVELS)}
        known = sum(count * hours.get(level, UNRATED) for level, count in counts.items())
        weeks.append(
            Week(
                begins=monday + timedelta(weeks=number),
                due=sum(counts.values()),
                arrivals=rate,
                hours=known + rate * each,
                low=known + low * each,
                high=known + high * each,
            )
        )
    return weeks


def arrivals(*, at: datetime) -> tuple[float, float]:
    """Cases a week that came by themselves in the last weeks, and the hours one of them takes."""
    hours = _hours()
    rows = (
        Case.objects.filter(created_at__gte=at - timedelta(weeks=WEEKS), created_at__lt=at)
        .exclude(trigger__in=_PLANNED)
        .values_list("risk")
        .annotate(count=Count("pk"))
    )
    counts = {str(level): int(count) for level, count in rows}
    every = sum(counts.values())
    work = sum(count * hours.get(level, UNRATED) for level, count in counts.items())
    return every / WEEKS, work / every if every else UNRATED


def capacity(*, at: datetime) -> int:
    """Hours a week that the people at work have for cases."""
    return sum(one.hours_a_week for one in desks(at=at) if one.at_work)


def law_changes(*, actor: User, at: datetime) -> list[LawChange]:
    """Laws to come, with the customers within reach whom their changes touch."""
    today, country = timezone.localdate(at), settings.CLM_COUNTRY
    now = law_on(country=country, on=today)
    found = []
    for law in laws_to_come(country=country, on=today):
        owners = 0
        if law.ownership != now.ownership:
            owners = touched_owners(actor=actor).count()
        shorter = [one for one in LEVELS if _years(law, one) < _years(now, one)]
        rows = (
            touched_reviews(actor=actor, levels=shorter)
            .values_list("risk_level").annotate(count=Count("pk"))
        )  # fmt: skip
        found.append(LawChange(law, owners, {str(one): int(count) for one, count in rows}))
    return found


def shorter_levels(*, code: str, at: datetime) -> list[str]:
    """The levels that a law to come has reviewed sooner."""
    today, country = timezone.localdate(at), settings.CLM_COUNTRY
    now = law_on(country=country, on=today)
    for law in laws_to_come(country=country, on=today):
        if law.code == code:
            return [one for one in LEVELS if _years(law, one) < _years(now, one)]
    return []


def _years(law: Any, level: str) -> int:
    return int(law.review_years(level))


def _portfolio(actor: User) -> QuerySet[Customer]:
    return visible_customers(actor=actor).filter(stage__in=PORTFOLIO, merged_into=None)


def _hours() -> dict[str, float]:
    diligence = risk_model_in_force().diligence
    return {level: float(one.get("hours", UNRATED)) for level, one in diligence.items()}
