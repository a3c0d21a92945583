"""The curves of a model's page, as the few numbers that draw them."""

from typing import Any

import numpy as np
from sklearn.metrics import roc_curve

from analytics.churn.measures import Target
from analytics.churn.values import Floats

_PARTS = 10
_STEPS = 20


def curves(target: Target, probabilities: Floats) -> dict[str, Any]:
    """
    `curve`: promised and seen rate in ten equal parts, the least risk first; `roc`: the share of
    leavers found, by the share of stayers called with them, in steps of 5 %.
    """
    order = np.argsort(probabilities, kind="stable")
    wrongly, found, _thresholds = roc_curve(target, probabilities)
    steps = np.arange(_STEPS + 1) / _STEPS
    return {
        "curve": [
            {
                "promised": float(probabilities[part].mean()),
                "seen": float(target[part].mean()),
                "rows": int(part.size),
            }
            for part in np.array_split(order, _PARTS)
            if part.size
        ],
        "roc": np.round(np.interp(steps, wrongly, found), 4).tolist(),
    }
