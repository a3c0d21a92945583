"""
How good probabilities are: figures with 95 % intervals, and the difference of two models.

Rows of one customer at several dates are not independent: they are summed by customer before
their spread is taken (N. Obuchowski, 1997), which without such rows is the interval of DeLong
(E. DeLong, 1988; midranks of X. Sun and W. Xu, 2014).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from analytics.churn.values import Floats

Target = npt.NDArray[np.int64]
Groups = npt.NDArray[Any] | None
Z = 1.96  # of a 95 % interval
_DRAWS = 60


def measured(target: Target, probabilities: Floats, groups: Groups = None) -> dict[str, Any]:
    """All figures, each with its interval, and how many rows they rest on."""
    return {
        **measures(target, probabilities),
        **intervals(target, probabilities, groups),
        "calibration_error_by_chance": calibration_by_chance(probabilities),
        "rows": len(target),
        "left": int(target.sum()),
        "positive_rate": float(target.mean()),
    }


def measures(target: Target, probabilities: Floats) -> dict[str, float]:
    """ROC-AUC, average precision, Brier score and calibration error."""
    return {
        "roc_auc": float(roc_auc_score(target, probabilities)),
        "average_precision": float(average_precision_score(target, probabilities)),
        "brier": float(brier_score_loss(target, probabilities)),
        "calibration_error": calibration_error(target, probabilities),
    }


def calibration_error(target: Target, probabilities: Floats, bins: int = 10) -> float:
    """Mean distance of promised and seen rate over quantile bins, weighted by their rows."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if part.size]
    gaps = [abs(target[part].mean() - probabilities[part].mean()) * part.size for part in parts]
    return float(sum(gaps) / len(target))


def calibration_by_chance(probabilities: Floats, draws: int = 30) -> float:
    """The calibration error that a model shows whose every promise is kept: chance alone."""
    random = np.random.default_rng(0)
    kept = [
        (random.random(len(probabilities)) < probabilities).astype(np.int64)
        for _draw in range(draws)
    ]
    return float(np.mean([calibration_error(target, probabilities) for target in kept]))


def intervals(
    target: Target, probabilities: Floats, groups: Groups = None
) -> dict[str, list[float]]:
    """
    95 % intervals of the figures.

    ROC-AUC and Brier score by customer; average precision on the logit scale (K. Boyd, 2013);
    the calibration error by drawing the rows again.
    """
    left = int(target.sum())
    precision = float(average_precision_score(target, probabilities))
    inside = min(max(precision, 1e-6), 1 - 1e-6)
    wide = Z / np.sqrt(left * inside * (1 - inside))
    logit = np.log(inside / (1 - inside))
    errors = (probabilities - target) ** 2
    return {
        "roc_auc_interval": area_interval(target, probabilities, groups),
        "average_precision_interval": (1 / (1 + np.exp(-np.array([logit - wide, logit + wide])))).tolist(),
        "brier_interval": within(errors.mean(), Z * mean_spread(errors, groups)),
        "calibration_error_interval": _calibration_interval(target, probabilities),
    }  # fmt: skip


def area_interval(target: Target, probabilities: Floats, groups: Groups = None) -> list[float]:
    """The 95 % interval of the area under the ROC curve."""
    area, pull = _area(target, probabilities)
    return within(area, Z * _spread(pull, groups))


def difference(
    target: Target, champion: Floats, challenger: Floats, groups: Groups = None
) -> dict[str, Any]:
    """How much better the challenger tells on the same rows; above 0 is better in both figures."""
    before, pull = _area(target, champion)
    after, other = _area(target, challenger)
    gains = (champion - target) ** 2 - (challenger - target) ** 2
    area, wide = after - before, Z * _spread(other - pull, groups)
    brier, broad = float(gains.mean()), Z * mean_spread(gains, groups)
    return {
        "roc_auc": float(area),
        "roc_auc_interval": [float(area - wide), float(area + wide)],
        "brier": brier,
        "brier_interval": [float(brier - broad), float(brier + broad)],
        "champion_roc_auc": float(before),
        "challenger_roc_auc": float(after),
        "rows": len(target),
    }


def mean_spread(values: Floats, groups: Groups) -> float:
    """The standard error of a mean over rows, of which some may be one customer's."""
    return _spread((values - values.mean()) / len(values), groups)


def within(middle: float, spread: float) -> list[float]:
    """An interval of something that lies between 0 and 1."""
    return [float(max(middle - spread, 0.0)), float(min(middle + spread, 1.0))]


def _area(target: Target, probabilities: Floats) -> tuple[float, Floats]:
    """The area under the ROC curve, and how far each row pulls it up or down."""
    ranks = rankdata(probabilities)
    left, stayed = target == 1, target == 0
    m, n = int(left.sum()), int(stayed.sum())
    above = (ranks[left] - rankdata(probabilities[left])) / n
    below = 1 - (ranks[stayed] - rankdata(probabilities[stayed])) / m
    area = float(above.mean())
    pull = np.zeros(len(target))
    pull[left] = (above - area) / m
    pull[stayed] = (below - area) / n
    return area, pull


def _spread(pull: Floats, groups: Groups) -> float:
    if groups is not None:
        _names, places = np.unique(groups, return_inverse=True)
        pull = np.asarray(np.bincount(places, weights=pull), dtype=np.float64)
    count = len(pull)
    return float(np.sqrt((pull**2).sum() * count / max(count - 1, 1)))


def _calibration_interval(target: Target, probabilities: Floats) -> list[float]:
    random = np.random.default_rng(0)
    drawn = []
    for _draw in range(_DRAWS):
        rows = random.integers(0, len(target), len(target))
        drawn.append(calibration_error(target[rows], probabilities[rows]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return [float(low), float(high)]
