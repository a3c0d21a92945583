from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kyc.monitoring import (
    DAYS,
    KRONER,
    PERCENT,
    Finding,
    History,
    Movement,
    Parameter,
    Parameters,
    kroner,
    register,
)
from kyc.monitoring.windows import ids

#: Not what the bank books by itself, nor what it lends.
LEFT_OUT = frozenset({"fee", "interest", "loan", "salary"})


@register(
    "rapid_in_out",
    label=_("Rapid in and out"),
    sentence=_("%(in_kr)s came in and %(out_kr)s went out again within %(days)s days"),
    parameters=[
        Parameter("total", _("Money in at least"), KRONER, 100_000),
        Parameter("share", _("Out again at least"), PERCENT, 90, most=100),
        Parameter("days", _("Within"), DAYS, 3, most=90),
    ],
)
def rapid_in_out(history: History, parameters: Parameters) -> Iterator[Finding]:
    """
    Money that comes in and leaves again within days, as on the account of a money mule. Counted
    from each credit on; salaries and loans paid out do not count.
    """
    least, share, days = parameters["total"] * 100, parameters["share"], parameters["days"]
    moved = [one for one in history.movements if one.kind not in LEFT_OUT]
    first, last, peak = -1, -1, 0.0
    right = come = gone = 0
    for left, movement in enumerate(moved):
        # The window from this movement on; what lies before it has left the sums already.
        while right < len(moved) and moved[right].day <= movement.day + days:
            come, gone = _add(come, gone, moved[right].value)
            right += 1
        if movement.value > 0 and come >= least and gone * 100 >= come * share:
            if first >= 0 and left <= last:
                last, peak = right - 1, max(peak, come / least)
            else:
                if first >= 0:
                    yield _finding(moved[first : last + 1], peak)
                first, last, peak = left, right - 1, come / least
        come, gone = _add(come, gone, -movement.value, back=True)
    if first >= 0:
        yield _finding(moved[first : last + 1], peak)


def _add(come: int, gone: int, value: int, *, back: bool = False) -> tuple[int, int]:
    """The sums with a movement, or without one that is taken back (its value turned round)."""
    if (value > 0) != back:
        return come + value, gone
    return come, gone - value


def _finding(part: list[Movement], peak: float) -> Finding:
    return Finding(
        part[0].day, part[-1].day, peak, ids(part),
        {
            "in_kr": kroner(sum(one.value for one in part if one.value > 0)),
            "out_kr": kroner(-sum(one.value for one in part if one.value < 0)),
            "days": part[-1].day - part[0].day + 1,
        },
    )  # fmt: skip
