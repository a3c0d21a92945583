"""
`assistant`: the labelled questions, the halves apart: answered, offered, not known, wrong.

The questions for tuning are each asked of a knowledge base without themselves; those held apart
stand nowhere else. Baseline: the nearest source by TF-IDF of words and cosine, on the same ones.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.kit import Measure, Result, Say
from clm.core.assistant import answering, selectors
from clm.core.assistant.models import Outcome
from clm.core.assistant.retrieval import Index, Source
from clm.core.assistant.topics import topics

NAME = "assistant"
PROMISE = "As docs/assistant.md says; a test fails where the questions held apart become worse."
QUESTIONS = Path(__file__).with_name("assistant_questions.csv")
ROWS = (311,)
HALVES = {"tune": "for tuning", "held": "held apart"}


@dataclass(frozen=True)
class Figures:
    """Counts over one half of the questions; `inside` are those that the knowledge base covers."""

    inside: int = 0
    outside: int = 0
    right: int = 0
    offered: int = 0
    wrong: int = 0
    missed: int = 0
    outside_answered: int = 0
    outside_offered: int = 0
    outside_unknown: int = 0
    nearest: int = 0


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """All questions, whatever size is asked for."""
    result = Result(NAME, PROMISE)
    every = sources()
    for half, words in HALVES.items():
        say(f"questions {words}")
        if half == "tune":
            found = measure(half=half, index_for=lambda asked: Index(without(every, asked)))
        else:
            index = Index(every)
            found = measure(half=half, index_for=lambda _asked, one=index: one)  # type: ignore[misc]
        plain = nearest_by_words(every, half)
        result.measures += [
            _share(f"found first, {words}", found.nearest, found.inside, plain),
            _share(f"answered rightly at once, {words}", found.right, found.inside, plain),
        ]
        result.notes.append(
            f"{words}: of {found.inside} it should know {found.right} answered, {found.offered}"
            f" offered, {found.wrong} wrong, {found.missed} not found"
            f" (does not know: {found.missed / found.inside:.0%}); of {found.outside} it should not"
            f" know {found.outside_unknown} not known, {found.outside_offered} offered titles,"
            f" {found.outside_answered} wrong"
            f" (does not know: {found.outside_unknown / found.outside:.0%})"
        )
    return result


def measure(*, half: str, index_for: Callable[[str], Index]) -> Figures:
    """
    How one half of the questions goes.

    :param index_for: the knowledge base that a question is asked of
    """
    counts: dict[str, int] = {}

    def count(*names: str) -> None:
        for name in names:
            counts[name] = counts.get(name, 0) + 1

    for row in _rows(half):
        found = index_for(row["question"]).near(row["question"])
        names = [one.name for one in found if one.score >= answering.PERHAPS]
        outcome, wanted = answering.judge(found), row["expected"]
        if not wanted:
            kinds = {Outcome.ANSWERED: "answered", Outcome.SUGGESTED: "offered"}
            count("outside", f"outside_{kinds.get(Outcome(outcome), 'unknown')}")
            continue
        count("inside")
        if found and found[0].name == wanted:
            count("nearest")
        if outcome == Outcome.ANSWERED:
            count("right" if found[0].name == wanted else "wrong")
        else:
            count("offered" if wanted in names and outcome == Outcome.SUGGESTED else "missed")
    return Figures(**counts)


def sources() -> list[Source]:
    """What the assistant knows: the articles in force, and the topics."""
    found = [answering.source_of(one) for one in selectors.articles_in_force()]
    return [*found, *(Source(one.name, asked=one.asked, named=one.named) for one in topics)]


def without(every: Sequence[Source], question: str) -> list[Source]:
    """The same knowledge, as if nobody had ever asked in these words."""
    same = _plain(question)
    return [
        replace(one, asked=[asked for asked in one.asked if _plain(asked) != same]) for one in every
    ]


def nearest_by_words(every: Sequence[Source], half: str) -> float:
    """The share of covered questions whose source is nearest by plain TF-IDF of words."""
    rows = [row for row in _rows(half) if row["expected"]]
    vectors: Any = TfidfVectorizer()
    vectors.fit([_text(one) for one in every])
    hits = 0
    for row in rows:
        known = without(every, row["question"]) if half == "tune" else every
        likeness = (
            vectors.transform([_text(one) for one in known])
            @ vectors.transform([row["question"]]).T
        )
        hits += known[int(likeness.toarray().argmax())].name == row["expected"]
    return hits / len(rows)


def _rows(half: str) -> list[dict[str, str]]:
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["half"] == half]


def _share(what: str, hits: int, of: int, baseline: float) -> Measure:
    share = hits / of
    return Measure(
        what, of, round(share, 3), round(baseline, 3), "share", "nearest by TF-IDF of words",
        round(share / (baseline or 1), 3),
    )  # fmt: skip


def _text(source: Source) -> str:
    return " ".join([*source.asked, *source.named])


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" ?!.").split())
