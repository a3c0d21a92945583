from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import portfolio


def compute(*, at: datetime) -> float | None:
    """Who left within a year, of those who were customers at its beginning."""
    stayed = portfolio.stayed(at=at)
    return None if stayed is None else 1 - stayed


KPI = portfolio.kpi(
    name="churn_rate",
    label=_("Churn"),
    definition=_("How many of those who were customers a year ago have left."),
    formula=_("Customers of a year ago who are no longer, of all customers of a year ago"),
    source=portfolio.SOURCE,
    better="less",
    compute=compute,
    url="analytics:churn",
)
