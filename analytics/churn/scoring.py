"""From a kept model to probabilities with reasons."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import skops.io

from analytics.churn.reasons import Explainer
from analytics.churn.table import Encoding
from analytics.churn.training import logistic
from analytics.churn.values import Floats
from analytics.models import ModelVersion
from clm.core import files

_REASONS = 6
# What a skops file of ours may hold beside what skops trusts by itself; anything else is refused.
TRUSTED = [
    "numpy.dtype",
    "sklearn._loss.link.HalfLogitLink",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.preprocessing._label.LabelEncoder",
]


class ModelDamaged(Exception):
    """The file of a model is not the one that was approved."""


@dataclass(frozen=True)
class Scored:
    """Probability of one customer, where it starts from, and what moves it, in percentage points."""

    probability: float
    base: float
    reasons: list[dict[str, Any]]


class Scorer:
    """A model version ready to score many customers at once."""

    def __init__(self, version: ModelVersion) -> None:
        raw = files.read(key=version.file)
        if hashlib.sha256(raw).hexdigest() != version.file_hash:
            raise ModelDamaged(f"{version}: the file is not the one in the register.")
        kept = skops.io.loads(raw, trusted=TRUSTED)
        # Before models were averaged, a version was one model.
        self._explainer = Explainer(kept if isinstance(kept, list) else [kept])
        self._encoding = Encoding.from_json(version.features)
        self._slope = float(version.card["slope"])
        self._offset = float(version.card["offset"])

    def score(self, frame: pd.DataFrame) -> list[Scored]:
        """One result a row; base plus a row's points is its probability in percent."""
        matrix = self._encoding.matrix(frame)
        by_number = self._explainer.contributions(matrix) * self._slope
        parts = [by_number[:, where].sum(axis=1) for where in self._encoding.groups()]
        contributions = np.column_stack(parts)
        base = self._slope * self._explainer.base + self._offset
        probabilities = logistic(base + contributions.sum(axis=1))
        start = float(logistic(np.array([base]))[0])
        points = in_points(contributions, probabilities - start, slope=start * (1 - start))
        names = [column.name for column in self._encoding.columns]
        values = frame[names].to_dict("records")
        return [
            Scored(float(p), start, _reasons(names, row, logits, known))
            for p, row, logits, known in zip(
                probabilities, points, contributions, values, strict=True
            )
        ]


def in_points(contributions: Floats, differences: Floats, *, slope: float) -> Floats:
    """
    Log-odds as percentage points: each feature's share of the whole way from base to result.

    :param slope: points for one log-odds where the way is too short to share
    """
    total = contributions.sum(axis=1)
    short = np.abs(total) < 1e-9
    rate = np.where(short, slope, differences / np.where(short, 1.0, total))
    return np.asarray(contributions * rate[:, None] * 100, dtype=np.float64)


def _reasons(
    names: Sequence[str], points: Floats, logits: Floats, values: Mapping[Any, Any]
) -> list[dict[str, Any]]:
    """The weightiest features by code, with the customer's value: words come when it is shown."""
    order = np.argsort(-np.abs(points))[:_REASONS]
    return [
        {
            "name": names[i],
            "value": _kept(values[names[i]]),
            "points": round(float(points[i]), 1),
            "log_odds": round(float(logits[i]), 6),
        }
        for i in order
        if abs(points[i]) >= 0.05
    ]


def _kept(value: Any) -> float | str | None:
    """The value as JSON keeps it; nothing for what is not known."""
    if pd.isna(value):
        return None
    return value if isinstance(value, str) else round(float(value), 2)


@lru_cache(maxsize=4)
def _scorer(pk: UUID, file_hash: str) -> Scorer:
    return Scorer(ModelVersion.objects.get(pk=pk))


def scorer_of(version: ModelVersion) -> Scorer:
    """The scorer of a version, read once a process."""
    return _scorer(version.pk, version.file_hash)
