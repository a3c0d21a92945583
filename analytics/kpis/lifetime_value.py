from datetime import datetime

from django.db.models import Avg
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.figures import portfolio
from customers.models import CustomerInsight


def compute(*, at: datetime) -> float | None:
    """What a customer is expected to earn the bank from now on, on average."""
    here = portfolio.customers_on(timezone.localdate(at))
    mean = CustomerInsight.objects.filter(customer__in=here).aggregate(mean=Avg("value"))["mean"]
    return None if mean is None else float(mean)


KPI = portfolio.kpi(
    name="lifetime_value",
    label=_("Lifetime value"),
    definition=_("What a customer is expected to earn the bank from now on, on average."),
    formula=_("The average of the customers’ lifetime values"),
    source=_("The lifetime value of each customer"),
    unit="money",
    compute=compute,
    dated=False,
)
