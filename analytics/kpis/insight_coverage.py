from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.figures import portfolio
from customers.models import CustomerInsight

FRESH = timedelta(days=31)


def compute(*, at: datetime) -> float | None:
    """How many customers the bank has looked at of late."""
    here = portfolio.customers_on(timezone.localdate(at))
    count = here.count()
    known = CustomerInsight.objects.filter(customer__in=here, churn_scored_at__gt=at - FRESH)
    return known.count() / count if count else None


KPI = portfolio.kpi(
    name="insight_coverage",
    label=_("Customers with insight"),
    definition=_("How many customers have a churn score of the last month."),
    formula=_("Customers with a score no older than 31 days, of all customers"),
    source=_("The scores of the customers"),
    compute=compute,
    url="analytics:churn",
    dated=False,
)
