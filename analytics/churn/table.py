"""From a table with words in it to numbers, by a description that is kept with the model."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.utils.translation import gettext as _

Floats = npt.NDArray[np.float64]
_MOST_CATEGORIES = 20


class UnfitTable(Exception):
    """A model cannot be made of this table; the sentence says why."""


@dataclass(frozen=True)
class Column:
    """
    How one column becomes numbers.

    :param categories: one number each (1 or 0) for a column of words; none for a number
    """

    name: str
    categories: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.categories) or 1


@dataclass(frozen=True)
class Encoding:
    """The columns a model reads, in order, and the ones that were refused with the reason."""

    columns: tuple[Column, ...]
    refused: Mapping[str, str]

    def as_json(self) -> list[dict[str, Any]]:
        return [{"name": one.name, "categories": list(one.categories)} for one in self.columns]

    @staticmethod
    def from_json(columns: Sequence[Mapping[str, Any]]) -> "Encoding":
        found = tuple(Column(str(one["name"]), tuple(one["categories"])) for one in columns)
        return Encoding(found, {})

    def groups(self) -> list[slice]:
        """Where each column's numbers stand in a row of the matrix."""
        edges = np.cumsum([0, *(one.width for one in self.columns)])
        return [slice(int(a), int(b)) for a, b in itertools.pairwise(edges)]

    def matrix(self, frame: pd.DataFrame) -> Floats:
        """The numbers of a table that has these columns; what is no number is missing."""
        parts = [_numbers(frame[one.name], one.categories) for one in self.columns]
        return np.ascontiguousarray(np.column_stack(parts), dtype=np.float64)


def describe(frame: pd.DataFrame, *, unwanted: Sequence[str] = ()) -> Encoding:
    """
    Decide how each column of a training table becomes numbers.

    Refused are row numbers and ids (a different value in every row), names and other words
    with too many values to learn from, and columns with one value only.

    :param unwanted: columns that are known to be ids
    :raises UnfitTable: no column is left
    """
    columns, refused = [], {}
    for name in frame.columns:
        values = frame[name]
        distinct = values.nunique(dropna=True)
        numeric = pd.to_numeric(values, errors="coerce")
        is_number = bool(numeric.notna().sum() == values.notna().sum())
        if name in unwanted:
            refused[name] = _("an id")
        elif distinct <= 1:
            refused[name] = _("one value only")
        elif distinct == len(values) and (not is_number or _is_whole(numeric)):
            refused[name] = _("a different value in every row, so an id")
        elif is_number:
            columns.append(Column(name))
        elif distinct > _MOST_CATEGORIES:
            refused[name] = _("words with too many different values")
        else:
            words = sorted(values.dropna().astype(str).unique())
            columns.append(Column(name, tuple(words)))
    if not columns:
        raise UnfitTable(_("The table has no column that a model could learn from."))
    return Encoding(tuple(columns), refused)


def _is_whole(numeric: pd.Series) -> bool:
    known = numeric.dropna()
    return bool((known == known.round()).all())


def _numbers(values: pd.Series, categories: Sequence[str]) -> Floats:
    if not categories:
        return pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64).reshape(-1, 1)
    words = values.astype(str).to_numpy()
    missing = values.isna().to_numpy()
    columns = [np.where(missing, np.nan, words == category) for category in categories]
    return np.column_stack(columns).astype(np.float64)
