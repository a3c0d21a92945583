"""Fathers and sons: `Salman bin Muhammad` is not `Muhammad bin Salman`."""

from kyc.features import Feature
from kyc.normalise import Name

_CHILD_OF = frozenset(["bin", "ibn", "ben", "bint", "binti", "ould", "oglu", "ogly", "kyzy"])


def compare(one: Name, two: Name) -> list[Feature]:
    """Points against where both name a father and child and father have changed places."""
    left, right = _family(one), _family(two)
    if left and right and left != right and left == right[::-1]:
        return [Feature("generations_swapped", -25, {"left": left[0], "right": right[0]})]
    return []


def _family(name: Name) -> tuple[str, str] | None:
    """Child and father, where the name says so."""
    for position, word in enumerate(name.words[1:-1], 1):
        if word in _CHILD_OF:
            return name.words[position - 1], name.words[position + 1]
    return None
