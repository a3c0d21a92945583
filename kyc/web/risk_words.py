"""A risk model and its back-test in words and numbers, beside the version it is compared with."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from clm.core.web.words import number
from customers.countries import country_name
from kyc import factors as kinds
from kyc.models import RiskModel
from kyc.rating.policy import KINDS, LEVEL_LABELS
from kyc.rating.requirements import REQUIREMENTS
from kyc.risk import LEVELS
from kyc.words import check_label, day

#: Longer lists are counted, and shown whole when they are opened.
_FEW = 6


def factor_rows(*, model: RiskModel, against: RiskModel | None = None) -> list[dict[str, Any]]:
    """Each factor of either version, in the order of the groups, with what changed."""
    new = {one["code"]: one for one in model.factors}
    old = {one["code"]: one for one in against.factors} if against is not None else new
    rows = []
    for code, kind in kinds.registered().items():
        here, before = new.get(code), old.get(code)
        if here is None and before is None:
            continue
        rows.append(
            {
                "label": kind.label,
                "group": kinds.GROUPS[kind.group],
                "doc": kind.says,
                "basis": kind.basis,
                "points": here["points"] if here else None,
                "level": here.get("level", "") if here else "",
                "parameters": _parameters(kind, here or {}),
                "before": _before(kind, here, before),
            }
        )
    return rows


def level_rows(*, model: RiskModel, against: RiskModel | None = None) -> list[dict[str, Any]]:
    """From how many points a level begins."""
    old = against.levels if against is not None else model.levels
    return [
        {
            "level": level,
            "points": model.levels[level],
            "before": old[level] if old[level] != model.levels[level] else None,
        }
        for level in ("medium", "high")
    ]


def diligence_rows(*, model: RiskModel, against: RiskModel | None = None) -> list[dict[str, Any]]:
    """What follows from each level: due diligence, interval, hours, facts."""
    rows = []
    for level in LEVELS:
        one = model.diligence.get(level)
        if one is None:
            continue
        old = against.diligence.get(level, {}) if against is not None else one
        rows.append(
            {
                "level": level,
                "kind": KINDS[one["kind"]],
                "years": one["years"],
                "hours": _hours(one["hours"]),
                "requirements": [REQUIREMENTS[code].label for code in one["requirements"]],
                "before": _diligence_before(one, old),
            }
        )
    return rows


def back_test_words(*, model: RiskModel) -> dict[str, Any] | None:
    """The result of a draft's simulation as its page shows it."""
    found = model.back_test
    if not found:
        return None
    moves = [
        (*key.split(">"), count)
        for key, count in found["moves"].items()
        if len(set(key.split(">"))) > 1
    ]
    return {
        **found,
        "moves": sorted(moves, key=lambda one: -int(one[2])),
        "levels": [(level, *found["levels"][level]) for level in LEVELS],
        "due": [(level, found["due"][level]) for level in LEVELS if found["due"][level]],
        "hours": _hours(found["hours"]),
        "yearly": [number(one, 0) for one in found["yearly_hours"]],
        "more": number(found["yearly_hours"][1] - found["yearly_hours"][0], 0),
    }


def gap(code: str, facts: Mapping[str, Any]) -> str:
    """A gap in words."""
    kind, _dot, name = code.partition(".")
    if kind == "missing" and name in REQUIREMENTS:
        return _("Missing: %(fact)s") % {"fact": REQUIREMENTS[name].label}
    if kind == "check":
        return _("Never checked: %(check)s") % {"check": check_label(name)}
    words = {
        "not_cleared": _("KYC never cleared the customer"),
        "not_rated": _("The risk was never rated"),
        "no_review": _("No review is planned"),
        "overdue": _("The review is overdue"),
        "level": _("The model in force rates the risk higher"),
    }
    return str(words.get(kind, code))


def gap_detail(code: str, facts: Mapping[str, Any]) -> str:
    """What belongs to a gap: the levels, the day, the check."""
    kind = code.partition(".")[0]
    if kind == "level":
        return _("%(recorded)s on record, %(rated)s by the model") % {
            "recorded": LEVEL_LABELS[facts["recorded"]], "rated": LEVEL_LABELS[facts["rated"]],
        }  # fmt: skip
    return str(day(facts["since"])) if "since" in facts else ""


def _hours(hours: float) -> str:
    return number(hours, 0 if hours == int(hours) else 1)


def _parameters(kind: kinds.FactorKind, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for parameter in kind.parameters:
        value = entry.get(parameter.name)
        if value is None:
            continue
        words = _written(parameter.kind, value)
        found.append(
            {
                "label": parameter.label,
                "few": ", ".join(words) if len(words) <= _FEW else "",
                "many": ", ".join(words) if len(words) > _FEW else "",
                "count": len(words),
            }
        )
    return found


def _written(kind: str, value: Any) -> list[str]:
    if kind == "countries":
        return [country_name(code) for code in value]
    if kind == "amount":
        return [number(value)]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _before(
    kind: kinds.FactorKind, here: Mapping[str, Any] | None, before: Mapping[str, Any] | None
) -> list[str]:
    """What a factor's row changes, sentence by sentence; empty without a change."""
    if here == before:
        return []
    if before is None:
        return [_("New")]
    if here is None:
        return [_("Taken out; it had %(points)s points") % {"points": before["points"]}]
    said = []
    if here["points"] != before["points"]:
        said.append(_("Before: %(points)s points") % {"points": before["points"]})
    if here.get("level") != before.get("level"):
        level = before.get("level")
        said.append(
            _("Before: at least %(level)s") % {"level": LEVEL_LABELS[level]}
            if level
            else _("Before: points alone")
        )
    for parameter in kind.parameters:
        new, old = here.get(parameter.name), before.get(parameter.name)
        if isinstance(new, list) and isinstance(old, list):
            added, gone = sorted(set(new) - set(old)), sorted(set(old) - set(new))
            if added:
                said.append(
                    _("Added: %(what)s") % {"what": ", ".join(_written(parameter.kind, added))}
                )
            if gone:
                said.append(
                    _("Removed: %(what)s") % {"what": ", ".join(_written(parameter.kind, gone))}
                )
        elif new != old:
            said.append(_("Before: %(what)s") % {"what": ", ".join(_written(parameter.kind, old))})
    return said


def _diligence_before(one: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    if one == old:
        return []
    if not old:
        return [_("New")]
    said = []
    if one["kind"] != old["kind"]:
        said.append(_("Before: %(what)s") % {"what": KINDS[old["kind"]]})
    if one["years"] != old["years"]:
        said.append(_("Before: every %(years)s years") % {"years": old["years"]})
    if one["hours"] != old["hours"]:
        said.append(_("Before: %(hours)s hours") % {"hours": _hours(old["hours"])})
    new, gone = (
        [str(REQUIREMENTS[code].label) for code in some if code not in other]
        for some, other in (
            (one["requirements"], old["requirements"]),
            (old["requirements"], one["requirements"]),
        )
    )
    if new:
        said.append(_("Added: %(what)s") % {"what": ", ".join(new)})
    if gone:
        said.append(_("Removed: %(what)s") % {"what": ", ".join(gone)})
    return said
