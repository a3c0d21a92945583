from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kyc.monitoring import (
    COUNTRIES,
    DAYS,
    KRONER,
    Finding,
    History,
    Parameter,
    Parameters,
    register,
)
from kyc.monitoring.windows import behaviour, spans
from kyc.seed import HIGH_RISK


@register(
    "high_risk_corridor",
    label=_("High-risk corridor"),
    sentence=_("%(total_kr)s to or from %(countries)s in %(days)s days"),
    parameters=[
        Parameter("countries", _("Countries"), COUNTRIES, HIGH_RISK),
        Parameter("total", _("Together at least"), KRONER, 20_000),
        Parameter("days", _("Within"), DAYS, 30, most=365),
    ],
)
def high_risk_corridor(history: History, parameters: Parameters) -> Iterator[Finding]:
    """
    Money to or from countries on the bank's list of high-risk countries (AMLR art. 29), either
    way, taken together.
    """
    countries, least = frozenset(parameters["countries"]), parameters["total"] * 100
    moved = [one for one in history.movements if one.country in countries]
    if not moved:
        return
    for first, last, peak in spans(
        moved, days=parameters["days"], strength=lambda _n, sum_: sum_ / least
    ):
        part = moved[first : last + 1]
        yield behaviour(part, peak, countries=sorted({one.country for one in part}))
