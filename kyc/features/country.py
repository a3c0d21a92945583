"""Nationality, residence and address: one country in common, or none."""

from kyc.features import Feature


def compare(left: frozenset[str], right: frozenset[str]) -> list[Feature]:
    """Points for a shared country, a few against when both are known and none is shared."""
    if not left or not right:
        return []
    shared = sorted(left & right)
    if shared:
        return [Feature("country_same", 4, {"countries": shared})]
    return [Feature("country_differs", -6, {"left": sorted(left), "right": sorted(right)})]
