"""
Themes in free text: words weighted by TF-IDF, texts grouped by k-means, both languages at once.

Deterministic: the texts come in one order, the seed stands, and the words are stems of
`clm.core.assistant.words`, which knows Danish and English endings and empty words. The number of
groups is the one with the best mean silhouette (Rousseeuw 1987), from 2 to 8.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clm.core.assistant.words import fold, stem, telling

SEED = 0
MOST_THEMES = 8
#: With fewer texts nothing is grouped.
LEAST_TEXTS = 8
#: Themes are looked for among the newest.
MOST_TEXTS = 5000
NAMED_BY = 4


@dataclass(frozen=True)
class Group:
    """Texts that are about one thing, by their places, and the words that weigh most in them."""

    words: list[str]
    members: list[int]


def find_themes(texts: Sequence[str]) -> list[Group]:
    """The groups, the largest first; a text without a telling word is in none."""
    # Loaded by who needs it: scikit-learn takes a second.
    from sklearn.feature_extraction.text import TfidfVectorizer

    said = [[stem(word) for word in telling(text)] for text in texts]
    kept = [place for place, words in enumerate(said) if words]
    if len(kept) < LEAST_TEXTS:
        return []
    vectorizer = TfidfVectorizer(
        analyzer=list, min_df=2, max_df=0.6, sublinear_tf=True, max_features=3000
    )
    try:
        weights = vectorizer.fit_transform([said[place] for place in kept])
    except ValueError:
        # No word stands in two texts: they have nothing in common.
        return []
    rows = [row for row in range(weights.shape[0]) if weights[row].nnz]
    kept, weights = [kept[row] for row in rows], weights[rows]
    if len(kept) < LEAST_TEXTS:
        return []
    labels = _grouped(weights)
    names = vectorizer.get_feature_names_out()
    spoken = _spoken(texts)
    members: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        members[label].append(row)
    groups = []
    for held in members.values():
        total = weights[held].sum(axis=0).A1
        heaviest = [n for n in total.argsort()[::-1][:NAMED_BY] if total[n] > 0]
        groups.append(Group([spoken[names[n]] for n in heaviest], [kept[row] for row in held]))
    return sorted(groups, key=lambda one: (-len(one.members), one.words))


def _grouped(weights: Any) -> list[int]:
    """The labels of the best number of groups."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    best: tuple[float, list[int]] = (-1.0, [])
    rows = weights.shape[0]
    distinct = len({_key(weights, row) for row in range(rows)})
    for count in range(2, min(MOST_THEMES, distinct - 1) + 1):
        labels = KMeans(count, n_init=1, random_state=SEED).fit_predict(weights)
        if len(set(labels)) < 2:
            continue
        sample = min(rows, 1000)
        score = silhouette_score(weights, labels, sample_size=sample, random_state=SEED)
        if score > best[0]:
            best = (float(score), [int(one) for one in labels])
    return best[1] or [0] * rows


def _key(weights: Any, row: int) -> tuple[bytes, bytes]:
    """Equal for texts of the same words."""
    start, end = weights.indptr[row], weights.indptr[row + 1]
    return weights.indices[start:end].tobytes(), weights.data[start:end].tobytes()


def _spoken(texts: Sequence[str]) -> dict[str, str]:
    """The commonest word behind each stem, as it was written."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for word in text.lower().replace("\x00", " ").split():
            plain = word.strip(".,;:!?()\"'»«")
            for one in telling(plain):
                if fold(plain) == one:
                    seen[stem(one)][plain] += 1
    found: dict[str, str] = defaultdict(str)
    for root, words in seen.items():
        found[root] = min(words, key=lambda word: (-words[word], word))
    return _OwnName(found)


class _OwnName(dict[str, str]):
    """A stem that nobody wrote by itself is its own name."""

    def __missing__(self, key: str) -> str:
        return key
