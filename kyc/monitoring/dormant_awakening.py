from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kyc.monitoring import (
    DAYS,
    KRONER,
    Finding,
    History,
    Parameter,
    Parameters,
    register,
)
from kyc.monitoring.windows import behaviour, total

#: What the bank books by itself is no sign of life.
LEFT_OUT = frozenset({"fee", "interest"})


@register(
    "dormant_awakening",
    label=_("Dormant account awakens"),
    sentence=_("%(total_kr)s moved in %(days)s days after %(quiet)s quiet days"),
    parameters=[
        Parameter("quiet", _("Quiet for at least"), DAYS, 180, least=30, most=1_500),
        Parameter("total", _("Then together at least"), KRONER, 50_000),
        Parameter("days", _("Within"), DAYS, 14, most=365),
    ],
    look_back=lambda p: int(p["quiet"]) + int(p["days"]) + 1,
)
def dormant_awakening(history: History, parameters: Parameters) -> Iterator[Finding]:
    """
    Large movements on an account on which nothing happened for long. Fees and interest are no
    sign of life; a new customer's first movements are no awakening.
    """
    quiet, least, days = parameters["quiet"], parameters["total"] * 100, parameters["days"]
    moved = [one for one in history.movements if one.kind not in LEFT_OUT]
    before = history.opens
    if history.known_since is not None:
        before = max(before, history.known_since)
    for place, movement in enumerate(moved):
        # Whoever came later than the movements begin was not quiet, but not there.
        known = place > 0 or history.known_since is not None
        still, before = movement.day - before, movement.day
        if not known or still < quiet:
            continue
        part = [one for one in moved[place:] if one.day < movement.day + days]
        if total(part) >= least:
            yield behaviour(part, total(part) / least, days=days, quiet=still)
