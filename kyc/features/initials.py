"""Initials: `JC Juncker` is `Jean-Claude Juncker`; `William G. Frost` is not `William W. Frost`."""

from kyc.features import Feature

_LONGEST = 3


def of_several(short: list[str], long: list[str]) -> tuple[str, list[str]] | None:
    """A short word whose letters begin words that follow each other, and those words."""
    for word in short:
        size = len(word)
        if not 2 <= size <= _LONGEST or not word.isalpha():
            continue
        for start in range(len(long) - size + 1):
            run = long[start : start + size]
            if all(
                one[0] == letter and len(one) > 1 for one, letter in zip(run, word, strict=True)
            ):
                return word, run
    return None


def contradict(left: list[str], right: list[str]) -> list[Feature]:
    """Points against initials that stand alone on both sides."""
    a = sorted(one for one in left if len(one) == 1 and one.isalpha())
    b = sorted(one for one in right if len(one) == 1 and one.isalpha())
    if a and b:
        return [Feature("initials_differ", -12, {"left": " ".join(a), "right": " ".join(b)})]
    return []
