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

KINDS = frozenset({"transfer", "cash", "other"})


@register(
    "round_amounts",
    label=_("Round amounts"),
    sentence=_("%(count)s round amounts in %(days)s days, together %(total_kr)s"),
    parameters=[
        Parameter("step", _("Round to"), COUNT, 1_000, least=10, most=1_000_000),
        Parameter("least", _("Each at least"), KRONER, 5_000),
        Parameter("count", _("At least so many movements"), COUNT, 6, least=2, most=10_000),
        Parameter("days", _("Within"), DAYS, 30, most=365),
    ],
)
def round_amounts(history: History, parameters: Parameters) -> Iterator[Finding]:
    """
    Many transfers or cash movements of round amounts, round in their own currency; trade and
    households pay crooked ones. Standing orders and salaries do not count.
    """
    step, least, count = parameters["step"] * 100, parameters["least"] * 100, parameters["count"]
    moved = [
        one
        for one in history.movements
        if one.amount % step == 0 and one.kind in KINDS and abs(one.value) >= least
    ]
    if len(moved) < count:
        return
    for first, last, peak in spans(
        moved, days=parameters["days"], strength=lambda n, _sum: n / count
    ):
        part = moved[first : last + 1]
        yield behaviour(part, peak, count=len(part))
