"""A first risk rating: weighted factors as data, each with its points and reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kyc.checks import Subject


@dataclass(frozen=True, slots=True)
class Rating:
    """A level, its score, and the factors that made it (`{"code", "points", "facts"}`)."""

    level: str
    score: float
    factors: list[dict[str, Any]]


def _countries(subject: Subject) -> set[str]:
    found = {*subject.nationalities, subject.residence_country, *subject.tax_countries}
    return found - {""}


def _high_risk_country(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    found = sorted(_countries(subject) & set(factor["countries"]))
    return {"countries": found} if found else None


def _outside(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    home = set(factor["home"])
    if subject.residence_country and subject.residence_country not in home:
        return {"country": subject.residence_country}
    return None


def _organisation(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {} if subject.kind == "organisation" else None


def _likely_hit(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"count": subject.open_hits} if subject.open_hits else None


def _listed(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"count": subject.true_hits} if subject.true_hits else None


def _several_tax_countries(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"count": len(subject.tax_countries)} if len(subject.tax_countries) > 1 else None


def _nothing_known(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {} if not subject.has_identifier else None


FACTORS: dict[str, Callable[[Subject, Mapping[str, Any]], dict[str, Any] | None]] = {
    "high_risk_country": _high_risk_country,
    "lives_outside": _outside,
    "organisation": _organisation,
    "likely_hit": _likely_hit,
    "listed": _listed,
    "several_tax_countries": _several_tax_countries,
    "no_identifier": _nothing_known,
}


def rate(
    *, subject: Subject, factors: Sequence[Mapping[str, Any]], levels: Mapping[str, float]
) -> Rating:
    """
    The sum of the factors that apply, and its level; a factor with `"level"` sets at least that.

    :raises KeyError: the model names a factor that this version does not know
    """
    found = []
    least = "low"
    for factor in factors:
        facts = FACTORS[factor["code"]](subject, factor)
        if facts is None:
            continue
        found.append({"code": factor["code"], "points": factor["points"], "facts": facts})
        least = _higher(least, factor.get("level", "low"))
    score = float(sum(one["points"] for one in found))
    by_points = (
        "high" if score >= levels["high"] else "medium" if score >= levels["medium"] else "low"
    )
    return Rating(_higher(least, by_points), score, found)


def review_on(*, years: int, today: date) -> date:
    """The day by which the customer is reviewed again; the law set says after how many years."""
    year = today.year + years
    try:
        return today.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 2, 28)


def high_risk_countries(factors: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The bank's list of high-risk countries as the model has it."""
    for factor in factors:
        if factor["code"] == "high_risk_country":
            return frozenset(factor["countries"])
    return frozenset()


def _higher(one: str, two: str) -> str:
    order = ("low", "medium", "high")
    return max(one, two, key=order.index)
