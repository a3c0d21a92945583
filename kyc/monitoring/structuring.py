from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kyc.monitoring import (
    COUNT,
    DAYS,
    KRONER,
    Finding,
    History,
    Parameter,
    Parameters,
    register,
)
from kyc.monitoring.windows import behaviour, spans


@register(
    "structuring",
    label=_("Structuring"),
    sentence=_(
        "%(count)s cash deposits below %(limit_kr)s, together %(total_kr)s in %(days)s days"
    ),
    parameters=[
        Parameter("limit", _("Each deposit below"), KRONER, 15_000),
        Parameter("count", _("At least so many deposits"), COUNT, 3, least=2, most=1_000),
        Parameter("total", _("Together at least"), KRONER, 25_000),
        Parameter("days", _("Within"), DAYS, 10, most=365),
    ],
)
def structuring(history: History, parameters: Parameters) -> Iterator[Finding]:
    """
    Cash paid in by parts that each stay below the limit at which cash is asked about, and
    together go beyond it (FATF, methodology on cash structuring).
    """
    limit, most = parameters["limit"] * 100, parameters["total"] * 100
    count, days = parameters["count"], parameters["days"]
    cash = [one for one in history.movements if one.kind == "cash" and 0 < one.value < limit]
    if len(cash) < count:
        return
    for first, last, peak in spans(
        cash, days=days, strength=lambda n, sum_: sum_ / most if n >= count else 0.0
    ):
        part = cash[first : last + 1]
        yield behaviour(part, peak, count=len(part), limit_kr=parameters["limit"])
