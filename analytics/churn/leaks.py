"""Columns that know the outcome: written down afterwards, or the outcome itself in other words."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from analytics.churn.table import Encoding
from analytics.churn.values import Floats

#: A single column that tells this much of the outcome did not come before it.
LEAK = 0.99
#: One that tells this much is used, and pointed at.
SUSPECT = 0.9
_MOST_ROWS = 20_000


def told_alone(
    matrix: Floats, target: npt.NDArray[np.int64], encoding: Encoding
) -> Mapping[str, float]:
    """
    How well each column tells the outcome by itself: the ROC-AUC of a small tree, out of fold.

    Where cells are missing counts as well: a day of leaving that only those have who left.
    """
    some = _sample(target)
    matrix, target = matrix[some], target[some]
    folds = StratifiedKFold(n_splits=3, shuffle=True, random_state=0)
    tree = DecisionTreeClassifier(
        max_depth=4, min_samples_leaf=max(2, len(target) // 1000), random_state=0
    )
    found = {}
    for column, where in zip(encoding.columns, encoding.groups(), strict=True):
        guessed = cross_val_predict(
            tree, matrix[:, where], target, cv=folds, method="predict_proba"
        )
        found[column.name] = float(roc_auc_score(target, guessed[:, 1]))
    return found


def _sample(target: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """At most so many rows, half of them with the rarer outcome if there are as many."""
    if len(target) <= _MOST_ROWS:
        return np.arange(len(target))
    random = np.random.default_rng(0)
    left, stayed = np.flatnonzero(target == 1), np.flatnonzero(target == 0)
    rarer, other = sorted((left, stayed), key=len)
    few = rarer[random.permutation(len(rarer))[: _MOST_ROWS // 2]]
    many = other[random.permutation(len(other))[: _MOST_ROWS - len(few)]]
    return np.sort(np.concatenate([few, many]))
