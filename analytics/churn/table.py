"""From a table with words in it to numbers, by a description that is kept with the model."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from analytics.churn.values import Floats, Kind, Reading, as_texts, numbers, reading_of

#: The most frequent words of a column get a number each.
_MOST_CATEGORIES = 20
#: A column with more different words than one in so many rows is one of names.
_ROWS_A_WORD = 50
#: How often values should have met by chance where none did: then somebody gave them out.
_MEETINGS = 3
_ID_NAME = re.compile(
    r"(^|[\W_])(id|ids|uuid|guid|key|no|nr|num|number|index|idx|ref|reference)($|[\W_])"
    r"|[a-zæøå](Id|ID|No|Nr|Num|Number|Key|Index|Ref)$|(nummer|number)$"
)


class UnfitTable(Exception):
    """A model cannot be made of this table; the sentence says why."""


@dataclass(frozen=True)
class Column:
    """
    How one column becomes numbers.

    :param categories: one number each (1 or 0): the words of a column, or those beside numbers
    :param form: see `Reading`
    """

    name: str
    categories: tuple[str, ...] = ()
    kind: Kind = "number"
    form: str = ""

    @property
    def width(self) -> int:
        return len(self.categories) + (self.kind != "words")


@dataclass(frozen=True)
class Encoding:
    """The columns a model reads, in order, and the ones that were refused with the reason."""

    columns: tuple[Column, ...]
    refused: Mapping[str, str]

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {
                "name": one.name,
                "categories": list(one.categories),
                "kind": one.kind,
                "form": one.form,
            }
            for one in self.columns
        ]

    @staticmethod
    def from_json(columns: Sequence[Mapping[str, Any]]) -> "Encoding":
        found = (
            Column(
                str(one["name"]),
                tuple(one["categories"]),
                # Kept without its kind, a column with categories was one of words.
                one.get("kind") or ("words" if one["categories"] else "number"),
                str(one.get("form", "")),
            )
            for one in columns
        )
        return Encoding(tuple(found), {})

    def groups(self) -> list[slice]:
        """Where each column's numbers stand in a row of the matrix."""
        edges = np.cumsum([0, *(one.width for one in self.columns)])
        return [slice(int(a), int(b)) for a, b in itertools.pairwise(edges)]

    def matrix(self, frame: pd.DataFrame) -> Floats:
        """The numbers of a table that has these columns; what is no number is missing."""
        parts = [_encoded(frame[one.name], one) for one in self.columns]
        return np.ascontiguousarray(np.column_stack(parts), dtype=np.float64)


def describe(frame: pd.DataFrame, *, unwanted: Mapping[str, str] | None = None) -> Encoding:
    """
    Decide how each column of a training table becomes numbers.

    Refused are row numbers and ids, names and other words with too many values to learn from,
    and columns with one value only.

    :param unwanted: columns to leave out, with the reason
    :raises UnfitTable: no column is left
    """
    unwanted = unwanted or {}
    columns, refused = [], {}
    for name in map(str, frame.columns):
        found = _refused(name, frame[name], unwanted)
        if isinstance(found, str):
            refused[name] = found
        else:
            columns.append(found)
    if not columns:
        raise UnfitTable(_("The table has no column that a model could learn from."))
    return Encoding(tuple(columns), refused)


def _refused(name: str, values: "pd.Series[Any]", unwanted: Mapping[str, str]) -> Column | str:
    """The column as a model can read it, or why it cannot."""
    if name in unwanted:
        return unwanted[name]
    reading = reading_of(values)
    known = as_texts(values).dropna()
    distinct = known.nunique()
    missing = len(known) < len(values)
    marked = reading.kind == "words" and missing  # a cross for some, nothing for the others
    if distinct == 0 or (distinct == 1 and not marked):
        return _("one value only")
    if len(known) > 1 and distinct == len(known) and _was_given_out(name, known, reading):
        return _("a different value in every row, so an id")
    if reading.kind != "words":
        return Column(name, reading.beside, reading.kind, reading.form)
    if distinct > max(_MOST_CATEGORIES, len(values) // _ROWS_A_WORD):
        return _("words with too many different values")
    frequent = known.value_counts().index[:_MOST_CATEGORIES]
    return Column(name, tuple(sorted(map(str, frequent))), "words")


def _was_given_out(name: str, known: "pd.Series[Any]", reading: Reading) -> bool:
    """
    Whether values that all differ are somebody's numbering rather than a measurement.

    Measurements that are whole numbers meet now and then: of n values in a range of s some
    n²/2s pairs are equal (the birthday problem). Ids never meet.
    """
    if reading.kind == "words" or reading.beside:
        return True
    if reading.kind == "day":
        return False
    found = numbers(known, reading)
    if (found != np.round(found)).any():
        return False
    span = float(found.max() - found.min()) + 1
    return bool(_ID_NAME.search(name)) or len(found) ** 2 / (2 * span) >= _MEETINGS


def _encoded(values: "pd.Series[Any]", column: Column) -> Floats:
    parts = []
    if column.kind != "words":
        parts.append(numbers(values, Reading(column.kind, column.form)).reshape(-1, 1))
    if column.categories:
        texts = as_texts(values)
        missing = texts.isna().to_numpy()
        words = texts.fillna("").to_numpy(dtype=object)
        parts += [
            np.where(missing, np.nan, words == one).astype(np.float64).reshape(-1, 1)
            for one in column.categories
        ]
    return np.column_stack(parts)
