"""
`churn`: how well the model tells who leaves, and how fast it scores with exact reasons.

Baselines, in the same run and on the same five folds: scikit-learn's gradient-boosted trees, tuned
(30 leaves at most, chosen among eight settings inside each fold) and calibrated by isotonic
regression; for the calibration error, what a perfectly calibrated model shows by chance; for
scoring, `predict_proba` of the same trees on the same ready matrix. The table is the public one of
bank customers where it is at hand, repeated rows of it where more are asked for.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RandomizedSearchCV, StratifiedKFold

from analytics.churn.reasons import Explainer
from analytics.churn.training import FOLDS, SEED, logistic, train
from benchmarks.kit import Measure, PeakMemory, Result, Say, clock, exponent
from benchmarks.listed import DATA

NAME = "churn"
PROMISE = (
    "ROC-AUC of the tuned trees or better; calibration error at most 1.5 times what chance gives;"
    " scoring with reasons at least a quarter as fast as the bare model."
)
ROWS = (1_000, 10_000, 100_000)
TABLE = DATA / "churn" / "Churn_Modelling.csv"
_SETTINGS = {
    "learning_rate": [0.03, 0.05, 0.1],
    "max_leaf_nodes": [6, 10, 15, 30],
    "max_iter": [100, 200],
    "min_samples_leaf": [20, 50],
    "l2_regularization": [0.0, 1.0, 5.0],
}


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Quality at the sizes that the table has, scoring at every size."""
    result = Result(NAME, PROMISE)
    whole = pd.read_csv(TABLE)
    outcome = whole.pop("Exited").to_numpy().astype(np.int64)
    fitted = None
    points = []
    for size in sizes:
        if size <= len(whole):
            say(f"{size} rows: five folds of ours and of the tuned trees")
            fitted = _quality(result, whole, outcome, size)
        fitted = fitted or train(whole, outcome)
        matrix = fitted.encoding.matrix(whole)
        matrix = np.tile(matrix, (-(-size // len(matrix)), 1))[:size]
        say(f"{size} rows scored with reasons")
        points.append((size, _scoring(result, fitted, matrix)))
    if (slope := exponent(points)) is not None:
        result.exponents["scoring: seconds by rows"] = slope
    return result


def _quality(result: Result, whole: pd.DataFrame, outcome: npt.NDArray[np.int64], size: int) -> Any:
    some = np.sort(np.random.default_rng(SEED).permutation(len(whole))[:size])
    frame, target = whole.iloc[some].reset_index(drop=True), outcome[some]
    fitted = train(frame, target)
    matrix = fitted.encoding.matrix(frame)
    theirs = np.zeros(size)
    folds = StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
    for learn, check in folds.split(matrix, target):
        tuned = RandomizedSearchCV(
            HistGradientBoostingClassifier(early_stopping=False, random_state=SEED),
            _SETTINGS, n_iter=8, scoring="roc_auc", cv=3, random_state=SEED,
        ).fit(matrix[learn], target[learn])  # fmt: skip
        calibrated = CalibratedClassifierCV(tuned.best_estimator_, method="isotonic", cv=5)
        theirs[check] = calibrated.fit(matrix[learn], target[learn]).predict_proba(matrix[check])[
            :, 1
        ]
    ours, best = fitted.metrics["roc_auc"], float(roc_auc_score(target, theirs))
    low, high = fitted.metrics["roc_auc_interval"]
    error = fitted.metrics["calibration_error"]
    chance = fitted.metrics["calibration_error_by_chance"]
    result.measures += [
        Measure("ROC-AUC, five folds", size, round(ours, 4), round(best, 4), "ROC-AUC",
                "trees tuned inside each fold, isotonic", round(ours / best, 4)),
        Measure("calibration error", size, round(error, 4), round(chance, 4), "of a probability",
                "a perfectly calibrated model, by chance", round(chance / error, 3)),
    ]  # fmt: skip
    result.notes.append(f"{size} rows: ROC-AUC between {low:.4f} and {high:.4f} (95 %)")
    return fitted


def _scoring(result: Result, fitted: Any, matrix: npt.NDArray[np.float64]) -> float:
    explainer = Explainer(fitted.models)
    with PeakMemory() as memory, clock() as seconds:
        reasons = explainer.contributions(matrix)
        logistic(fitted.slope * (explainer.base + reasons.sum(axis=1)) + fitted.offset)
    with clock() as bare:
        for model in fitted.models:
            model.predict_proba(matrix)
    size = len(matrix)
    result.measures.append(
        Measure("scored with reasons, in memory", size, round(size / seconds(), 1),
                round(size / bare(), 1), "rows/s", "predict_proba of the same trees",
                round(bare() / seconds(), 3), memory.grown_mb)
    )  # fmt: skip
    return seconds()
