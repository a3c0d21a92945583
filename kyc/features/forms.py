"""Legal forms: a company's form changes rarely, and a branch abroad has another."""

from kyc.features import Feature
from kyc.normalise import Name


def compare(one: Name, two: Name) -> list[Feature]:
    """A little for the same form and against another; nothing where one is missing."""
    if not one.form or not two.form:
        return []
    if one.form == two.form:
        return [Feature("form_same", 2, {"form": one.form})]
    return [Feature("form_differs", -6, {"left": one.form, "right": two.form})]
