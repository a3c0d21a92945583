from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.figures import portfolio


def compute(*, at: datetime) -> float | None:
    """How many products a customer has, on average."""
    today = timezone.localdate(at)
    customers = portfolio.customers_on(today).count()
    return portfolio.holdings_on(today).count() / customers if customers else None


KPI = portfolio.kpi(
    name="products_per_customer",
    label=_("Products per customer"),
    definition=_("How many of the bank’s products a customer has, on average."),
    formula=_("Open holdings, over the number of customers"),
    source=_("The holdings: opened on, closed on"),
    unit="ratio",
    compute=compute,
)
