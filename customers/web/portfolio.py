"""An adviser's customers on Home: how many in each stage, and who to think of today and why."""

from calendar import isleap
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core.web.views import StaffRequest
from clm.core.web.words import dated
from customers.lifecycle import RELATIONSHIP, Stage
from customers.models import Customer, PartyKind

_SHOWN = (
    Stage.PROSPECT, Stage.ONBOARDING, Stage.ACTIVE, Stage.AT_RISK, Stage.DORMANT,
    Stage.OFFBOARDING,
)  # fmt: skip
_NEEDING, _BIRTHDAYS = 8, 4
#: A birthday is told today and so many days before.
_AHEAD = 7


def panel(request: StaffRequest, customer: None = None) -> Mapping[str, Any] | None:
    """The portfolio by stage, and who needs the adviser today; None for who has no customers."""
    mine = Customer.objects.filter(adviser=request.user)
    counts = dict(mine.values_list("stage").annotate(count=Count("pk")))
    if not counts:
        return None
    address = reverse("customers:list")
    return {
        "stages": [
            {
                "label": stage.label,
                "count": counts.get(stage, 0),
                "url": f"{address}?portfolio=own&stage={stage}",
            }
            for stage in _SHOWN
        ],
        "needing": _reasons(mine.select_related("insight"), timezone.localdate()),
    }


def _reasons(mine: QuerySet[Customer], today: date) -> list[tuple[Customer, str]]:
    """Each customer once, with every reason to think of them."""
    needing = mine.filter(stage__in=(Stage.AT_RISK, Stage.DORMANT, Stage.ONBOARDING)).order_by(
        "-insight__churn_probability", "stage_since"
    )
    reasons = {one: [_why(one)] for one in needing[:_NEEDING]}
    for one, day in _birthdays(mine, today):
        reasons.setdefault(one, []).append(_turns(one, day, today))
    return [(one, " · ".join(words)) for one, words in reasons.items()]


def _why(customer: Customer) -> str:
    days = (timezone.now() - customer.stage_since).days
    if customer.stage == Stage.AT_RISK:
        told = ngettext("At risk for %(days)d day", "At risk for %(days)d days", days)
        return told % {"days": days} if days else _("At risk since today")
    if customer.stage == Stage.ONBOARDING:
        told = ngettext("In onboarding for %(days)d day", "In onboarding for %(days)d days", days)
        return told % {"days": days} if days else _("In onboarding since today")
    return _("No transaction for two years")


def _birthdays(mine: QuerySet[Customer], today: date) -> list[tuple[Customer, date]]:
    """Whose birthday is near, the nearest first."""
    falls = {(day.month, day.day): day for day in _days(today)}
    # Who was born on 29 February has a birthday on 1 March in the years without one.
    first_of_march = falls.get((3, 1))
    if first_of_march is not None and not isleap(first_of_march.year):
        falls[2, 29] = first_of_march
    near = Q()
    for month, number in falls:
        near |= Q(born_on__month=month, born_on__day=number)
    found = mine.filter(near, kind=PartyKind.PERSON, stage__in=RELATIONSHIP).order_by("sort_key")
    when = [
        (one, falls[one.born_on.month, one.born_on.day]) for one in found if one.born_on is not None
    ]
    return sorted(when, key=lambda pair: pair[1])[:_BIRTHDAYS]


def _days(today: date) -> Iterable[date]:
    return (today + timedelta(days=ahead) for ahead in range(_AHEAD + 1))


def _turns(customer: Customer, day: date, today: date) -> str:
    years = day.year - (customer.born_on or day).year
    if day == today:
        return _("%(years)d years old today") % {"years": years}
    return _("%(years)d years old on %(day)s") % {"years": years, "day": dated(day, "j F")}
