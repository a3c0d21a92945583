"""Figures of the bank itself, made from its general ledger."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Max, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.models import LedgerFigure, LedgerItem
from clm.core.kpis import Family, Kpi, Unit

_YEAR = 12


def of_year(*, items: Sequence[LedgerItem], at: datetime) -> Decimal | None:
    """The sum of these items over the latest twelve months there are; None where one is missing."""
    months = _months(items, at)
    if months is None:
        return None
    found = months.aggregate(total=Sum("amount"), n=Count("pk"))
    return found["total"] if found["n"] == _YEAR * len(items) else None


def over_year(*, item: LedgerItem, at: datetime) -> Decimal | None:
    """The average of what there was at the ends of the latest twelve months."""
    months = _months([item], at)
    if months is None:
        return None
    found = months.aggregate(mean=Avg("amount"), n=Count("pk"))
    return found["mean"] if found["n"] == _YEAR else None


def latest(*, item: LedgerItem, at: datetime) -> Decimal | None:
    """What there was at the end of the latest month that is told of."""
    found = _until(at).filter(item=item).order_by("-month").first()
    return found.amount if found else None


def part(*, over: Decimal | None, under: Decimal | None) -> float | None:
    """One over the other; None where either is not known or there is nothing below."""
    return None if over is None or not under or under < 0 else float(over / under)


def kpi(
    *,
    name: str,
    label: Any,
    definition: Any,
    formula: Any,
    family: Family,
    compute: Any,
    unit: Unit = "share",
    better: Any = "more",
) -> Kpi:
    """A figure whose source is the general ledger: those can be told of any past month."""
    return Kpi(
        name=f"bank.{name}",
        label=label,
        definition=definition,
        unit=unit,
        formula=formula,
        source=_("The extract of the general ledger"),
        owner="manager",
        better=better,
        compute=compute,
        url=lambda: reverse("analytics:ledger"),
        permission="analytics.view_kpivalue",
        family=family,
        dated=True,
    )


def _until(at: datetime) -> QuerySet[LedgerFigure]:
    return LedgerFigure.objects.filter(month__lte=timezone.localdate(at))


def _months(items: Sequence[LedgerItem], at: datetime) -> QuerySet[LedgerFigure] | None:
    found = _until(at).filter(item__in=items)
    # The latest month that every item has: one that lags holds the others back.
    ends = found.values("item").annotate(end=Max("month")).values_list("end", flat=True)
    if len(ends) < len(items):
        return None
    end: date = min(ends)
    return found.filter(month__gt=end.replace(year=end.year - 1), month__lte=end)
