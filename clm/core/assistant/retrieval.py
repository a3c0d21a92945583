"""
Which source a question is about, in Danish or English.

Two things are asked of each source. How much of what the question says does it know (`covered`)?
Each word counts by how rare it is; a word that no source knows counts most, which is what makes
a question about something else score low. A word is known by its stem, as a part of a compound,
or by nearly the same letters, so that endings, compounds and typing errors are forgiven. And how
near is the question to the nearest single passage, as a whole (`likeness`)?
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clm.core.assistant.words import fold, stem, telling

#: What people ask and the words an author adds count in full; a text mentions much in passing.
ASKED, NAMED, MENTIONED = 1.0, 1.0, 0.55
#: How much of a score is what is covered; the rest is likeness. Found on the questions for tuning.
COVERED = 0.75
#: What is left of the others where a question is one that a source names.
EXACTLY = 0.8
#: From this likeness of letters on, two words may be the same one, mistyped.
SAME = 0.62
#: No question of a person's has more words that tell something.
LONGEST = 60


@dataclass(frozen=True)
class Source:
    """
    Something that can answer.

    :param asked: whole questions, as people put them
    :param named: words that people use for it, titles and synonyms among them
    :param mentioned: the answer's own text
    """

    name: str
    asked: Sequence[str] = ()
    named: Sequence[str] = ()
    mentioned: Sequence[str] = ()


@dataclass(frozen=True)
class Found:
    """A source and how near the question is to it, from 0 to 1."""

    name: str
    score: float


class Index:
    """Sources in every language, ready to be asked; building it takes some hundredths of a second."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.names: list[str] = []
        weights: list[dict[str, float]] = []
        passages: list[tuple[int, str]] = []
        asked: list[tuple[int, str]] = []
        for place, one in enumerate(sources):
            self.names.append(one.name)
            weights.append(_weighed(one))
            asked += [(place, text) for text in one.asked]
            passages += [(place, text) for text in (*one.asked, *one.named) if telling(text)]
        if not passages:
            self.names = []
            return
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._place = {word: n for n, word in enumerate(sorted({w for k in weights for w in k}))}
        self._words = list(self._place)
        self._knows = np.zeros((len(weights), len(self._words)))
        for row, known in enumerate(weights):
            for word, weight in known.items():
                self._knows[row, self._place[word]] = weight
        held = (self._knows >= NAMED).sum(axis=0) + MENTIONED * (
            (self._knows > 0) & (self._knows < NAMED)
        ).sum(axis=0)
        self._rarity = np.log(1 + len(weights) / (0.5 + held))
        self._unheard = float(np.log(1 + len(weights) / 0.5))
        self._letters: Any = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
        self._spelt = self._letters.fit_transform(self._words)
        self._phrases: Any = TfidfVectorizer(
            tokenizer=_stems, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True
        )
        self._asked = {fold(text): place for place, text in asked}
        self._texts = self._phrases.fit_transform([text for _place, text in passages])
        self._of = np.array([place for place, _text in passages])

    def near(self, question: str, *, limit: int = 3) -> list[Found]:
        """The nearest sources, best first; none for a question without a word that tells anything."""
        words = list(dict.fromkeys(_stems(question)))[:LONGEST]
        if not self.names or not words:
            return []
        likeness = np.zeros(len(self.names))
        alike = (self._texts @ self._phrases.transform([" ".join(words)]).T).toarray().ravel()
        np.maximum.at(likeness, self._of, alike)
        scores = COVERED * self._covered(words) + (1 - COVERED) * likeness
        if (exactly := self._asked.get(fold(question))) is not None:
            # Word for word as somebody has written that it is asked.
            scores = scores * EXACTLY
            scores[exactly] = 1.0
        best = sorted(zip(self.names, scores, strict=True), key=lambda one: (-one[1], one[0]))
        return [Found(name, round(float(score), 4)) for name, score in best[:limit] if score > 0]

    def _covered(self, words: Sequence[str]) -> "np.ndarray[Any, Any]":
        """What share of the question each source knows, words weighed by their rarity."""
        spelt = (self._letters.transform(words) @ self._spelt.T).toarray()
        total, known = 0.0, np.zeros(len(self.names))
        for word, letters in zip(words, spelt, strict=True):
            same = self._same(word, letters)
            if not same.any():
                total += self._unheard
                continue
            rarity = float((self._rarity * same).max() / same.max())
            best = (self._knows * same).max(axis=1)
            # A word that is half known leaves the rest of it unheard.
            total += rarity
            known += rarity * best
        share: np.ndarray[Any, Any] = known / total
        return share

    def _same(self, word: str, letters: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
        """How far each word that is known is this one, from 0 to 1."""
        same = np.where(letters >= SAME, letters * 0.9, 0.0)
        for n, known in enumerate(self._words):
            if known == word:
                same[n] = 1.0
            elif _compound(word, known):
                same[n] = max(same[n], 0.75)
        return same


def _weighed(source: Source) -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for texts, weight in (
        (source.asked, ASKED), (source.named, NAMED), (source.mentioned, MENTIONED),
    ):  # fmt: skip
        for text in texts:
            for word in _stems(text):
                weights[word] = max(weights[word], weight)
    return dict(weights)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in telling(text)]


def _compound(one: str, other: str) -> bool:
    """Whether one is the beginning or the end of the other, long enough to be a word of its own."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and len(long) - len(short) >= 2 and (
        long.startswith(short) or long.endswith(short)
    )  # fmt: skip


_DANISH = frozenset(
    [
        "jeg",
        "det",
        "er",
        "ikke",
        "hvordan",
        "hvad",
        "hvor",
        "hvorfor",
        "hvornaar",
        "min",
        "mit",
        "mine",
        "skal",
        "kan",
        "og",
        "til",
        "en",
        "et",
        "har",
        "mig",
        "af",
        "vil",
        "i",
        "jer",
        "jeres",
        "der",
        "som",
        "naar",
        "faar",
        "fik",
        "hvilke",
        "hvilken",
        "du",
        "din",
        "dit",
        "har",
        "vores",
        "vi",
        "min",
        "den",
    ]
)
_ENGLISH = frozenset(
    [
        "i",
        "the",
        "is",
        "not",
        "how",
        "what",
        "where",
        "why",
        "when",
        "my",
        "do",
        "does",
        "can",
        "and",
        "to",
        "a",
        "an",
        "have",
        "me",
        "of",
        "will",
        "you",
        "your",
        "it",
        "that",
        "which",
        "who",
        "are",
        "am",
        "did",
        "has",
        "been",
        "was",
        "from",
        "with",
        "we",
        "our",
        "this",
        "there",
    ]
)
_LETTER = re.compile("[æøå]", re.IGNORECASE)


def language_of(text: str, *, otherwise: str) -> str:
    """`da` or `en`, by letters and small words; `otherwise` where they do not tell."""
    if _LETTER.search(text):
        return "da"
    words = fold(text).split()
    danish, english = (sum(w in known for w in words) for known in (_DANISH, _ENGLISH))
    if danish == english:
        return otherwise
    return "da" if danish > english else "en"
