"""Two records side by side, field by field: the same, similar, different or missing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from clm.core.web.charts import Part, waterfall
from customers.contacts import shown_phone
from customers.countries import country_name
from customers.models import Customer, DuplicatePair
from customers.single_view.score import DIFFERENT, MISSING, SAME, SIMILAR

ICONS = {SAME: "equal", SIMILAR: "tilde", DIFFERENT: "equal-not", MISSING: "circle-dashed"}
Parts = list[tuple[str, bool]]


def mark_label(mark: str) -> str:
    return {
        SAME: _("Same"),
        SIMILAR: _("Similar"),
        DIFFERENT: _("Different"),
        MISSING: _("Missing"),
    }.get(mark, "")


def feature_label(feature: str) -> str:
    """What a feature of the score is called."""
    return {
        "name": _("Name"),
        "born_on": _("Born"),
        "identifier": _("Identity numbers"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "address": _("Address"),
    }.get(feature, feature)


@dataclass(frozen=True)
class Row:
    """A field with both sides; parts are `(text, differs)`; points where the score counts it."""

    label: str
    left: Parts
    right: Parts
    mark: str = ""
    points: int | None = None

    @property
    def icon(self) -> str:
        return ICONS.get(self.mark, "")

    @property
    def mark_label(self) -> str:
        return mark_label(self.mark)

    @property
    def written(self) -> str:
        return "" if self.points is None else f"{self.points:+d}".replace("-", "−")


def rows(*, pair: DuplicatePair, left: Customer, right: Customer) -> list[Row]:
    """What the score compares, then what a person wants to know before deciding."""
    found = {one["feature"]: one for one in pair.reasons}
    scored = [
        _scored(feature_label(feature), found.get(feature, {}), tell(left), tell(right))
        for feature, tell in _SCORED
    ]
    plain = [_plain(label, tell(left), tell(right)) for label, tell in _plain_rows()]
    return [row for row in [*scored, *plain] if row.left or row.right]


def points_chart(*, pair: DuplicatePair) -> Any:
    """The score as the sum that it is."""
    parts = [
        Part(f"{feature_label(one['feature'])} · {mark_label(one['state'])}", one["points"])
        for one in pair.reasons
        if one["points"]
    ]
    return waterfall(parts, base=0, threshold=60, bad_is_up=False, title=_("How the score adds up"))


def _scored(label: str, reason: dict[str, Any], left: str, right: str) -> Row:
    mark = str(reason.get("state", ""))
    points = reason.get("points") if mark != MISSING else None
    one, other = _differences(left, right)
    return Row(label, one, other, mark, points)


def _plain(label: str, left: str, right: str) -> Row:
    if not left or not right:
        mark = MISSING
    else:
        mark = SAME if left.casefold() == right.casefold() else DIFFERENT
    # Which letters of “Active” and “Prospect” differ tells nobody anything.
    return Row(label, [(left, False)] if left else [], [(right, False)] if right else [], mark)


def _differences(left: str, right: str) -> tuple[Parts, Parts]:
    """Both texts with what differs marked; nothing is marked where one side is empty."""
    if not left or not right or left == right:
        return ([(left, False)] if left else []), ([(right, False)] if right else [])
    one: Parts = []
    other: Parts = []
    for what, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if b > a:
            one.append((left[a:b], what != "equal"))
        if d > c:
            other.append((right[c:d], what != "equal"))
    return one, other


def _born(customer: Customer) -> str:
    return formats.date_format(customer.born_on, "j F Y") if customer.born_on else ""


def _points_of(customer: Customer, kind: str, shown: Callable[[str], str] = str) -> str:
    values = sorted(
        point.value
        for point in customer.contact_points.all()
        if point.kind == kind and point.valid_to is None
    )
    return " · ".join(shown(value) for value in values)


def _phones(customer: Customer) -> str:
    return _points_of(customer, "phone", shown_phone)


def _emails(customer: Customer) -> str:
    return _points_of(customer, "email")


def _addresses(customer: Customer) -> str:
    return " · ".join(str(one) for one in customer.addresses.all() if one.valid_to is None)


def _identifiers(customer: Customer) -> str:
    return " · ".join(one.masked for one in customer.identifiers.all())


def _day(value: Any) -> str:
    return formats.date_format(value, "j F Y") if value else ""


_SCORED: tuple[tuple[str, Callable[[Customer], str]], ...] = (
    ("name", lambda customer: customer.display_name),
    ("born_on", _born),
    ("identifier", _identifiers),
    ("phone", _phones),
    ("email", _emails),
    ("address", _addresses),
)


def _plain_rows() -> Iterable[tuple[str, Callable[[Customer], str]]]:
    return (
        (_("Birth place"), lambda one: one.birth_place),
        (_("Citizen of"), lambda one: ", ".join(map(country_name, one.nationalities))),
        (_("Work"), lambda one: one.occupation),
        (_("Stage"), lambda one: str(one.get_stage_display())),
        (_("Customer since"), lambda one: _day(one.customer_since)),
        (_("Branch"), lambda one: str(one.branch or "")),
        (_("Adviser"), lambda one: str(one.adviser or "")),
        (_("Recorded"), lambda one: _day(timezone.localtime(one.created_at).date())),
        (_("Source"), lambda one: one.source),
    )
