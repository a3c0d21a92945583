"""Names: words are paired whatever their order; what is left over on both sides speaks against."""

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from kyc.features import Feature
from kyc.normalise import GENERIC, PARTICLES, Name, name_of

ALIKE = 0.83
# Weights, chosen together with the threshold on labelled pairs.
STEEP = 1.6
CLASH_ANY = 18.0
CLASH_SHARE = 45.0
NEAR = 0.9
EXTRA_PERSON = 35.0
EXTRA_SINGLE = 70.0
EXTRA_ORGANISATION = 60.0
_SPELLINGS = (
    ("ph", "f"), ("kh", "h"), ("gh", "g"), ("ck", "k"), ("sch", "sh"), ("tch", "ch"), ("cz", "ch"),
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("iy", "i"), ("ij", "i"), ("yi", "i"), ("y", "i"),
    ("w", "v"), ("q", "k"), ("j", "i"), ("x", "ks"), ("th", "t"), ("dh", "d"), ("zh", "sh"),
)  # fmt: skip


def compare(left: str, right: str, *, organisation: bool) -> list[Feature]:
    """Points for the words that pair, and against those that stand alone."""
    one, two = name_of(left, organisation), name_of(right, organisation)
    if not one.words or not two.words:
        return [Feature("name_empty", 0)]
    if sorted(one.words) == sorted(two.words):
        return [Feature("name_equal", 100), *_forms(one, two, organisation)]
    by_words = _by_words(one, two, organisation)
    joined = _joined(one, two, organisation)
    best = by_words
    if joined is not None and joined.points > sum(f.points for f in by_words):
        best = [joined]
    return [*best, *_forms(one, two, organisation)]


def _joined(one: Name, two: Name, organisation: bool) -> Feature | None:
    """Words may have been cut or run together: `Siemens AG`, `SiemensAG`."""
    if len(one.words) == len(two.words) and len(one.words) > 1:
        return None
    a, b = one.joined, two.joined
    if organisation:
        a, b = "".join(one.words) + one.form, "".join(two.words) + two.form
        if a != b:
            a, b = one.joined, two.joined
    alike = DamerauLevenshtein.normalized_similarity(a, b)
    if alike < 0.9 or min(len(a), len(b)) < 5:
        return None
    return Feature("name_joined", 100 * alike - 4, {"alike": round(alike, 2)})


def _by_words(one: Name, two: Name, organisation: bool) -> list[Feature]:
    pairs, left, right = _pair(one.words, two.words, organisation)
    weight_left = sum(_weight(w, organisation) for w in one.words)
    weight_right = sum(_weight(w, organisation) for w in two.words)
    paired = sum(alike * min(_weight(a, organisation), _weight(b, organisation))
                 for a, b, alike in pairs)  # fmt: skip
    full = sum(min(_weight(a, organisation), _weight(b, organisation)) for a, b, _ in pairs)
    alone_left = sum(_weight(w, organisation) for w in left)
    alone_right = sum(_weight(w, organisation) for w in right)
    smaller = min(weight_left, weight_right)
    if not pairs or not smaller:
        return [Feature("name_differs", 0)]
    mean = paired / full
    # Similarity of 0.8 and less is what two different names have by chance.
    points = 100 * max(0.0, 1 - STEEP * (1 - mean))
    found = [Feature("name_words", points, {"alike": round(mean, 2), "pairs": len(pairs)})]
    both = min(alone_left, alone_right)
    if both:
        found.append(
            Feature("words_differ", -_clash(left, right, both, smaller),
                    {"left": " ".join(left), "right": " ".join(right)})
        )  # fmt: skip
    extra = abs(alone_left - alone_right)
    if extra:
        share = extra / max(weight_left, weight_right)
        rate = EXTRA_ORGANISATION if organisation else EXTRA_PERSON
        if not organisation and full < 1.5:
            rate = EXTRA_SINGLE  # one shared word is not a name
        found.append(Feature("words_missing", -rate * share, {"words": " ".join(left or right)}))
    return found


def _clash(left: list[str], right: list[str], both: float, smaller: float) -> float:
    """What words without a partner on either side cost; less where they are nearly alike."""
    a, b = "".join(left), "".join(right)
    alike = DamerauLevenshtein.normalized_similarity(_sound(a), _sound(b))
    near = max(0.0, alike - 0.5) * 2 if len(left) == len(right) else 0.0
    return (CLASH_ANY * min(1.0, both) + CLASH_SHARE * both / smaller) * (1 - NEAR * near)


def _weight(word: str, organisation: bool) -> float:
    if word in PARTICLES:
        return 0.15
    if organisation and word in GENERIC:
        return 0.6
    if len(word) == 1 and not word.isdigit():
        return 0.3
    return 1.0


def _pair(
    left: tuple[str, ...], right: tuple[str, ...], organisation: bool
) -> tuple[list[tuple[str, str, float]], list[str], list[str]]:
    """Pair the words best first; a pair below `ALIKE` is none."""
    options = sorted(
        ((-_alike(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(right)),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for negative, i, j in options:
        if -negative < ALIKE:
            break
        if i in used_left or j in used_right:
            continue
        used_left.add(i)
        used_right.add(j)
        pairs.append((left[i], right[j], -negative))
    return (
        pairs,
        [w for i, w in enumerate(left) if i not in used_left],
        [w for j, w in enumerate(right) if j not in used_right],
    )


def _alike(a: str, b: str) -> float:
    """How alike two words are; an initial stands for a word that begins with it."""
    if a == b:
        return 1.0
    if a.isdigit() or b.isdigit():
        return 0.0
    if len(a) == 1 or len(b) == 1:
        return 0.9 if a[0] == b[0] and min(len(a), len(b)) == 1 else 0.0
    sounded_a, sounded_b = _sound(a), _sound(b)
    if sounded_a == sounded_b:
        return 0.97
    jaro = max(
        JaroWinkler.similarity(a, b, prefix_weight=0.05),
        JaroWinkler.similarity(sounded_a, sounded_b, prefix_weight=0.05) - 0.02,
    )
    edits = min(
        DamerauLevenshtein.distance(a, b), DamerauLevenshtein.distance(sounded_a, sounded_b)
    )
    longest = max(len(a), len(b))
    allowed = 0 if longest <= 3 else 1 if longest <= 6 else 2 if longest <= 10 else 3
    if edits > allowed:
        return min(jaro, 0.8)
    return max(jaro, 0.88)


def _sound(word: str) -> str:
    for written, heard in _SPELLINGS:
        word = word.replace(written, heard)
    kept = [letter for i, letter in enumerate(word) if i == 0 or letter != word[i - 1]]
    return "".join(kept)


def _forms(one: Name, two: Name, organisation: bool) -> list[Feature]:
    if not organisation or not one.form or not two.form:
        return []
    if one.form == two.form:
        return [Feature("form_same", 2, {"form": one.form})]
    return [Feature("form_differs", -6, {"left": one.form, "right": two.form})]
