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

#: What a person sets going: cards and bills that run by themselves say little.
KINDS = frozenset({"transfer", "cash", "other"})


@register(
    "velocity",
    label=_("Velocity"),
    sentence=_("%(count)s transfers and cash movements in %(days)s days, together %(total_kr)s"),
    parameters=[
        Parameter("count", _("At least so many movements"), COUNT, 20, least=2, most=100_000),
        Parameter("total", _("Together at least"), KRONER, 50_000),
        Parameter("days", _("Within"), DAYS, 3, most=365),
    ],
)
def velocity(history: History, parameters: Parameters) -> Iterator[Finding]:
    """
    Many transfers and cash movements within a few days: an account through which money of others
    may pass.
    """
    most, count, days = parameters["total"] * 100, parameters["count"], parameters["days"]
    moved = [one for one in history.movements if one.kind in KINDS]
    if len(moved) < count:
        return
    for first, last, peak in spans(
        moved, days=days, strength=lambda n, sum_: n / count if sum_ >= most else 0.0
    ):
        part = moved[first : last + 1]
        yield behaviour(part, peak, count=len(part))
