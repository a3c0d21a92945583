"""
Fitting the churn model, and measuring it: every figure is out of fold.

Trees of a few sizes are tried; the size that tells best out of fold is fitted again with other
seeds, and the log-odds of these models are averaged, which keeps the reasons exact.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from analytics.churn.reasons import Explainer
from analytics.churn.table import Encoding, UnfitTable, describe
from analytics.churn.values import Floats

FOLDS = 5
SEED = 0
_FEWEST = 10  # of the rarer class: two a fold
#: Leaves of a tree, learning rate and trees; few rows and weak signals want the small ones.
SIZES = ((4, 0.05, 250), (8, 0.05, 200), (12, 0.03, 300))
_MANY = 2_000
#: Models whose log-odds are averaged.
SEEDS = 3
_Z = 1.96  # of a 95 % interval
# Kept in the register in English, shown in the reader's language.
ALGORITHM = gettext_noop("gradient-boosted trees, averaged over three seeds, Platt-scaled")


@dataclass(frozen=True)
class Fitted:
    """
    A model ready to be kept, with what is known of it.

    The probability is the logistic function of `slope * log-odds + offset`: an affine map keeps
    the reasons additive.
    """

    models: list[Any]
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
    unwanted: Mapping[str, str] | None = None,
    groups: npt.NDArray[Any] | None = None,
) -> Fitted:
    """
    Fit on the whole table, and measure by five stratified shuffled folds with a fixed seed.

    :param target: 1 for those who left
    :param unwanted: columns to leave out, with the reason
    :param groups: rows of one group (the same customer at several dates) share a fold
    :raises UnfitTable: one class only, too few of the rarer one, or nothing to learn from
    """
    began = time.perf_counter()
    check_outcomes(target)
    encoding = describe(frame, unwanted=unwanted)
    matrix = encoding.matrix(frame)
    folds = _folds(matrix, target, groups)
    size, logits = _best(matrix, target, folds)
    probabilities = _calibrated_across_folds(logits, folds, target)
    slope, offset = _platt(logits, target)
    models = [_fit(matrix, target, size, seed) for seed in range(SEEDS)]
    explainer = Explainer(models)
    metrics = {
        **measures(target, probabilities),
        **intervals(target, probabilities),
        "calibration_error_by_chance": calibration_by_chance(probabilities),
        "rows": len(target),
        "positive_rate": float(target.mean()),
        "features": len(encoding.columns),
        "leaves": size[0],
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
    return Fitted(
        models, encoding, slope, offset, metrics, importance, probabilities, folds, target
    )


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


def calibration_by_chance(probabilities: Floats, draws: int = 30) -> float:
    """The calibration error that a model shows whose every promise is kept: chance alone."""
    random = np.random.default_rng(SEED)
    kept = [
        (random.random(len(probabilities)) < probabilities).astype(np.int64)
        for _draw in range(draws)
    ]
    return float(np.mean([calibration_error(target, probabilities) for target in kept]))


def intervals(target: npt.NDArray[np.int64], probabilities: Floats) -> dict[str, list[float]]:
    """
    95 % intervals of the figures.

    ROC-AUC by E. DeLong (1988) with the midranks of X. Sun and W. Xu (2014), average precision on
    the logit scale (K. Boyd, 2013), the Brier score as the mean that it is.
    """
    ranks = rankdata(probabilities)
    left, stayed = target == 1, target == 0
    m, n = int(left.sum()), int(stayed.sum())
    above = (ranks[left] - rankdata(probabilities[left])) / n
    below = 1 - (ranks[stayed] - rankdata(probabilities[stayed])) / m
    spread = np.sqrt(above.var(ddof=1) / m + below.var(ddof=1) / n)
    precision = float(average_precision_score(target, probabilities))
    inside = min(max(precision, 1e-6), 1 - 1e-6)
    wide = _Z / np.sqrt(m * inside * (1 - inside))
    logit = np.log(inside / (1 - inside))
    errors = (probabilities - target) ** 2
    return {
        "roc_auc_interval": _within(above.mean(), _Z * spread),
        "average_precision_interval": logistic(np.array([logit - wide, logit + wide])).tolist(),
        "brier_interval": _within(errors.mean(), _Z * errors.std(ddof=1) / np.sqrt(len(errors))),
    }


def _within(middle: float, spread: float) -> list[float]:
    return [float(max(middle - spread, 0.0)), float(min(middle + spread, 1.0))]


def logistic(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60, 60))), dtype=np.float64)


def check_outcomes(target: npt.NDArray[np.int64]) -> None:
    """:raises UnfitTable: one class only, or too few rows of the rarer one"""
    rarer = int(min((target == 1).sum(), (target == 0).sum()))
    if rarer == 0:
        raise UnfitTable(_("All rows have the same outcome, so there is nothing to tell apart."))
    if rarer < _FEWEST:
        raise UnfitTable(
            _("Only %(rows)d rows have the rarer outcome; %(least)d are needed.")
            % {"rows": rarer, "least": _FEWEST}
        )


def _fit(
    matrix: Floats, target: npt.NDArray[np.int64], size: tuple[int, float, int], seed: int
) -> Any:
    leaves, rate, trees = size
    model = HistGradientBoostingClassifier(
        learning_rate=rate,
        max_iter=trees,
        max_leaf_nodes=leaves,
        # Of few rows a leaf has to be a good part, and of a rare outcome it has to hold some.
        min_samples_leaf=max(5, min(60, len(target) // 100)),
        l2_regularization=5.0,
        max_features=0.5,  # each split looks at half of the features, so seeds differ
        early_stopping=False,
        random_state=seed,
    )
    return model.fit(matrix, target)


def _folds(
    matrix: Floats, target: npt.NDArray[np.int64], groups: npt.NDArray[Any] | None
) -> npt.NDArray[np.int64]:
    splitter: Any = StratifiedKFold if groups is None else StratifiedGroupKFold
    splits = splitter(n_splits=FOLDS, shuffle=True, random_state=SEED)
    folds = np.zeros(len(target), dtype=np.int64)
    for fold, (_learn, check) in enumerate(splits.split(matrix, target, groups)):
        folds[check] = fold
    if any(len(set(target[folds != fold])) < 2 for fold in range(FOLDS)):
        raise UnfitTable(_("The rarer outcome is that of too few customers to part them in folds."))
    return folds


def _best(
    matrix: Floats, target: npt.NDArray[np.int64], folds: npt.NDArray[np.int64]
) -> tuple[tuple[int, float, int], Floats]:
    """The size of trees that tells best, with its log-odds out of fold, averaged over the seeds."""
    # Of few rows the differences are chance, and the small trees are the safe ones.
    sizes = SIZES if len(target) >= _MANY else SIZES[:1]
    first = {size: _out_of_fold(matrix, target, folds, size, 0) for size in sizes}
    size = max(first, key=lambda one: roc_auc_score(target, first[one]))
    more = [_out_of_fold(matrix, target, folds, size, seed) for seed in range(1, SEEDS)]
    return size, np.mean([first[size], *more], axis=0)


def _out_of_fold(
    matrix: Floats,
    target: npt.NDArray[np.int64],
    folds: npt.NDArray[np.int64],
    size: tuple[int, float, int],
    seed: int,
) -> Floats:
    logits = np.zeros(len(target))
    for fold in range(FOLDS):
        here = folds == fold
        model = _fit(matrix[~here], target[~here], size, seed)
        logits[here] = model.decision_function(matrix[here])
    return logits


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
