"""The risk rating: weighted factors as data, each with its points and reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kyc import factors as kinds
from kyc.checks import Subject

LEVELS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Rating:
    """A level, its score, and the factors that made it (`{"code", "points", "facts"}`)."""

    level: str
    score: float
    factors: list[dict[str, Any]]


def rate(
    *, subject: Subject, factors: Sequence[Mapping[str, Any]], levels: Mapping[str, float]
) -> Rating:
    """
    The sum of the factors that apply, and its level; a factor with `"level"` sets at least that.

    :raises KeyError: the model names a factor that this version does not know
    """
    known = kinds.registered()
    found = []
    least = "low"
    for factor in factors:
        facts = known[factor["code"]].run(subject, factor)
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
    return max(one, two, key=LEVELS.index)
