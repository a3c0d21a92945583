"""
Fitting the churn model, and measuring it: every figure is out of fold, and where the rows have
dates out of time as well.

Trees of a few sizes are tried, free and with splits on at most two features together; what tells
best out of fold (and out of time) is fitted again with other seeds, and the log-odds of these
models are averaged, which keeps the reasons exact.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from analytics.churn.measures import Target, measured
from analytics.churn.reasons import Explainer
from analytics.churn.table import Encoding, UnfitTable, describe
from analytics.churn.values import Floats

Mask = npt.NDArray[np.bool_]
FOLDS = 5
SEED = 0
_FEWEST = 10  # of the rarer class: two a fold
_MANY = 2_000
#: Models whose log-odds are averaged.
SEEDS = 3
# Kept in the register in English, shown in the reader's language.
ALGORITHM = gettext_noop("gradient-boosted trees, averaged over three seeds, Platt-scaled")
PAIRWISE = gettext_noop(
    "gradient-boosted trees of pairs of features, averaged over three seeds, Platt-scaled"
)


class Shape(NamedTuple):
    """
    The trees that are tried.

    :ivar pairwise: on a way from root to leaf at most two features meet
    """

    leaves: int
    rate: float
    trees: int
    pairwise: bool = False


#: Few rows and weak signals want the small ones.
SHAPES = tuple(
    Shape(*size, pairwise)
    for size in ((4, 0.05, 250), (8, 0.05, 200), (12, 0.03, 300))
    for pairwise in (False, True)
)


@dataclass(frozen=True)
class Platt:
    """A rising line on the log-odds: it calibrates, and keeps the reasons additive."""

    slope: float
    offset: float

    def __call__(self, logits: Floats) -> Floats:
        return logistic(self.slope * logits + self.offset)


@dataclass(frozen=True)
class Earlier:
    """The same model, fitted only on what was known before the time that is tested."""

    models: list[Any]
    platt: Platt
    metrics: dict[str, Any]
    probabilities: Floats


@dataclass(frozen=True)
class Fitted:
    """
    A model ready to be kept, with what is known of it.

    The probability is the logistic function of `slope * log-odds + offset`.

    :ivar candidates: every shape that was tried, with what it reached
    :ivar earlier: its twin for the test out of time; None where the rows have no dates, or too
        few left
    """

    models: list[Any]
    encoding: Encoding
    slope: float
    offset: float
    metrics: dict[str, Any]
    importance: list[dict[str, Any]]
    out_of_fold: Floats
    folds: npt.NDArray[np.int64]
    target: Target
    shape: Shape
    candidates: list[dict[str, Any]]
    earlier: Earlier | None = None


def train(
    frame: pd.DataFrame,
    target: Target,
    *,
    unwanted: Mapping[str, str] | None = None,
    groups: npt.NDArray[Any] | None = None,
    split: tuple[Mask, Mask] | None = None,
) -> Fitted:
    """
    Fit on the whole table, and measure by five stratified shuffled folds with a fixed seed.

    :param target: 1 for those who left
    :param unwanted: columns to leave out, with the reason
    :param groups: rows of one group (the same customer at several dates) share a fold
    :param split: the rows of the time that is tested, and the rows known before it
    :raises UnfitTable: one class only, too few of the rarer one, or nothing to learn from
    """
    began = time.perf_counter()
    check_outcomes(target)
    encoding = describe(frame, unwanted=unwanted)
    matrix = encoding.matrix(frame)
    folds = _folds(matrix, target, groups)
    if split is not None and not all(_enough(target[rows]) for rows in split):
        split = None
    tried = _try(matrix, target, folds, split)
    shape = max(tried, key=lambda one: float(np.mean(tried[one].areas)))
    more = [_out_of_fold(matrix, target, folds, shape, seed) for seed in range(1, SEEDS)]
    logits = np.mean([tried[shape].logits, *more], axis=0)
    probabilities = _calibrated_across_folds(logits, folds, target)
    platt = _platt(logits, target)
    models = [_fit(matrix, target, shape, seed) for seed in range(SEEDS)]
    earlier = _earlier(matrix, target, shape, groups, split) if split is not None else None
    metrics = {
        **measured(target, probabilities, groups),
        "features": len(encoding.columns),
        "leaves": shape.leaves,
        "pairwise": shape.pairwise,
        "seconds": round(time.perf_counter() - began, 2),
        **({"out_of_time": earlier.metrics} if earlier else {}),
    }
    return Fitted(
        models=models, encoding=encoding, slope=platt.slope, offset=platt.offset, metrics=metrics,
        importance=_importance(models, matrix, encoding, platt.slope), out_of_fold=probabilities,
        folds=folds, target=target, shape=shape, earlier=earlier,
        candidates=[
            {**one._asdict(), "areas": tried[one].areas, "chosen": one == shape} for one in tried
        ],
    )  # fmt: skip


def logistic(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60, 60))), dtype=np.float64)


def log_odds(models: Sequence[Any], matrix: Floats) -> Floats:
    """The models' log-odds, averaged."""
    return np.asarray(np.mean([one.decision_function(matrix) for one in models], axis=0))


