"""How well the assistant answers the labelled questions; `measure.py` prints the figures of docs/assistant.md."""

import csv
from dataclasses import dataclass
from pathlib import Path

from clm.core.assistant import answering
from clm.core.assistant.models import Outcome
from clm.core.assistant.retrieval import Index

QUESTIONS = Path(__file__).with_name("questions.csv")


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


def measure(*, index: Index, half: str) -> Figures:
    counts: dict[str, int] = {}

    def count(*names: str) -> None:
        for name in names:
            counts[name] = counts.get(name, 0) + 1

    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["half"] != half:
                continue
            found = index.near(row["question"])
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
