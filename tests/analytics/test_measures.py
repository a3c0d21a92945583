"""Figures, their intervals, drift and fairness are what they are called."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from analytics import stability
from analytics.churn import drift, fairness, measures


def drawn(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    promised = random.beta(2, 6, rows)
    return (random.random(rows) < promised).astype(np.int64), promised


def test_the_interval_of_the_area_holds_as_often_as_it_says() -> None:
    truth = float(roc_auc_score(*drawn(200_000, 0)))
    held = 0
    for seed in range(1, 201):
        target, promised = drawn(300, seed)
        low, high = measures.area_interval(target, promised)
        held += low <= truth <= high
    assert 0.90 <= held / 200 <= 0.99


def test_rows_of_one_customer_are_not_counted_as_more_knowledge() -> None:
    target, promised = drawn(400, 3)
    twice = np.concatenate([target, target]), np.concatenate([promised, promised])
    whose = np.concatenate([np.arange(400)] * 2)
    once = measures.area_interval(target, promised)
    assert measures.area_interval(*twice, whose) == pytest.approx(once, abs=1e-3)
    blind = measures.area_interval(*twice)
    assert blind[1] - blind[0] < 0.8 * (once[1] - once[0])


def test_a_difference_is_nothing_for_equals_and_seen_for_a_better_one() -> None:
    target, promised = drawn(2_000, 5)
    noisy = promised + np.random.default_rng(1).normal(0, 0.3, len(promised))
    same = measures.difference(target, promised, promised)
    assert (same["roc_auc"], same["roc_auc_interval"]) == (0, [0, 0])
    better = measures.difference(target, np.clip(noisy, 0, 1), promised)
    assert better["roc_auc_interval"][0] > 0 < better["brier_interval"][0]


def test_drift_is_nothing_among_the_same_and_large_among_others() -> None:
    random = np.random.default_rng(2)
    frame = pd.DataFrame({"age": random.normal(45, 10, 5_000), "flag": random.random(5_000) < 0.3})
    frame.loc[:500, "age"] = np.nan
    scores = random.random(5_000)
    known = drift.reference(frame.astype(float), scores)
    same = stability.psis(known, drift.counts(known, frame.astype(float), scores))
    assert max(same.values()) == pytest.approx(0, abs=1e-9)
    older = frame.astype(float).assign(age=lambda one: one["age"] + 15)
    moved = stability.psis(known, drift.counts(known, older, scores))
    assert moved["age"] > stability.STRANGE > stability.MOVED > moved["flag"]
    gone = frame.astype(float).assign(age=np.nan)
    assert stability.psis(known, drift.counts(known, gone, scores))["age"] > stability.STRANGE


def test_a_group_that_is_promised_too_much_is_seen_and_a_small_one_is_let_be() -> None:
    target, promised = drawn(4_000, 7)
    branch = np.where(np.arange(4_000) % 2 == 0, "a", "b").astype(object)
    branch[:20] = "c"
    told = np.where(branch == "b", np.minimum(promised + 0.2, 1), promised)
    rows = fairness.by_group(
        {"branch": branch.tolist()}, target, told, customers=np.arange(4_000), threshold=0.5
    )
    fair, wronged, small = rows
    assert fair["gap_interval"][0] < 0 < fair["gap_interval"][1]
    assert wronged["gap_interval"][1] < 0
    assert set(small) == {"dimension", "group", "rows"}


def test_ages_have_bands_with_clear_edges() -> None:
    assert fairness.age_bands([24.9, 25, 54.9, 70, float("nan")]) == [
        "-25", "25-40", "40-55", "70-", "",
    ]  # fmt: skip
