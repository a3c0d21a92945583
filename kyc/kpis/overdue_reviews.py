from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clm.core.kpis import Kpi
from customers.models import Customer
from kyc.kpis import SEES
from kyc.rating.selectors import PORTFOLIO


def compute(*, at: datetime) -> float | None:
    """Reviews past their day."""
    found = Customer.objects.filter(
        stage__in=PORTFOLIO, merged_into=None, kyc_review_on__lt=timezone.localdate(at)
    )
    return float(found.count())


KPI = Kpi(
    name="kyc.overdue_reviews",
    label=_("Overdue reviews"),
    definition=_("Customers whose review is past its day."),
    unit="count",
    formula=_("Customers of the bank with a review day before today"),
    source=_("The review day of the customer’s record"),
    owner="compliance_officer",
    better="less",
    compute=compute,
    url=lambda: reverse("kyc:behind") + "?what=overdue",
    permission=SEES,
    family="compliance",
)
