"""Words that were cut, run together or cut elsewhere: `SiemensAG`, `Siemen SAG`."""

from rapidfuzz.distance import DamerauLevenshtein

from kyc.features import Feature
from kyc.normalise import Name

_ALIKE = 0.87
_SHORTEST = 5


def compare(one: Name, two: Name, *, organisation: bool) -> Feature | None:
    """The names without their gaps; None where that brings them no nearer."""
    a, b = one.joined, two.joined
    if organisation and a + one.form == b + two.form:
        a, b = a + one.form, b + two.form
    if min(len(a), len(b)) < _SHORTEST:
        return None
    # One of them may have its family name first.
    *first, last = two.words
    others = {b, "".join([last, *first]), "".join([*two.words[1:], two.words[0]])}
    alike = max(
        DamerauLevenshtein.normalized_similarity(a, other, score_cutoff=_ALIKE) for other in others
    )
    if alike < _ALIKE:
        return None
    return Feature("name_joined", 100 * alike - 4, {"alike": round(alike, 2)})
