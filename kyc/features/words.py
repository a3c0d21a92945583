"""Words are paired whatever their order; what is left over on both sides speaks against."""

from collections.abc import Callable

from rapidfuzz.distance import DamerauLevenshtein

from kyc.features import Feature, initials
from kyc.features.alike import ALIKE, alike, alike_without_vowels
from kyc.features.rarity import weight
from kyc.normalise import Name
from kyc.scripts import sound

# Chosen together with the threshold on labelled pairs.
STEEP = 1.6
CLASH_ANY = 18.0
CLASH_SHARE = 45.0
NEAR = 0.9
CHANCE = 0.3
EXTRA_PERSON = 35.0
EXTRA_SINGLE = 70.0
EXTRA_ORGANISATION = 60.0


def compare(one: Name, two: Name, *, organisation: bool) -> list[Feature]:
    """Points for the words that pair, and against those that stand alone."""

    def heavy(word: str) -> float:
        return weight(word, organisation=organisation)

    near_by = alike if one.vowels == two.vowels else alike_without_vowels
    pairs, left, right = pair(one.words, two.words, near_by)
    total_left, total_right = sum(map(heavy, one.words)), sum(map(heavy, two.words))
    full = paired = 0.0
    for a, b, near in pairs:
        shared = min(heavy(a), heavy(b))
        full += shared
        paired += near * shared
    for short, long in ((left, right), (right, left)):
        while found := initials.of_several(short, long):
            word, run = found
            short.remove(word)
            for each in run:
                long.remove(each)
            # The letters stand for all of it.
            total_left = total_right = max(total_left, total_right)
            full += len(run)
            paired += 0.9 * len(run)
    smaller = min(total_left, total_right)
    if not full or not smaller:
        return [Feature("name_differs", 0)]
    mean = paired / full
    # Similarity of 0.8 and less is what two different names have by chance.
    points = 100 * max(0.0, 1 - STEEP * (1 - mean))
    features = [Feature("name_words", points, {"alike": round(mean, 2), "pairs": len(pairs)})]
    alone_left, alone_right = sum(map(heavy, left)), sum(map(heavy, right))
    both = min(alone_left, alone_right)
    if both:
        features.append(
            Feature("words_differ", -_clash(left, right, both, smaller),
                    {"left": " ".join(left), "right": " ".join(right)})
        )  # fmt: skip
        features += initials.contradict(left, right)
    extra = abs(alone_left - alone_right)
    if extra:
        share = extra / max(total_left, total_right)
        rate = EXTRA_ORGANISATION if organisation else EXTRA_PERSON
        if not organisation and full < 1.5:
            rate = EXTRA_SINGLE  # one shared word is not a name
        features.append(Feature("words_missing", -rate * share, {"words": " ".join(left or right)}))
    return features


def pair(
    left: tuple[str, ...], right: tuple[str, ...], alike: Callable[[str, str], float] = alike
) -> tuple[list[tuple[str, str, float]], list[str], list[str]]:
    """Pair the words best first, equal ones at once; a pair below `ALIKE` is none."""
    pairs: list[tuple[str, str, float]] = []
    alone_left, alone_right = [], list(right)
    for word in left:
        if word in alone_right:
            alone_right.remove(word)
            pairs.append((word, word, 1.0))
        else:
            alone_left.append(word)
    options = sorted(
        (
            (-near, i, j)
            for i, a in enumerate(alone_left)
            for j, b in enumerate(alone_right)
            if (near := alike(a, b)) >= ALIKE
        ),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    for negative, i, j in options:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            pairs.append((alone_left[i], alone_right[j], -negative))
    return (
        pairs,
        [word for i, word in enumerate(alone_left) if i not in used_left],
        [word for j, word in enumerate(alone_right) if j not in used_right],
    )


def _clash(left: list[str], right: list[str], both: float, smaller: float) -> float:
    """What words without a partner on either side cost; less where they are nearly alike."""
    near = 0.0
    if len(left) == len(right):
        a, b = sound("".join(left)), sound("".join(right))
        near = max(0.0, DamerauLevenshtein.normalized_similarity(a, b) - CHANCE) / (1 - CHANCE)
    return (CLASH_ANY * min(1.0, both) + CLASH_SHARE * both / smaller) * (1 - NEAR * near)
