"""
`screening_quality`: labelled pairs of names, match or not, at the default threshold.

Baseline: rapidfuzz's WRatio on the same pairs, at the threshold that is best for it.
"""

import csv
from collections.abc import Sequence

from rapidfuzz import fuzz, utils

from benchmarks.kit import Measure, Result, Say
from benchmarks.listed import DATA
from kyc.features import Party
from kyc.matching import THRESHOLD, compare, kind_of

NAME = "screening_quality"
PROMISE = "F1 of at least 0.85 at the default threshold."
PAIRS = DATA / "screening" / "name_pairs.csv"
ROWS = (317,)
Scored = list[tuple[float, bool]]


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """All pairs, whatever size is asked for."""
    result = Result(NAME, PROMISE)
    with PAIRS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    say(f"{len(rows)} pairs")
    ours: Scored = []
    theirs: Scored = []
    for row in rows:
        kind, match = kind_of(row["kind"]), row["is_match"] == "true"
        left, right = Party((row["name1"],), kind), Party((row["name2"],), kind)
        ours.append((compare(left, right).score, match))
        likeness = fuzz.WRatio(row["name1"], row["name2"], processor=utils.default_process)
        theirs.append((likeness / 100, match))
    best = max((f1(theirs, at / 100), at) for at in range(50, 100))
    found = f1(ours, THRESHOLD)
    result.measures.append(
        Measure("F1", len(rows), round(found, 4), round(best[0], 4), "F1",
                f"WRatio at its best threshold of {best[1]}", round(found / best[0], 3))
    )  # fmt: skip
    around = ", ".join(f"{f1(ours, THRESHOLD + by):.3f}" for by in (-0.02, 0.02))
    result.notes.append(f"0.02 below and above the threshold: {around}")
    return result


def f1(scored: Scored, threshold: float) -> float:
    hit = sum(match for score, match in scored if score >= threshold)
    said = sum(score >= threshold for score, _match in scored)
    return 2 * hit / (said + sum(match for _score, match in scored))
