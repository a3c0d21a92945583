"""
Exact reasons: what each feature adds to a gradient-boosted model's log-odds.

Every node of a tree has a value, the mean of its leaves weighted by the training rows in them.
On the way from root to leaf each split moves the value; the move belongs to the feature that
was split on (A. Saabas, 2014). The moves and the roots' values add up to the prediction itself,
so nothing is approximated.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.churn.values import Floats


@dataclass(frozen=True)
class _Tree:
    """
    :ivar leaf_of: the tree itself, telling for each row the number of the leaf it comes to
    :ivar moves: for each feature of `used`, by node: what it has added on the way there
    """

    leaf_of: Any
    used: list[int]
    moves: Floats
    root: float


class Explainer:
    """
    The reasons of fitted `HistGradientBoostingClassifier`s with numeric features.

    Of several, their log-odds are averaged, and so are the reasons.
    """

    def __init__(self, models: Sequence[Any]) -> None:
        width = int(models[0].n_features_in_)
        self._trees = [
            _tree(trees[0], width, len(models)) for model in models for trees in model._predictors
        ]
        self._width = width
        starts = [float(np.ravel(model._baseline_prediction)[0]) for model in models]
        self.base = sum(starts) / len(models) + sum(tree.root for tree in self._trees)

    def contributions(self, matrix: Floats) -> Floats:
        """
        One row a customer, one column a feature, in log-odds.

        `base` plus a row's sum is that row's `decision_function`, averaged over the models.
        """
        matrix = np.ascontiguousarray(matrix, dtype=np.float64)
        parts = [
            self._part(matrix[begin : begin + _ROWS]) for begin in range(0, len(matrix), _ROWS)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self._width))

    def _part(self, matrix: Floats) -> Floats:
        # A feature's sums lie side by side and stay in the cache while all trees add to them.
        total = np.zeros((self._width, len(matrix)))
        for tree in self._trees:
            leaves = tree.leaf_of.predict(matrix, _NO_CATEGORIES, _NO_FEATURES, 1).astype(np.intp)
            for feature, moves in zip(tree.used, tree.moves, strict=True):
                total[feature] += moves.take(leaves)
        return np.ascontiguousarray(total.T)


_ROWS = 2_000
#: What scikit-learn's trees want to know of categories: there are none.
_NO_CATEGORIES = np.empty((0, 8), dtype=np.uint32)
_NO_FEATURES = np.empty(0, dtype=np.uint32)


def _tree(predictor: Any, width: int, share: int) -> _Tree:
    nodes = predictor.nodes
    if bool(np.any(nodes["is_categorical"])):
        raise ValueError("Splits on categories are not explained; encode them as numbers.")
    is_leaf = nodes["is_leaf"].astype(bool)
    left, right = nodes["left"].astype(np.int64), nodes["right"].astype(np.int64)
    count = nodes["count"].astype(np.float64)
    value = nodes["value"].astype(np.float64) / share
    # Children stand behind their parents, so one pass from the back knows them first.
    for node in range(len(nodes) - 1, -1, -1):
        if not is_leaf[node]:
            one, other = left[node], right[node]
            weight = count[one] + count[other]
            value[node] = (value[one] * count[one] + value[other] * count[other]) / weight
    moves = np.zeros((len(nodes), width))
    for node in range(len(nodes)):
        if not is_leaf[node]:
            for child in (left[node], right[node]):
                moves[child] = moves[node]
                moves[child, int(nodes["feature_idx"][node])] += value[child] - value[node]
    used = np.unique(nodes["feature_idx"][~is_leaf]).astype(np.int64)
    numbered = copy(predictor)
    # A tree that gives the numbers of its leaves, by scikit-learn's own way down.
    numbered.nodes = nodes.copy()
    numbered.nodes["value"] = np.arange(len(nodes))
    return _Tree(numbered, used.tolist(), np.ascontiguousarray(moves[:, used].T), float(value[0]))
