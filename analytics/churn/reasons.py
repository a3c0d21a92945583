"""
Exact reasons: what each feature adds to a gradient-boosted model's log-odds.

Every node of a tree has a value, the mean of its leaves weighted by the training rows in them.
On the way from root to leaf each split moves the value; the move belongs to the feature that
was split on (A. Saabas, 2014). The moves and the roots' values add up to the prediction itself,
so nothing is approximated.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Tree:
    feature: npt.NDArray[np.int64]
    threshold: Floats
    missing_left: npt.NDArray[np.bool_]
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    is_leaf: npt.NDArray[np.bool_]
    root: float
    moves: Floats  # by node: what each feature has added on the way there
    depth: int


class Explainer:
    """The reasons of one fitted `HistGradientBoostingClassifier` with numeric features."""

    def __init__(self, model: Any) -> None:
        width = int(model.n_features_in_)
        self._trees = [_tree(trees[0].nodes, width) for trees in model._predictors]
        self._width = width
        start = float(np.ravel(model._baseline_prediction)[0])
        self.base = start + sum(tree.root for tree in self._trees)

    def contributions(self, matrix: Floats) -> Floats:
        """
        One row a customer, one column a feature, in log-odds.

        `base` plus a row's sum is that row's `decision_function`.
        """
        total = np.zeros((matrix.shape[0], self._width))
        for tree in self._trees:
            total += tree.moves[_leaves(tree, matrix)]
        return total


def _leaves(tree: _Tree, matrix: Floats) -> npt.NDArray[np.int64]:
    at = np.zeros(matrix.shape[0], dtype=np.int64)
    rows = np.arange(matrix.shape[0])
    for _level in range(tree.depth):
        value = matrix[rows, tree.feature[at]]
        goes_left = np.where(np.isnan(value), tree.missing_left[at], value <= tree.threshold[at])
        below = np.where(goes_left, tree.left[at], tree.right[at])
        at = np.where(tree.is_leaf[at], at, below)
    return at


def _tree(nodes: Any, width: int) -> _Tree:
    if bool(np.any(nodes["is_categorical"])):
        raise ValueError("Splits on categories are not explained; encode them as numbers.")
    is_leaf = nodes["is_leaf"].astype(bool)
    left, right = nodes["left"].astype(np.int64), nodes["right"].astype(np.int64)
    count = nodes["count"].astype(np.float64)
    value = nodes["value"].astype(np.float64).copy()
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
    return _Tree(
        feature=np.where(is_leaf, 0, nodes["feature_idx"]).astype(np.int64),
        threshold=nodes["num_threshold"].astype(np.float64),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        left=left,
        right=right,
        is_leaf=is_leaf,
        root=float(value[0]),
        moves=moves,
        depth=int(nodes["depth"].max()),
    )
