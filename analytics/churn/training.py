"""Fitting and measuring the churn model; every figure is out of fold."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from analytics.churn.reasons import Explainer, Floats
from analytics.churn.table import Encoding, UnfitTable, describe

FOLDS = 5
SEED = 0
_FEWEST = 50  # of the rarer class: fewer say nothing in five folds
# Kept in the register in English, shown in the reader's language.
ALGORITHM = gettext_noop("gradient-boosted trees, pairs of features at most, Platt-scaled")


@dataclass(frozen=True)
class Fitted:
    """
    A model ready to be kept, with what is known of it.

    The probability is the logistic function of `slope * log-odds + offset`: an affine map keeps
    the reasons additive.
    """

    model: Any
    encoding: Encoding
    slope: float
    offset: float
    metrics: dict[str, Any]
    importance: list[dict[str, Any]]
    out_of_fold: Floats
    folds: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]


def train(
    frame: pd.DataFrame,
    target: npt.NDArray[np.int64],
    *,
    unwanted: Sequence[str] = (),
    groups: npt.NDArray[Any] | None = None,
) -> Fitted:
    """
    Fit on the whole table, and measure by five stratified shuffled folds with a fixed seed.

    :param target: 1 for those who left
    :param groups: rows of one group (the same customer at several dates) share a fold
    :raises UnfitTable: one class only, too few of the rarer one, or nothing to learn from
    """
    began = time.perf_counter()
    _check(target)
    encoding = describe(frame, unwanted=unwanted)
    matrix = encoding.matrix(frame)
    logits, folds = _out_of_fold(matrix, target, groups)
    probabilities = _calibrated_across_folds(logits, folds, target)
    slope, offset = _platt(logits, target)
    model = _fit(matrix, target)
    explainer = Explainer(model)
    metrics = {
        **measures(target, probabilities),
        "rows": len(target),
        "positive_rate": float(target.mean()),
        "features": len(encoding.columns),
        "seconds": round(time.perf_counter() - began, 2),
    }
    weight = _by_column(np.abs(explainer.contributions(matrix)).mean(axis=0), encoding)
    importance: list[dict[str, Any]] = sorted(
        (
            {"name": column.name, "weight": float(size * slope)}
            for column, size in zip(encoding.columns, weight, strict=True)
        ),
        key=lambda one: -float(one["weight"]),
    )
    return Fitted(model, encoding, slope, offset, metrics, importance, probabilities, folds, target)


def measures(target: npt.NDArray[np.int64], probabilities: Floats) -> dict[str, float]:
    """ROC-AUC, average precision, Brier score and calibration error."""
    return {
        "roc_auc": float(roc_auc_score(target, probabilities)),
        "average_precision": float(average_precision_score(target, probabilities)),
        "brier": float(brier_score_loss(target, probabilities)),
        "calibration_error": calibration_error(target, probabilities),
    }


def calibration_error(
    target: npt.NDArray[np.int64], probabilities: Floats, bins: int = 10
) -> float:
    """Mean distance of promised and seen rate over quantile bins, weighted by their rows."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if part.size]
    gaps = [abs(target[part].mean() - probabilities[part].mean()) * part.size for part in parts]
    return float(sum(gaps) / len(target))


def logistic(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60, 60))), dtype=np.float64)


def _check(target: npt.NDArray[np.int64]) -> None:
    rarer = int(min((target == 1).sum(), (target == 0).sum()))
    if rarer == 0:
        raise UnfitTable(_("All rows have the same outcome, so there is nothing to tell apart."))
    if rarer < _FEWEST:
        raise UnfitTable(
            _("Only %(rows)d rows have the rarer outcome; %(least)d are needed.")
            % {"rows": rarer, "least": _FEWEST}
        )


def _fit(matrix: Floats, target: npt.NDArray[np.int64]) -> Any:
    # Few rows want few and large leaves; the numbers were chosen on a public table of 10,000.
    model = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=200,
        max_leaf_nodes=8,
        min_samples_leaf=max(20, min(60, len(target) // 200)),
        l2_regularization=5.0,
        interaction_cst="pairwise",
        early_stopping=False,
        random_state=SEED,
    )
    return model.fit(matrix, target)


def _out_of_fold(
    matrix: Floats, target: npt.NDArray[np.int64], groups: npt.NDArray[Any] | None
) -> tuple[Floats, npt.NDArray[np.int64]]:
    splitter: Any = StratifiedKFold if groups is None else StratifiedGroupKFold
    splits = splitter(n_splits=FOLDS, shuffle=True, random_state=SEED)
    logits = np.zeros(len(target))
    folds = np.zeros(len(target), dtype=np.int64)
    for fold, (learn, check) in enumerate(splits.split(matrix, target, groups)):
        logits[check] = _fit(matrix[learn], target[learn]).decision_function(matrix[check])
        folds[check] = fold
    return logits, folds


def _calibrated_across_folds(
    logits: Floats, folds: npt.NDArray[np.int64], target: npt.NDArray[np.int64]
) -> Floats:
    """Each fold by a line that was fitted to the other folds."""
    found = np.zeros(len(target))
    for fold in range(FOLDS):
        here = folds == fold
        slope, offset = _platt(logits[~here], target[~here])
        found[here] = logistic(slope * logits[here] + offset)
    return found


def _platt(logits: Floats, target: npt.NDArray[np.int64]) -> tuple[float, float]:
    line = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), target)
    # A falling line would turn every reason round; it can only come of a model without skill.
    return max(float(line.coef_[0, 0]), 1e-3), float(line.intercept_[0])


def _by_column(values: Floats, encoding: Encoding) -> Floats:
    return np.array([values[part].sum() for part in encoding.groups()])
