from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.figures import portfolio
from customers.models import Holding


def compute(*, at: datetime) -> float | None:
    """Of what came to its end within a year, the share that was renewed."""
    today = timezone.localdate(at)
    begin = today - portfolio.YEAR
    renewed = Holding.objects.filter(renewed_on__gt=begin, renewed_on__lte=today).count()
    # Closed on its last day or after it: it had run out. Closed before, the customer left early.
    ended = Holding.objects.filter(
        Q(closed_on__gt=begin, closed_on__lte=today), matures_on__lte=F("closed_on")
    ).count()
    return renewed / (renewed + ended) if renewed + ended else None


KPI = portfolio.kpi(
    name="renewal_share",
    label=_("Renewal"),
    definition=_("How much of what comes to its end is renewed."),
    formula=_("Holdings renewed in twelve months, of those renewed or run out"),
    source=_("The holdings: matures on, renewed on, closed on"),
    compute=compute,
    url="customers:list",
)
