from django.utils.translation import gettext_lazy as _

from analytics.figures import portfolio

KPI = portfolio.kpi(
    name="retention_rate",
    label=_("Retention"),
    definition=_("How many of those who were customers a year ago still are."),
    formula=_("Customers of a year ago who are customers today, of all customers of a year ago"),
    source=portfolio.SOURCE,
    compute=portfolio.stayed,
)
