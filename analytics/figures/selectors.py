"""Reading key figures: the present value, the way there, and whether it is what was wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from analytics.models import KpiTarget, KpiValue, LedgerFigure
from clm.core import actors
from clm.core.kpis import Kpi, visible_kpis
from clm.core.models import User

FAMILIES: dict[str, Any] = {
    "life_cycle": _("Life cycle"),
    "compliance": _("Compliance"),
    "profitability": _("Profitability"),
    "liquidity": _("Liquidity"),
    "efficiency": _("Efficiency"),
    "valuation": _("Valuation"),
    "leverage": _("Leverage"),
}
#: What the platform is there for, each with the figures that tell whether it comes about.
BENEFITS: tuple[tuple[Any, Sequence[str]], ...] = (
    (_("Satisfaction and retention"), ("customers.retention_rate", "engagement.nps")),
    (_("Lifetime value"), ("customers.lifetime_value", "customers.products_per_customer")),
    (_("Experience"), ("onboarding.time", "customers.activation")),
    (_("Insight"), ("customers.insight_coverage",)),
    (_("Personal marketing"), ("customers.offer_acceptance", "customers.acquisition_cost")),
    (_("Efficiency and cost"), ("onboarding.straight_through", "bank.cost_to_income")),
    (_("Revenue"), ("customers.income_per_customer", "bank.return_on_equity")),
    (_("Competitive edge"), ("customers.growth", "customers.conversion")),
)
YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Figure:
    """
    A key figure with its latest values, oldest first.

    :param target: what is wanted of it; None where nobody has said
    """

    kpi: Kpi
    values: Sequence[KpiValue]
    target: KpiTarget | None

    @property
    def now(self) -> KpiValue | None:
        return self.values[-1] if self.values else None

    @property
    def met(self) -> bool | None:
        """Whether it is at least as good as wanted; None where that cannot be said."""
        if self.now is None or self.target is None or self.target.target is None:
            return None
        return not is_worse(self.kpi, self.now.value, than=self.target.target)

    @property
    def alarming(self) -> bool:
        """Whether it is worse than what its owner wants to be told of."""
        if self.now is None or self.target is None or self.target.alert is None:
            return False
        return is_worse(self.kpi, self.now.value, than=self.target.alert)


def is_worse(kpi: Kpi, value: float, *, than: float) -> bool:
    return value < than if kpi.better == "more" else value > than


def figures(*, actor: User, on: date) -> list[Figure]:
    """Every figure that the actor may see, with a year of values; two statements."""
    return _figures(visible_kpis(actor=actor), actor, on, YEAR)


def figure(*, actor: User, name: str, on: date) -> Figure | None:
    """One figure with two years of values; None where there is none that the actor may see."""
    seen = [one for one in visible_kpis(actor=actor) if one.name == name]
    return next(iter(_figures(seen, actor, on, 2 * YEAR)), None)


def wanted_figures(*, actor: User, on: date) -> list[Figure]:
    """The figures of which somebody has said what is wanted, with a year of values."""
    names = set(KpiTarget.objects.exclude(target=None).values_list("name", flat=True))
    seen = [one for one in visible_kpis(actor=actor) if one.name in names]
    return _figures(seen, actor, on, YEAR)


def _figures(seen: Sequence[Kpi], actor: User, on: date, length: timedelta) -> list[Figure]:
    if not seen or not actors.may(actor=actor, permission="analytics.view_kpivalue"):
        return []
    names = [one.name for one in seen]
    values: dict[str, list[KpiValue]] = {name: [] for name in names}
    kept = KpiValue.objects.filter(name__in=names, on__gt=on - length, on__lte=on)
    for one in kept.order_by("name", "on"):
        values[one.name].append(one)
    targets = {one.name: one for one in KpiTarget.objects.filter(name__in=names)}
    return [Figure(one, values[one.name], targets.get(one.name)) for one in seen]


def last_value(*, name: str, until: date) -> float | None:
    """The last value of that day or before it."""
    found = KpiValue.objects.filter(name=name, on__lte=until).order_by("-on").first()
    return found.value if found else None


def visible_ledger(*, actor: User) -> QuerySet[LedgerFigure]:
    """The general ledger's extract, for those who may see it."""
    if not actors.may(actor=actor, permission="analytics.view_ledgerfigure"):
        return LedgerFigure.objects.none()
    return LedgerFigure.objects.all()
