from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.figures import portfolio


def compute(*, at: datetime) -> float | None:
    """Won less lost within a year, of those who were customers at its beginning."""
    today = timezone.localdate(at)
    before = portfolio.customers_on(today - portfolio.YEAR).count()
    return portfolio.customers_on(today).count() / before - 1 if before else None


KPI = portfolio.kpi(
    name="growth",
    label=_("Growth in customers"),
    definition=_("How many more customers there are than a year ago."),
    formula=_("Customers today over customers a year ago, less one"),
    source=portfolio.SOURCE,
    compute=compute,
)
