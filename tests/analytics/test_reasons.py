"""Reasons are exact, whatever the table; figures are what they are called."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from analytics.churn.measures import calibration_error
from analytics.churn.reasons import Explainer
from analytics.churn.scoring import in_points
from analytics.churn.table import Encoding, UnfitTable, describe
from analytics.churn.training import logistic, train

CHURN = Path(__file__).resolve().parents[3] / "shared" / "data" / "churn" / "Churn_Modelling.csv"


def table(rows: int = 600, seed: int = 1) -> tuple[pd.DataFrame, Any]:
    """A table in which age and country matter, together and apart, and some cells are empty."""
    random = np.random.default_rng(seed)
    age = random.normal(45, 12, rows)
    country = random.choice(["DK", "SE", "DE"], rows)
    logits = (age - 45) / 8 + np.where(country == "SE", 1.5, -0.5) * (age > 50)
    target = (random.random(rows) < logistic(logits)).astype(np.int64)
    frame = pd.DataFrame(
        {
            "key": np.arange(rows),
            "surname": [f"Name {n // 2}" for n in range(rows)],
            "age": np.where(random.random(rows) < 0.1, np.nan, age),
            "country": country,
            "constant": 1,
        }
    )
    return frame, target


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(2, 20))
def test_reasons_add_up_to_the_log_odds(seed: int, leaves: int) -> None:
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(300, 5)).round(1)
    matrix[random.random(matrix.shape) < 0.15] = np.nan
    target = (random.random(300) < 0.4).astype(int)
    model = HistGradientBoostingClassifier(
        max_iter=20, max_leaf_nodes=leaves, min_samples_leaf=5, early_stopping=False,
        interaction_cst="pairwise" if seed % 2 else None,
    ).fit(matrix, target)  # fmt: skip
    # Values the model has never seen as well: beyond its range, and missing everywhere.
    unseen = np.vstack([matrix, random.normal(size=(50, 5)) * 100, np.full((1, 5), np.nan)])
    explainer = Explainer([model])
    added = explainer.base + explainer.contributions(unseen).sum(axis=1)
    assert np.abs(added - model.decision_function(unseen)).max() < 1e-9


def test_a_feature_that_is_never_used_adds_nothing() -> None:
    frame, target = table()
    fitted = train(frame.assign(noise=0.5, other=frame["age"] * 0), target)
    assert {one["name"] for one in fitted.importance} == {"age", "country"}


def test_points_go_the_whole_way_from_the_base() -> None:
    contributions = np.array([[1.0, -0.25, 0.0], [1e-12, 0.0, 0.0]])
    start = 0.24
    base = np.log(start / (1 - start))
    after = logistic(base + contributions.sum(axis=1))
    points = in_points(contributions, after - start, slope=start * (1 - start))
    assert points.sum(axis=1) == pytest.approx((after - start) * 100)
    assert points[0, 2] == 0


def test_ids_names_and_constants_are_refused() -> None:
    frame, _target = table()
    encoding = describe(frame)
    assert [column.name for column in encoding.columns] == ["age", "country"]
    assert set(encoding.refused) == {"key", "surname", "constant"}
    again = Encoding.from_json(encoding.as_json())
    assert np.array_equal(again.matrix(frame), encoding.matrix(frame), equal_nan=True)


def test_an_unknown_word_is_none_of_the_known_ones() -> None:
    frame, _target = table()
    encoding = describe(frame)
    row = encoding.matrix(pd.DataFrame({"age": [40.0], "country": ["NO"]}))
    assert row.tolist() == [[40.0, 0.0, 0.0, 0.0]]


@pytest.mark.parametrize("target", [np.zeros(600, int), np.ones(600, int), np.arange(600) < 9])
def test_one_outcome_or_too_few_are_refused_in_a_sentence(target: Any) -> None:
    frame, _target = table()
    with pytest.raises(UnfitTable, match=r"\w+.*\."):
        train(frame, np.asarray(target).astype(np.int64))


def test_training_is_repeatable_and_groups_share_a_fold() -> None:
    frame, target = table()
    groups = np.arange(600) // 3
    first, second = (train(frame, target, groups=groups) for _time in range(2))
    assert np.array_equal(first.out_of_fold, second.out_of_fold)
    for group in range(200):
        assert len(set(first.folds[groups == group])) == 1


def test_calibration_error_of_a_perfect_and_of_a_wrong_promise() -> None:
    target = np.array([0, 1] * 50)
    assert calibration_error(target, np.full(100, 0.5)) == pytest.approx(0.0, abs=0.05)
    assert calibration_error(target, np.full(100, 0.9)) == pytest.approx(0.4)


def test_the_public_table() -> None:
    if not CHURN.exists():
        pytest.skip(f"{CHURN} is not here; it is not part of the project")
    frame = pd.read_csv(CHURN)
    target = frame.pop("Exited").to_numpy().astype(np.int64)
    fitted = train(frame, target)
    assert fitted.metrics["roc_auc"] > 0.86
    assert fitted.metrics["calibration_error"] < 0.012
    assert set(fitted.encoding.refused) == {"RowNumber", "CustomerId", "Surname"}
