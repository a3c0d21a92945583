from datetime import datetime

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.figures import portfolio


def compute(*, at: datetime) -> float | None:
    """What a customer's products earn in a year, on average."""
    today = timezone.localdate(at)
    customers = portfolio.customers_on(today).count()
    earned = portfolio.holdings_on(today).aggregate(total=Sum("income_per_year"))["total"]
    return float(earned or 0) / customers if customers else None


KPI = portfolio.kpi(
    name="income_per_customer",
    label=_("Income per customer"),
    definition=_("What the products of a customer earn in a year, on average."),
    formula=_("The yearly income of all open holdings, over the number of customers"),
    source=_("The holdings and their income a year"),
    unit="money",
    compute=compute,
)
