"""Two names: their words, their legal forms, and whose child is whose."""

from kyc.features import Feature, forms, joined, patronymics, words
from kyc.normalise import name_of


def compare(left: str, right: str, *, organisation: bool) -> list[Feature]:
    """What speaks for one name being the other, and against it."""
    one, two = name_of(left, organisation), name_of(right, organisation)
    if not one.words or not two.words:
        return [Feature("name_empty", 0)]
    beside = forms.compare(one, two) if organisation else patronymics.compare(one, two)
    if one.words == two.words or sorted(one.words) == sorted(two.words):
        return [Feature("name_equal", 100), *beside]
    found = words.compare(one, two, organisation=organisation)
    if not any(each.code == "initials_differ" for each in found):
        together = joined.compare(one, two, organisation=organisation)
        if together is not None and together.points > sum(each.points for each in found):
            found = [together]
    return [*found, *beside]
