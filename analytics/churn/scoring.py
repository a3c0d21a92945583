"""From a kept model to probabilities with reasons, many customers at a time."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import skops.io

from analytics.churn.reasons import Explainer
from analytics.churn.table import Encoding
from analytics.churn.training import Platt, log_odds, logistic
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
    """
    Many customers, scored.

    :ivar base: the probability from which each reason moves it
    :ivar log_odds: by customer and feature; with the base's they sum to the probability's
    :ivar main: by customer the code of the weightiest reason that speaks for leaving, or nothing
    :ivar reasons: by customer the weightiest features as JSON text: code, the customer's value,
        percentage points, log-odds
    """

    base: float
    probabilities: Floats
    log_odds: Floats
    main: Sequence[str]
    reasons: Sequence[str]


class Scorer:
    """A model version ready to score many customers at once."""

    def __init__(self, version: ModelVersion) -> None:
        kept = _kept_models(version)
        self._explainer = Explainer(kept["models"])
        self._earlier = kept.get("earlier") or []
        self._encoding = Encoding.from_json(version.features)
        self._platt = Platt(float(version.card["slope"]), float(version.card["offset"]))
        twin = version.card.get("earlier")
        self._twin = Platt(float(twin["slope"]), float(twin["offset"])) if twin else None

    def score(self, frame: pd.DataFrame) -> Scored:
        """One result a row; base plus a row's points is its probability in percent."""
        matrix = self._encoding.matrix(frame)
        by_number = self._explainer.contributions(matrix) * self._platt.slope
        groups = self._encoding.groups()
        if by_number.shape[1] == len(groups):
            contributions = by_number
        else:
            contributions = np.column_stack([by_number[:, part].sum(axis=1) for part in groups])
        base = self._platt.slope * self._explainer.base + self._platt.offset
        probabilities = logistic(base + contributions.sum(axis=1))
        start = float(logistic(np.array([base]))[0])
        points = in_points(contributions, probabilities - start, slope=start * (1 - start))
        names = [column.name for column in self._encoding.columns]
        main, reasons = _told(names, points, contributions, frame)
        return Scored(start, probabilities, contributions, main, reasons)

    def back_then(self, frame: pd.DataFrame) -> Floats | None:
        """Probabilities of the twin that has not seen the time tested; None where there is none."""
        if self._twin is None or not self._earlier:
            return None
        return self._twin(log_odds(self._earlier, self._encoding.matrix(frame)))


def in_points(contributions: Floats, differences: Floats, *, slope: float) -> Floats:
    """
    Log-odds as percentage points: each feature's share of the whole way from base to result.

    :param slope: points for one log-odds where the way is too short to share
    """
    total = contributions.sum(axis=1)
    short = np.abs(total) < 1e-9
    rate = np.where(short, slope, differences / np.where(short, 1.0, total))
    return np.asarray(contributions * rate[:, None] * 100, dtype=np.float64)


def _told(
    names: Sequence[str], points: Floats, logits: Floats, frame: pd.DataFrame
) -> tuple[list[str], list[str]]:
    """
    Main reason and reasons of each row: codes and the customer's values, no words, which come
    when it is shown.
    """
    most = min(_REASONS, len(names))
    order = np.argsort(-np.abs(points), axis=1)[:, :most]
    heads = [f'{{"name":{json.dumps(name)},"value":' for name in names]
    values = [_values(frame[name]) for name in names]
    told_points = np.round(np.take_along_axis(points, order, 1), 1).tolist()
    told_logits = np.round(np.take_along_axis(logits, order, 1), 6).tolist()
    main, reasons = [], []
    rows = zip(order.tolist(), told_points, told_logits, strict=True)
    for row, (places, by_point, by_logit) in enumerate(rows):
        parts = []
        first = ""
        for place, point, logit in zip(places, by_point, by_logit, strict=True):
            if point > 0 and not first:
                first = names[place]
            if point:
                parts.append(
                    f'{heads[place]}{values[place][row]},"points":{point},"log_odds":{logit}}}'
                )
        main.append(first)
        reasons.append(f"[{','.join(parts)}]")
    return main, reasons


def _values(column: "pd.Series[Any]") -> list[str]:
    """A column's values as JSON; `null` for what is not known."""
    if pd.api.types.is_numeric_dtype(column):
        rounded = column.astype("float64").round(2).tolist()
        return ["null" if value != value else repr(value) for value in rounded]
    return ["null" if pd.isna(value) else json.dumps(str(value)) for value in column]


def _kept_models(version: ModelVersion) -> dict[str, Any]:
    raw = files.read(key=version.file)
    if hashlib.sha256(raw).hexdigest() != version.file_hash:
        raise ModelDamaged(f"{version}: the file is not the one in the register.")
    kept = skops.io.loads(raw, trusted=TRUSTED)
    if isinstance(kept, dict):
        return kept
    # Before a version had a twin it was a list, and before models were averaged one model.
    return {"models": kept if isinstance(kept, list) else [kept]}


@lru_cache(maxsize=4)
def _scorer(pk: UUID, file_hash: str) -> Scorer:
    return Scorer(ModelVersion.objects.get(pk=pk))


def scorer_of(version: ModelVersion) -> Scorer:
    """The scorer of a version, read once a process."""
    return _scorer(version.pk, version.file_hash)
