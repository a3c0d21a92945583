"""
What a risk model may say: factors that exist, levels in order, due diligence within the law.

A model is data, so it is read as strictly as a file from outside: what is unknown is refused, and
so is what the law does not allow, naming the article.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.law import Law
from kyc import factors as kinds
from kyc.rating.requirements import REQUIREMENTS
from kyc.risk import LEVELS

KINDS = {
    "simplified": gettext_lazy("Simplified"),
    "standard": gettext_lazy("Standard"),
    "enhanced": gettext_lazy("Enhanced"),
}
LEVEL_LABELS = {
    "low": gettext_lazy("Low"),
    "medium": gettext_lazy("Medium"),
    "high": gettext_lazy("High"),
}
MOST_POINTS = 1000
MOST_HOURS = 1000


@dataclass(frozen=True, slots=True)
class Limit:
    """The most years between two reviews of a level, and the article that says so."""

    years: int
    source: str


def digest_of(
    *, factors: Sequence[Any], levels: Mapping[str, Any], diligence: Mapping[str, Any]
) -> str:
    """Stands for a model's content, whatever the order of its keys."""
    return sha256(dumps([factors, levels, diligence], sort_keys=True).encode()).hexdigest()


def limits(laws: Iterable[Law]) -> dict[str, Limit]:
    """
    The strictest limit that a law itself gives, level by level.

    A law that leaves the years to the bank gives none. One that is to come counts already: an
    interval agreed today ends under it.
    """
    found: dict[str, Limit] = {}
    for law in laws:
        for rule in law.reviews:
            known = found.get(rule.level)
            if rule.basis == "law" and (known is None or rule.years < known.years):
                found[rule.level] = Limit(rule.years, rule.source)
    return found


def check(
    *,
    factors: Any,
    levels: Any,
    diligence: Any,
    limits: Mapping[str, Limit],
) -> None:
    """
    Refuse a model that cannot be read or that the law does not allow.

    :raises ValidationError: by `factors`, `levels` or `diligence`, with every fault found
    """
    faults: dict[str, list[str]] = {
        "factors": list(_factor_faults(factors)),
        "levels": list(_level_faults(levels)),
        "diligence": list(_diligence_faults(diligence, limits)),
    }
    faults = {name: found for name, found in faults.items() if found}
    if faults:
        raise ValidationError(faults)


def kind_of(diligence: Mapping[str, Any], level: str) -> str:
    """The due diligence of a level; standard where nobody has rated the customer."""
    return str(diligence[level]["kind"]) if level in diligence else "standard"


def _factor_faults(factors: Any) -> Iterable[str]:
    if not isinstance(factors, list) or not all(isinstance(one, dict) for one in factors):
        yield _("Factors are a list of objects.")
        return
    known = kinds.registered()
    codes = [one.get("code") for one in factors]
    for one in factors:
        kind = known.get(one.get("code", ""))
        if kind is None:
            yield _("There is no factor “%(code)s”.") % {"code": str(one.get("code"))[:60]}
            continue
        if codes.count(kind.code) > 1:
            yield _("%(factor)s is given twice.") % {"factor": kind.label}
        if not _whole(one.get("points"), MOST_POINTS):
            yield _("%(factor)s: points are a whole number from 0 to %(most)s.") % {
                "factor": kind.label, "most": MOST_POINTS,
            }  # fmt: skip
        if one.get("level", "low") not in LEVELS:
            yield _("%(factor)s: there is no such level.") % {"factor": kind.label}
        names = {"code", "points", "level", *(each.name for each in kind.parameters)}
        if unknown := sorted(one.keys() - names):
            yield _("%(factor)s has no “%(name)s”.") % {
                "factor": kind.label, "name": str(unknown[0])[:60],
            }  # fmt: skip
        for parameter in kind.parameters:
            if not _fits(parameter.kind, one.get(parameter.name)):
                yield _("%(factor)s: %(parameter)s cannot be read.") % {
                    "factor": kind.label, "parameter": parameter.label,
                }  # fmt: skip
    by_code = {one.get("code"): one for one in factors}
    for kind in known.values():
        if kind.basis and by_code.get(kind.code, {}).get("level") != "high":
            yield _("%(factor)s makes the risk high: %(source)s.") % {
                "factor": kind.label, "source": kind.basis,
            }  # fmt: skip


def _level_faults(levels: Any) -> Iterable[str]:
    if not isinstance(levels, dict) or set(levels) != {"medium", "high"}:
        yield _("Say from how many points risk is medium and high.")
    elif not all(_whole(one, MOST_POINTS) for one in levels.values()):
        yield _("Points are a whole number from 0 to %(most)s.") % {"most": MOST_POINTS}
    elif not 0 < levels["medium"] < levels["high"]:
        yield _("High begins above medium, and medium above 0.")


def _diligence_faults(diligence: Any, limits: Mapping[str, Limit]) -> Iterable[str]:
    if not isinstance(diligence, dict) or set(diligence) != set(LEVELS):
        yield _("Due diligence is given for low, medium and high.")
        return
    for level in LEVELS:
        yield from _level_diligence_faults(level, diligence[level], limits.get(level))
    if any(not isinstance(one, dict) or one.get("kind") not in KINDS for one in diligence.values()):
        return
    depth = [list(KINDS).index(diligence[level]["kind"]) for level in LEVELS]
    if depth != sorted(depth):
        yield _("A higher risk has no lighter due diligence.")
    if diligence["high"]["kind"] != "enhanced":
        yield _("High risk asks for enhanced due diligence: AMLR art. 34.")
    if diligence["medium"]["kind"] == "simplified":
        yield _("Simplified due diligence is for low risk only: AMLR art. 33.")


def _level_diligence_faults(level: str, one: Any, limit: Limit | None) -> Iterable[str]:
    label = LEVEL_LABELS[level]
    if not isinstance(one, dict) or set(one) != {"kind", "years", "hours", "requirements"}:
        yield _("%(level)s: give kind, years, hours and requirements.") % {"level": label}
        return
    if one["kind"] not in KINDS:
        yield _("%(level)s: there is no such due diligence.") % {"level": label}
    if not _whole(one["years"], 50) or not one["years"]:
        yield _("%(level)s: years are a whole number from 1.") % {"level": label}
    elif limit is not None and one["years"] > limit.years:
        yield _(
            "%(level)s: %(years)s years between reviews are too long; AMLR art. 26 allows"
            " %(most)s at most (%(source)s)."
        ) % {"level": label, "years": one["years"], "most": limit.years, "source": limit.source}
    hours = one["hours"]
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= MOST_HOURS:
        yield _("%(level)s: hours are a number above 0.") % {"level": label}
    asked = one["requirements"]
    if not isinstance(asked, list) or any(
        not isinstance(each, str) or each not in REQUIREMENTS for each in asked
    ):
        yield _("%(level)s: a requirement is not known.") % {"level": label}


def _whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _fits(kind: str, value: Any) -> bool:
    if kind == "amount":
        return _whole(value, 10**15)
    if kind == "currency":
        return isinstance(value, str) and re.fullmatch("[A-Z]{3}", value) is not None
    if not isinstance(value, list) or len(value) > 300:
        return False
    form = "[A-Z]{2}" if kind == "countries" else r"[\w.:-]{1,60}"
    return all(isinstance(one, str) and re.fullmatch(form, one) for one in value)
