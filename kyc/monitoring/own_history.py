from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from statistics import median

from django.utils.translation import gettext_lazy as _

from kyc.monitoring import (
    COUNT,
    DAYS,
    KRONER,
    TIMES,
    Finding,
    History,
    Movement,
    Parameter,
    Parameters,
    kroner,
    register,
)
from kyc.monitoring.windows import behaviour

LEFT_OUT = frozenset({"fee", "interest", "loan"})


@register(
    "own_history",
    label=_("Deviation from own history"),
    sentence=_("%(total_kr)s moved in %(days)s days, %(times)s times what is usual (%(usual_kr)s)"),
    parameters=[
        Parameter("times", _("Times what is usual"), TIMES, 5, least=2, most=1_000),
        Parameter("total", _("Together at least"), KRONER, 100_000),
        Parameter("days", _("Within"), DAYS, 30, least=7, most=90),
        Parameter("periods", _("Compared with so many periods before"), COUNT, 12, most=24),
        Parameter("active", _("Of which so many had movements"), COUNT, 4, most=24),
    ],
    look_back=lambda p: int(p["days"]) * (int(p["periods"]) + 1),
)
def own_history(history: History, parameters: Parameters) -> Iterator[Finding]:
    """
    Far more money moved than the customer usually moves: the turnover of the last days against
    the median of the periods before that had any. A customer with too few such periods has no
    history of their own yet.
    """
    times, least, days = parameters["times"], parameters["total"] * 100, parameters["days"]
    moved = [one for one in history.movements if one.kind not in LEFT_OUT]
    if not moved or moved[-1].day - moved[0].day < days:
        return
    usual = _Usual(moved, history.opens, parameters)
    found: list[tuple[int, int, float]] = []
    left = sum_ = 0
    for right, movement in enumerate(moved):
        sum_ += abs(movement.value)
        while moved[left].day <= movement.day - days:
            sum_ -= abs(moved[left].value)
            left += 1
        if sum_ < least:
            continue
        before = usual.at(movement.day)
        if before is None or sum_ < times * before:
            continue
        strength = sum_ / (times * before)
        if found and left <= found[-1][1]:
            first, _last, peak = found[-1]
            found[-1] = (first, right, max(peak, strength))
        else:
            found.append((left, right, strength))
    for first, last, peak in found:
        part = moved[first : last + 1]
        before = usual.at(part[-1].day) or 1
        yield behaviour(part, peak, usual_kr=kroner(before), times=round(peak * times, 1))


class _Usual:
    """The median turnover of the periods before a day, from sums made once."""

    def __init__(self, moved: Sequence[Movement], opens: int, parameters: Parameters) -> None:
        self._days = [one.day for one in moved]
        self._sums = [0, *accumulate(abs(one.value) for one in moved)]
        self._opens = opens
        self._length, self._periods = parameters["days"], parameters["periods"]
        self._active = parameters["active"]

    def at(self, day: int) -> int | None:
        """Before the window that ends on `day`; None where there is too little to compare with."""
        held = []
        end = bisect_right(self._days, day - self._length)
        for number in range(2, self._periods + 2):
            begin = day - number * self._length
            if begin + 1 < self._opens:
                break
            start = bisect_right(self._days, begin)
            if end > start and (moved := self._sums[end] - self._sums[start]):
                held.append(moved)
            end = start
        return round(median(held)) if len(held) >= self._active else None
