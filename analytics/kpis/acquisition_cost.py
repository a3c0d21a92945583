from datetime import datetime

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acquisition.models import CampaignCost, Lead
from analytics.figures import portfolio


def compute(*, at: datetime) -> float | None:
    """What a new customer costs to win."""
    today = timezone.localdate(at)
    begin = today - portfolio.YEAR
    spent = CampaignCost.objects.filter(spent_on__gt=begin, spent_on__lte=today).aggregate(
        total=Sum("amount")
    )["total"]
    won = Lead.objects.filter(
        customer__customer_since__gt=begin, customer__customer_since__lte=today
    ).values("customer")
    count = won.distinct().count()
    return float(spent or 0) / count if count else None


KPI = portfolio.kpi(
    name="acquisition_cost",
    label=_("Acquisition cost"),
    definition=_("What it costs to win a new customer."),
    formula=_("What campaigns cost in twelve months, over the customers won from leads in them"),
    source=_("The costs of the campaigns, and the leads"),
    unit="money",
    better="less",
    compute=compute,
    url="acquisition:results",
)
