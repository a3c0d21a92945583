"""Two parties compared: every name with every name, then what else is known of both."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from kyc.features import Feature, Party, birth, country, gender, identifiers, kind, names

#: The version of weights and features; kept with every hit.
MODEL = "names-3"
#: Chosen on labelled pairs of names (317 of persons and companies) as the best F1.
THRESHOLD = 0.80
_KINDS = {
    "person": "person",
    "individual": "person",
    "organisation": "organisation",
    "organization": "organisation",
    "company": "organisation",
    "legalentity": "organisation",
    "entity": "organisation",
    "vessel": "vessel",
    "aircraft": "aircraft",
    "": "",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    A score from 0 to 1 as the sum of its features' points, and which names it is about.

    :param named: what the names alone would score
    """

    score: float
    features: list[Feature] = field(default_factory=list)
    left: str = ""
    right: str = ""
    named: float = 0.0

    @property
    def explanation(self) -> list[dict[str, Any]]:
        return [feature.as_dict() for feature in self.features]


def kind_of(text: str) -> str:
    """
    The engine's word for a kind, in any case.

    :raises ValueError: there is no such kind
    """
    try:
        return _KINDS[text.strip().lower()]
    except KeyError:
        raise ValueError(text) from None


def compare(left: Party, right: Party) -> Comparison:
    """The best pair of names, with what else is known of both."""
    return compare_names(left, right, [(one, two) for one in left.names for two in right.names])


def compare_names(
    left: Party, right: Party, pairs: Iterable[tuple[str, str]], *, weak: Collection[str] = ()
) -> Comparison:
    """
    The best of these pairs of names, with what birth, country, kind, numbers and gender add to it.

    :param weak: names on either side that are too common to carry a match alone
    """
    organisation = "organisation" in (left.kind, right.kind) and "person" not in (
        left.kind, right.kind
    )  # fmt: skip
    common = left.weak | right.weak | frozenset(weak)
    best: Comparison | None = None
    for one, two in pairs:
        found = names.compare(one, two, organisation=organisation)
        if one in common or two in common:
            found = [*found, Feature("alias_weak", -5)]
        points = sum(feature.points for feature in found)
        if best is None or points > best.score:
            best = Comparison(points, found, one, two)
    if best is None:
        return Comparison(0.0)
    rest = [
        *birth.compare(left.births, right.births),
        *country.compare(left.countries, right.countries),
        *kind.compare(left.kind, right.kind),
        *identifiers.compare(left.identifiers, right.identifiers),
        *gender.compare(left.gender, right.gender),
    ]
    return _summed([*best.features, *rest], best)


def _summed(features: list[Feature], best: Comparison) -> Comparison:
    points = sum(feature.points for feature in features)
    if points > 100:
        features = [*features, Feature("at_most", 100 - points)]
    elif points < 0:
        features = [*features, Feature("at_least", -points)]
    score = round(min(max(points, 0.0), 100.0) / 100, 4)
    return Comparison(score, features, best.left, best.right, named=best.score / 100)