def check_outcomes(target: Target) -> None:
    """:raises UnfitTable: one class only, or too few rows of the rarer one"""
    rarer = _rarer(target)
    if rarer == 0:
        raise UnfitTable(_("All rows have the same outcome, so there is nothing to tell apart."))
    if rarer < _FEWEST:
        raise UnfitTable(
            _("Only %(rows)d rows have the rarer outcome; %(least)d are needed.")
            % {"rows": rarer, "least": _FEWEST}
        )


def _rarer(target: Target) -> int:
    return int(min((target == 1).sum(), (target == 0).sum()))


def _enough(target: Target) -> bool:
    return _rarer(target) >= _FEWEST


class _Tried(NamedTuple):
    """Log-odds out of fold, and the ROC-AUC out of fold and, where there is one, out of time."""

    logits: Floats
    areas: list[float]


def _try(
    matrix: Floats,
    target: Target,
    folds: npt.NDArray[np.int64],
    split: tuple[Mask, Mask] | None,
) -> dict[Shape, _Tried]:
    # Of few rows the differences are chance, and the small trees are the safe ones.
    shapes = SHAPES if len(target) >= _MANY else SHAPES[:2]
    found = {}
    for shape in shapes:
        logits = _out_of_fold(matrix, target, folds, shape, 0)
        areas = [float(roc_auc_score(target, logits))]
        if split is not None:
            later, known = split
            model = _fit(matrix[known], target[known], shape, 0)
            guessed = model.decision_function(matrix[later])
            areas.append(float(roc_auc_score(target[later], guessed)))
        found[shape] = _Tried(logits, areas)
    return found


def _earlier(
    matrix: Floats,
    target: Target,
    shape: Shape,
    groups: npt.NDArray[Any] | None,
    split: tuple[Mask, Mask],
) -> Earlier:
    """What would have been promised had it been trained back then, beside what came."""
    later, known = split
    past, before = matrix[known], target[known]
    whose = None if groups is None else groups[known]
    # Shuffled folds: in the order of time, calibration would learn the calendar.
    platt = _platt(_out_of_fold(past, before, _folds(past, before, whose), shape, 0), before)
    models = [_fit(past, before, shape, seed) for seed in range(SEEDS)]
    probabilities = platt(log_odds(models, matrix[later]))
    metrics = measured(target[later], probabilities, None if groups is None else groups[later])
    return Earlier(models, platt, metrics, probabilities)


def _fit(matrix: Floats, target: Target, shape: Shape, seed: int) -> Any:
    model = HistGradientBoostingClassifier(
        learning_rate=shape.rate,
        max_iter=shape.trees,
        max_leaf_nodes=shape.leaves,
        # Of few rows a leaf has to be a good part, and of a rare outcome it has to hold some.
        min_samples_leaf=max(5, min(60, len(target) // 100)),
        l2_regularization=5.0,
        max_features=0.5,  # each split looks at half of the features, so seeds differ
        interaction_cst="pairwise" if shape.pairwise and matrix.shape[1] > 1 else None,
        early_stopping=False,
        random_state=seed,
    )
    return model.fit(matrix, target)


def _folds(
    matrix: Floats, target: Target, groups: npt.NDArray[Any] | None
) -> npt.NDArray[np.int64]:
    splitter: Any = StratifiedKFold if groups is None else StratifiedGroupKFold
    splits = splitter(n_splits=FOLDS, shuffle=True, random_state=SEED)
    folds = np.zeros(len(target), dtype=np.int64)
    for fold, (_learn, check) in enumerate(splits.split(matrix, target, groups)):
        folds[check] = fold
    if any(len(set(target[folds != fold])) < 2 for fold in range(FOLDS)):
        raise UnfitTable(_("The rarer outcome is that of too few customers to part them in folds."))
    return folds


def _out_of_fold(
    matrix: Floats, target: Target, folds: npt.NDArray[np.int64], shape: Shape, seed: int
) -> Floats:
    logits = np.zeros(len(target))
    for fold in range(FOLDS):
        here = folds == fold
        model = _fit(matrix[~here], target[~here], shape, seed)
        logits[here] = model.decision_function(matrix[here])
    return logits


def _calibrated_across_folds(
    logits: Floats, folds: npt.NDArray[np.int64], target: Target
) -> Floats:
    """Each fold by a line that was fitted to the other folds."""
    found = np.zeros(len(target))
    for fold in range(FOLDS):
        here = folds == fold
        found[here] = _platt(logits[~here], target[~here])(logits[here])
    return found


def _platt(logits: Floats, target: Target) -> Platt:
    line = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), target)
    # A falling line would turn every reason round; it can only come of a model without skill.
    return Platt(max(float(line.coef_[0, 0]), 1e-3), float(line.intercept_[0]))


def _importance(
    models: Sequence[Any], matrix: Floats, encoding: Encoding, slope: float
) -> list[dict[str, Any]]:
    """The mean pull of each column on the log-odds, the strongest first."""
    pulls = np.abs(Explainer(models).contributions(matrix)).mean(axis=0)
    found: list[dict[str, Any]] = [
        {"name": column.name, "weight": float(pulls[where].sum() * slope)}
        for column, where in zip(encoding.columns, encoding.groups(), strict=True)
    ]
    return sorted(found, key=lambda one: -float(one["weight"]))
