"""Times and numbers as people say them, in the reader's language."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from babel.dates import get_month_names
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

Kind = Literal["over", "today", "later", "paused", "done"]


@dataclass(frozen=True)
class ClockFace:
    """A deadline in words: never colour alone."""

    kind: Kind
    text: str
    exact: str
    icon: str


def dated(day: date, form: str) -> str:
    """A day by a format of Django's letters; in Danish as Danes write it: `5. marts`, `5. mar.`."""
    if str(get_language() or "").startswith("da"):
        form = re.sub(r"(?<!\\)\bj (?=[FMN])", "j. ", form)
        # Django writes short months as titles, which Danish months are not.
        short = get_month_names("abbreviated", locale="da")[day.month]
        form = form.replace("M", "".join(f"\\{letter}" for letter in short))
    return formats.date_format(day, form)


def exactly(at: datetime) -> str:
    """Day, month, year and time: `5 March 2026 14:32`."""
    return dated(timezone.localtime(at), "j F Y H:i")


def _span(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": max(minutes, 1)}
    if minutes < 48 * 60:
        return _("%(n)s h") % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def clock_icon(kind: Kind) -> str:
    return {
        "over": "alert-triangle",
        "today": "clock",
        "later": "clock",
        "paused": "clock-pause",
        "done": "check",
    }[kind]


def clock_face(
    *, due: datetime | None, now: datetime, paused: bool = False, done: bool = False
) -> ClockFace | None:
    """How a deadline stands; None without one (unless paused)."""
    if done:
        return ClockFace("done", _("Done"), exactly(due) if due else "", clock_icon("done"))
    if paused:
        return ClockFace("paused", _("Paused"), exactly(due) if due else "", clock_icon("paused"))
    if due is None:
        return None
    exact = _("Due %(when)s") % {"when": exactly(due)}
    here, today = timezone.localtime(due), timezone.localtime(now).date()
    if due < now:
        late = _("%(span)s late") % {"span": _span((now - due).total_seconds())}
        return ClockFace("over", late, exact, clock_icon("over"))
    if here.date() == today:
        text = _("Today %(time)s") % {"time": dated(here, "H:i")}
        return ClockFace("today", text, exact, clock_icon("today"))
    if here.date() == today + timedelta(days=1):
        text = _("Tomorrow %(time)s") % {"time": dated(here, "H:i")}
        return ClockFace("later", text, exact, clock_icon("later"))
    form = "D j F" if here.year == today.year else "j F Y"
    return ClockFace("later", dated(here, form), exact, clock_icon("later"))


def ago(*, at: datetime, now: datetime) -> str:
    """How long ago, roughly; a date when it is longer than a week."""
    seconds = (now - at).total_seconds()
    if seconds < 0:
        return exactly(at)
    if seconds < 60:
        return _("just now")
    if seconds < 7 * 86400:
        return _("%(span)s ago") % {"span": _span(seconds)}
    here = timezone.localtime(at)
    same_year = here.year == timezone.localtime(now).year
    return dated(here, "j F" if same_year else "j F Y")


def _digits(value: Decimal | int | float, places: int) -> str:
    """Rounded (Django's own formatting cuts off), grouped, with a true minus and no minus zero."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    shown = formats.number_format(
        abs(rounded), decimal_pos=places, use_l10n=True, force_grouping=True
    )
    return f"−{shown}" if rounded < 0 else shown


def money(amount: Decimal | int | float | None, currency: str = "DKK", places: int = 0) -> str:
    """`1.234.567 kr.` in Danish, `1,234,567 kr.` in English."""
    if amount is None:
        return "–"
    return f"{_digits(amount, places)} {'kr.' if currency == 'DKK' else currency}"


def number(value: Decimal | int | float | None, places: int = 0) -> str:
    """Grouped digits with a true minus; a dash for nothing."""
    return "–" if value is None else _digits(value, places)


def percent(share: float | Decimal | None, places: int = 0) -> str:
    """A share of 1 as `68 %`."""
    return "–" if share is None else f"{number(Decimal(str(share)) * 100, places)} %"


def measure(value: float | None, unit: str) -> str:
    """A key figure as it is written, by its unit; a dash for nothing."""
    if value is None:
        return "–"
    if unit == "share":
        return percent(value, 1)
    if unit == "money":
        return money(value)
    if unit == "days":
        return duration(value * 86400)
    if unit == "seconds":
        return _("%(n)s s") % {"n": number(value, 2)}
    return number(value, 2 if unit == "ratio" else 0)


def duration(seconds: float | None) -> str:
    """A wait with one unit that fits: `19 min`, `2 h`, `5.4 d`."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return _("%(n)s s") % {"n": number(round(seconds))}
    if seconds < 3600:
        return _("%(n)s min") % {"n": number(round(seconds / 60))}
    if seconds < 86400:
        return _("%(n)s h") % {"n": number(round(seconds / 3600, 1), 0 if seconds >= 36000 else 1)}
    return _("%(n)s d") % {"n": number(round(seconds / 86400, 1), 1)}
