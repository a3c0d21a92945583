"""Who was a customer when, and figures of the life cycle made from that."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi, Unit
from customers.models import Customer, Holding

YEAR = timedelta(days=365)
#: What is told of the nearest past is told of so long.
WINDOW = timedelta(days=90)


def customers_on(day: date) -> QuerySet[Customer]:
    """Everybody who was a customer at the end of that day."""
    return Customer.objects.filter(merged_into=None, customer_since__lte=day).filter(
        Q(closed_on=None) | Q(closed_on__gt=day)
    )


def holdings_on(day: date) -> QuerySet[Holding]:
    """What customers had at the end of that day."""
    return Holding.objects.filter(opened_on__lte=day).filter(
        Q(closed_on=None) | Q(closed_on__gt=day)
    )


def stayed(*, at: datetime) -> float | None:
    """Of those who were customers a year before, the share who still are."""
    today = timezone.localdate(at)
    before = customers_on(today - YEAR)
    count = before.count()
    if not count:
        return None
    return before.filter(Q(closed_on=None) | Q(closed_on__gt=today)).count() / count


def kpi(
    *,
    name: str,
    label: Any,
    definition: Any,
    formula: Any,
    source: Any,
    compute: Any,
    unit: Unit = "share",
    better: Any = "more",
    url: str = "customers:list",
    dated: bool = True,
) -> Kpi:
    """A figure of the life cycle."""
    return Kpi(
        name=f"customers.{name}",
        label=label,
        definition=definition,
        unit=unit,
        formula=formula,
        source=source,
        owner="manager",
        better=better,
        compute=compute,
        url=lambda: reverse(url),
        permission="analytics.view_kpivalue",
        dated=dated,
    )


SOURCE = _("The customers’ records: since when, and until when")
