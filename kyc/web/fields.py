"""The rows of the comparison: each field the same, similar, different or missing."""

import re
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from babel import Locale
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clm.core.web.charts.base import signed
from kyc.features import DIFFERENT, MISSING, SAME, SIMILAR
from kyc.models import Hit
from kyc.screening import customer_party
from kyc.scripts import latinise

# A word, or what stands between two.
_WORDS = re.compile(r"[^\W_]+|[\W_]+")
ICONS = {SAME: "equal", SIMILAR: "tilde", DIFFERENT: "equal-not", MISSING: "circle-dashed"}


@dataclass(frozen=True)
class Row:
    """A field with both sides; parts are `(text, differs)`."""

    label: str
    left: list[tuple[str, bool]]
    right: list[tuple[str, bool]]
    mark: str = ""
    points: float | None = None
    right_sub: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def written(self) -> str:
        """The points as the waterfall beside writes them."""
        return "" if self.points is None else signed(round(self.points, 1))

    @property
    def icon(self) -> str:
        return ICONS.get(self.mark, "")

    @property
    def mark_label(self) -> str:
        return {
            SAME: _("Same"),
            SIMILAR: _("Similar"),
            DIFFERENT: _("Different"),
            MISSING: _("Missing"),
        }.get(self.mark, "")


def rows(*, hit: Hit) -> list[Row]:
    """Name, other names, birth, gender, birth place, countries, numbers, and why the party is listed."""
    customer, entry = hit.customer, hit.entry
    own = customer_party(customer)
    mine = own.names[0] if own.names else ""
    others = [one.name for one in entry.names.all() if one.name != hit.name]
    born = _points(hit, "born_")
    country = _points(hit, "country_")
    nationalities = {*customer.nationalities}
    listed_in = {*entry.nationalities}
    return [
        _name_row(hit, mine),
        Row(_("Other names"), [], _plain("; ".join(others[:12])), "" if others else MISSING),
        Row(
            _("Born"),
            _plain(formats.date_format(customer.born_on, "j F Y") if customer.born_on else ""),
            _plain(" · ".join(_birth(one) for one in entry.births)),
            _born_mark(hit, bool(customer.born_on), bool(entry.births)),
            born,
        ),
        Row(_("Gender"), [], _plain(entry.get_gender_display() if entry.gender else ""), MISSING),
        _text_row(_("Birthplace"), customer.birth_place, "; ".join(entry.birth_places)),
        Row(
            _("Citizen of"),
            _plain(country_names(nationalities)),
            _plain(country_names(listed_in)),
            _set_mark(nationalities, listed_in),
            country,
        ),
        Row(
            _("Lives in"),
            _plain(country_names({customer.residence_country} - {""})),
            _plain(country_names(set(entry.countries))),
            _set_mark({customer.residence_country} - {""}, set(entry.countries)),
        ),
        Row(
            _("Identity numbers"),
            _plain("; ".join(str(one) for one in customer.identifiers.all())),
            _plain("; ".join(f"{one['kind']} {one['value']}" for one in entry.identifiers[:6])),
            "" if entry.identifiers else MISSING,
        ),
        Row(_("Listed because"), [], _plain(", ".join(entry.programmes)), ""),
    ]


def country_names(codes: set[str]) -> str:
    """Countries in the reader's language."""
    territories = Locale((get_language() or "en")[:2]).territories
    return ", ".join(sorted(str(territories.get(code, code)) for code in codes))


def _name_row(hit: Hit, mine: str) -> Row:
    latin = latinise(hit.name)
    left, right = _differences(mine, hit.name if hit.name.isascii() else latin)
    codes = {one["code"] for one in hit.explanation}
    mark = SAME if "name_equal" in codes else DIFFERENT if "name_differs" in codes else SIMILAR
    points = sum(
        one["points"]
        for one in hit.explanation
        if one["code"].startswith(("name_", "words_", "form_", "alias_"))
    )
    sub = hit.name if not hit.name.isascii() else ""
    return Row(_("Name"), left, right, mark, points, sub)


def _differences(a: str, b: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in parts, the letters that the other's likest word lacks marked."""
    mine, theirs = _WORDS.findall(a), _WORDS.findall(b)
    return _marked(mine, theirs), _marked(theirs, mine)


def _marked(words: list[str], others: list[str]) -> list[tuple[str, bool]]:
    """
    Words and what stands between them; lists turn names round, so each word meets its likest.

    A word that resembles none of the others is marked whole.
    """
    parts: list[tuple[str, bool]] = []
    rivals = [other.lower() for other in others if other[0].isalnum()]
    for word in words:
        if not word[0].isalnum():
            parts.append((word, False))
            continue
        low = word.lower()
        matchers = [SequenceMatcher(None, low, rival, autojunk=False) for rival in rivals]
        best = max(matchers, key=lambda one: one.ratio(), default=None)
        if best is None or best.ratio() < 0.5 or len(low) != len(word):
            parts.append((word, True))
            continue
        parts.extend(
            (word[start:end], kind != "equal")
            for kind, start, end, _from, _to in best.get_opcodes()
            if end > start
        )
    return parts


def _text_row(label: str, mine: str, theirs: str) -> Row:
    if not mine or not theirs:
        mark = MISSING
    else:
        a, b = latinise(mine), latinise(theirs)
        mark = SAME if a == b else SIMILAR if a in b or b in a else DIFFERENT
    return Row(label, _plain(mine), _plain(theirs), mark)


def _born_mark(hit: Hit, mine: bool, theirs: bool) -> str:
    if not (mine and theirs):
        return MISSING
    codes = {one["code"] for one in hit.explanation}
    if "born_same" in codes:
        return SAME
    return DIFFERENT if codes & {"born_differs", "born_near"} else SIMILAR


def _set_mark(mine: set[str], theirs: set[str]) -> str:
    if not mine or not theirs:
        return MISSING
    return SAME if mine & theirs else DIFFERENT


def _points(hit: Hit, prefix: str) -> float | None:
    found = [one["points"] for one in hit.explanation if one["code"].startswith(prefix)]
    return sum(found) if found else None


def _plain(text: str) -> list[tuple[str, bool]]:
    return [(text, False)] if text else []


def _birth(birth: dict[str, Any]) -> str:
    first, last = date.fromisoformat(birth["first"]), date.fromisoformat(birth["last"])
    if first == last:
        text = formats.date_format(first, "j F Y")
    elif (last - first).days < 32:
        text = formats.date_format(first, "F Y")
    elif first.year == last.year:
        text = str(first.year)
    else:
        text = f"{first.year}–{last.year}"
    return _("about %(when)s") % {"when": text} if birth["circa"] else text
