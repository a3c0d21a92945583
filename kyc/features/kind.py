"""Kind: a person is no ship."""

from kyc.features import Feature


def compare(left: str, right: str) -> list[Feature]:
    """Points against when both kinds are known and differ."""
    if left and right and left != right:
        return [Feature("kind_differs", -40, {"left": left, "right": right})]
    return []
