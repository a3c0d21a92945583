"""Gender, as lists state it and the one who asks knows it: a man is not the woman who is listed."""

from kyc.features import Feature

WORDS = {"m": "male", "male": "male", "f": "female", "female": "female"}


def gender_of(text: str) -> str:
    """`male`, `female`, or nothing where a list says something else or two things."""
    return WORDS.get(text.strip().lower(), "")


def compare(left: str, right: str) -> list[Feature]:
    """Points against when both are known and differ; half of all people share one, so none for it."""
    if left and right and left != right:
        return [Feature("gender_differs", -12, {"left": left, "right": right})]
    return []
