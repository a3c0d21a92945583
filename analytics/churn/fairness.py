"""
For whom the model works: the same figures for each group of customers.

Groups are those a bank may look at without asking anew: age, private or business, branch,
segment. Gender, origin and health are not held, and nothing here stands for them.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import roc_auc_score

from analytics.churn.measures import Target, Z, area_interval, mean_spread
from analytics.churn.values import Floats

AGES = (25, 40, 55, 70)
#: Of fewer customer-days, or fewer who left, nothing is said.
FEWEST, FEWEST_LEFT = 50, 10
Labels = Mapping[str, Sequence[str]]


def age_bands(ages: Sequence[float]) -> list[str]:
    """`18–24` and so on as codes: `25` for those below 25, `25-40`, …; empty where not known."""
    names = [
        f"-{AGES[0]}",
        *(f"{a}-{b}" for a, b in itertools.pairwise(AGES)),
        f"{AGES[-1]}-",
    ]
    places = np.searchsorted(AGES, np.array(ages, dtype=float), side="right")
    return ["" if np.isnan(age) else names[place] for age, place in zip(ages, places, strict=True)]  # fmt: skip


def labels(frame: pd.DataFrame, *, branch: Sequence[str], segment: Sequence[str]) -> Labels:
    """By dimension the group that each row belongs to; empty where it belongs to none."""
    return {
        "age": age_bands(frame["age"].tolist()),
        "kind": ["person" if one else "organisation" for one in frame["is_person"].tolist()],
        "branch": list(branch),
        "segment": list(segment),
    }


def by_group(
    groups: Labels,
    target: Target,
    probabilities: Floats,
    *,
    customers: npt.NDArray[Any],
    threshold: float,
) -> list[dict[str, Any]]:
    """
    By group: rows, who left, what was promised, the gap between with its interval, ROC-AUC with
    its interval, and who would be called at risk. Small groups have their rows alone.
    """
    found = []
    for dimension, names in groups.items():
        told = np.array(names, dtype=object)
        for name in sorted({one for one in names if one}):
            here = told == name
            rows, left = int(here.sum()), int(target[here].sum())
            row: dict[str, Any] = {"dimension": dimension, "group": name, "rows": rows}
            if rows >= FEWEST and FEWEST_LEFT <= left < rows:
                row |= _figures(target[here], probabilities[here], customers[here], threshold)
            found.append(row)
    return found


def flagged(groups: Labels, probabilities: Floats, *, threshold: float) -> dict[str, list[int]]:
    """By `dimension:group`, how many customers there are and how many are called at risk."""
    high = probabilities >= threshold
    found = {}
    for dimension, names in groups.items():
        told = pd.Series(high).groupby(np.array(names, dtype=object)).agg(["size", "sum"])
        for name, (rows, count) in zip(told.index, told.to_numpy().tolist(), strict=True):
            if name:
                found[f"{dimension}:{name}"] = [int(rows), int(count)]
    return found


def _figures(
    target: Target, probabilities: Floats, customers: npt.NDArray[Any], threshold: float
) -> dict[str, Any]:
    gap = target - probabilities
    middle, wide = float(gap.mean()), Z * mean_spread(gap, customers)
    return {
        "left": float(target.mean()),
        "promised": float(probabilities.mean()),
        "gap": middle,
        "gap_interval": [middle - wide, middle + wide],
        "roc_auc": float(roc_auc_score(target, probabilities)),
        "roc_auc_interval": area_interval(target, probabilities, customers),
        "flagged": float((probabilities >= threshold).mean()),
    }
