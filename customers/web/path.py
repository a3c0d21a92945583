"""The five stages of a customer's life, as far as this one has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core.lifecycle import Offer
from clm.core.web.words import dated
from customers import selectors
from customers.lifecycle import Stage
from customers.models import Customer
from customers.web.facts import source_word

_PLACE = {
    Stage.UNADMITTED: 0,
    Stage.PROSPECT: 0,
    Stage.ONBOARDING: 1,
    Stage.DECLINED: 1,
    Stage.WITHDRAWN: 1,
    Stage.ACTIVE: 2,
    Stage.AT_RISK: 3,
    Stage.DORMANT: 3,
    Stage.OFFBOARDING: 4,
    Stage.CLOSED: 4,
    Stage.ERASED: 4,
}
_NEXT = {
    Stage.UNADMITTED: "admit_existing",
    Stage.PROSPECT: "start_onboarding",
    Stage.ONBOARDING: "activate",
    Stage.ACTIVE: "",
    Stage.AT_RISK: "retain",
    Stage.DORMANT: "reactivate",
    Stage.OFFBOARDING: "close",
    Stage.CLOSED: "erase",
    Stage.DECLINED: "win_back",
    Stage.WITHDRAWN: "win_back",
}


@dataclass(frozen=True)
class Step:
    """One of the five stages: its name, whether it is done or now, and when."""

    name: str
    state: str
    note: str


@dataclass(frozen=True)
class NextStep:
    """What the next transition asks for."""

    label: str
    guards: list[tuple[str, bool]]


def steps(*, customer: Customer) -> list[Step]:
    """The stage path of the header."""
    first = _first_times(customer)
    here = _PLACE[Stage(customer.stage)]
    notes = [
        _acquisition(customer),
        _onboarding(customer, first),
        _engagement(customer, first),
        _retention(customer),
        _offboarding(customer),
    ]
    names = [_("Acquisition"), _("Onboarding"), _("Engagement"), _("Retention"), _("Offboarding")]
    return [
        Step(
            name,
            "now" if place == here else "done" if _was_there(place, here, customer, first) else "",
            note,
        )
        for place, (name, note) in enumerate(zip(names, notes, strict=True))
    ]


def next_step(*, customer: Customer, offers: Sequence[Offer]) -> NextStep | None:
    """The guards of the step that comes next, met or open; none where nothing comes next."""
    name = _NEXT.get(Stage(customer.stage), "")
    offer = next((one for one in offers if one.name == name), None)
    if offer is None or not offer.guards:
        return None
    return NextStep(offer.label, list(offer.guards))


def _first_times(customer: Customer) -> dict[str, datetime]:
    times: dict[str, datetime] = {}
    for target, at in selectors.stage_changes(customer=customer):
        times.setdefault(target, at)
    return times


def _was_there(place: int, here: int, customer: Customer, first: dict[str, Any]) -> bool:
    if place > here:
        return False
    if place == 3:
        return Stage.AT_RISK in first or Stage.DORMANT in first
    return True


def _acquisition(customer: Customer) -> str:
    since = customer.customer_since or timezone.localtime(customer.created_at).date()
    return " · ".join(filter(None, [dated(since, "M Y"), source_word(customer.source)]))


def _onboarding(customer: Customer, first: dict[str, datetime]) -> str:
    began, ended = first.get(Stage.ONBOARDING), first.get(Stage.ACTIVE)
    if customer.stage in {Stage.DECLINED, Stage.WITHDRAWN}:
        return f"{Stage(customer.stage).label} {_day(customer.stage_since)}"
    if customer.stage == Stage.ONBOARDING:
        return _since(customer.stage_since)
    if began and ended:
        return f"{_day(ended)} · {_days((ended - began).days)}"
    return _day(ended) if ended else ""


def _engagement(customer: Customer, first: dict[str, datetime]) -> str:
    start = customer.customer_since
    if start is None or _PLACE[Stage(customer.stage)] < 2:
        return ""
    years = (timezone.localdate() - start).days // 365
    if years:
        return ngettext("Customer for %(n)s year", "Customer for %(n)s years", years) % {"n": years}
    return _("Customer since %(day)s") % {"day": dated(start, "j M Y")}


def _retention(customer: Customer) -> str:
    if customer.stage in {Stage.AT_RISK, Stage.DORMANT}:
        return f"{Stage(customer.stage).label}, {_since(customer.stage_since)}"
    return ""


def _offboarding(customer: Customer) -> str:
    if customer.stage in {Stage.OFFBOARDING, Stage.CLOSED}:
        return f"{Stage(customer.stage).label}, {_day(customer.stage_since)}"
    return _("Not asked for") if _PLACE[Stage(customer.stage)] >= 2 else ""


def _since(at: datetime) -> str:
    days = (timezone.now() - at).days
    return _("since %(day)s, %(days)s") % {"day": _day(at), "days": _days(days)}


def _days(days: int) -> str:
    if days < 1:
        return _("the same day")
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _day(at: datetime) -> str:
    here = timezone.localtime(at)
    this_year = here.year == timezone.localdate().year
    return dated(here, "j F" if this_year else "j M Y")
