from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from customers.models import Customer
from kyc.kpis import SEES
from kyc.rating.selectors import PORTFOLIO

LEAD = timedelta(days=30)


def compute(*, at: datetime) -> float | None:
    """Reviews that are to be done by a month from now and are not."""
    until = timezone.localdate(at) + LEAD
    found = Customer.objects.filter(stage__in=PORTFOLIO, merged_into=None, kyc_review_on__lte=until)
    return float(found.count())


KPI = Kpi(
    name="kyc.review_backlog",
    label=_("Review backlog"),
    definition=_("Customers whose review is late or due within 30 days."),
    unit="count",
    formula=_("Customers of the bank with a review day no later than 30 days from now"),
    source=_("The review day of the customer’s record"),
    owner="compliance_officer",
    better="less",
    compute=compute,
    url=lambda: reverse("kyc:warning"),
    permission=SEES,
    family="compliance",
)
