"""Where customers lie in the tenths of what a model has learnt from; see `analytics.stability`."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analytics.churn.values import Floats

SCORE = "score"
_PARTS = 10
Counts = dict[str, list[int]]


def reference(frame: pd.DataFrame, probabilities: Floats) -> dict[str, Any]:
    """By column, and for the score: where its tenths begin, and what share lies in each."""
    found = {}
    for name, values in _numbers(frame, probabilities).items():
        known = values[~np.isnan(values)]
        tenths = np.arange(1, _PARTS) / _PARTS
        steps = np.quantile(known, tenths) if len(known) else np.empty(0)
        edges = np.unique(np.round(steps, 9))
        counted = _counted(values, edges)
        found[name] = {"edges": edges.tolist(), "shares": (counted / max(len(values), 1)).tolist()}
    return found


def counts(known: Mapping[str, Any], frame: pd.DataFrame, probabilities: Floats) -> Counts:
    """How many of these customers lie in each part; counts of several parts can be added."""
    return {
        name: _counted(values, np.array(known[name]["edges"])).tolist()
        for name, values in _numbers(frame, probabilities).items()
        if name in known
    }


def _numbers(frame: pd.DataFrame, probabilities: Floats) -> dict[str, Floats]:
    numbers = frame.select_dtypes("number")
    found = {str(name): numbers[name].to_numpy(dtype=np.float64) for name in numbers.columns}
    return {**found, SCORE: probabilities}


def _counted(values: Floats, edges: Floats) -> Any:
    """Rows by part; those that are not known are the last part."""
    places = np.searchsorted(edges, values, side="right")
    places[np.isnan(values)] = len(edges) + 1
    return np.bincount(places, minlength=len(edges) + 2)
