"""What stands in a column of somebody else's table: numbers, days or words."""

import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Kind = Literal["number", "day", "words"]

#: So much of what is known has to be a number or a day; the rest may be words beside it.
_MOSTLY = 0.95
_MOST_BESIDE = 5
#: Units and spaces that people write beside a number.
_UNITS = re.compile(r"[\s'\u00a0\u202f%$€£]|kr\.?|DKK|EUR|SEK|NOK|USD|GBP", re.IGNORECASE)
_COMMA_DECIMAL = re.compile(
    r"-?[0-9]+,[0-9]{1,2}|-?[0-9]+,[0-9]{4,}|-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+"
)
_DAYS = (
    ("%Y-%m-%d", r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"),
    ("%Y/%m/%d", r"[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}"),
    ("%d-%m-%Y", r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}"),
    ("%d.%m.%Y", r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}"),
    ("%d/%m/%Y", r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"),
    ("%m/%d/%Y", r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"),
)
_CLOCK = r"(?:[ T][0-9:.]+(?:Z|[+-][0-9:]+)?)?"
_FIRST_DAY = pd.Timestamp("2000-01-01")


@dataclass(frozen=True)
class Reading:
    """
    How the texts of a column are read.

    :param form: the sign before the decimals of a number, or the form of a day
    :param beside: words that stand among the numbers, such as `unknown`
    """

    kind: Kind
    form: str = ""
    beside: tuple[str, ...] = ()


def reading_of(values: "pd.Series[Any]") -> Reading:
    """What a column holds, by most of its values."""
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return Reading("number")
    texts = as_texts(values)
    known = texts.notna()
    if not known.any():
        return Reading("words")
    found = texts[known]
    decimal = (
        "," if found.map(lambda one: bool(_COMMA_DECIMAL.fullmatch(_bare(one)))).any() else "."
    )
    for reading in (Reading("number", decimal), *(Reading("day", form) for form, _like in _DAYS)):
        read = ~np.isnan(numbers(found, reading))
        if read.mean() >= _MOSTLY:
            beside = tuple(sorted(set(found[~read])))
            if len(beside) <= _MOST_BESIDE:
                return Reading(reading.kind, reading.form, beside)
    return Reading("words")


def as_texts(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Without the blanks around; a blank cell is a missing one."""
    texts = values.astype("string").str.strip()
    return texts.mask(texts == "")


def numbers(values: "pd.Series[Any]", reading: Reading) -> Floats:
    """The column as numbers, days counted from 2000; what is neither is missing."""
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return _floats(values)
    texts = as_texts(values)
    if reading.kind == "day":
        like = dict(_DAYS)[reading.form] + _CLOCK
        days = texts.where(texts.str.fullmatch(like)).str.extract(r"^([0-9./-]+)")[0]
        read = pd.to_datetime(days, format=reading.form, errors="coerce")
        return _floats((read - _FIRST_DAY) / pd.Timedelta(days=1))
    bare = texts.map(_bare, na_action="ignore")
    if reading.form == ",":
        bare = bare.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    else:
        bare = bare.str.replace(r"(?<=[0-9]),(?=[0-9]{3}(?:[,.]|$))", "", regex=True)
    return _floats(pd.to_numeric(bare, errors="coerce"))


def _floats(values: Any) -> Floats:
    return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))


def _bare(text: str) -> str:
    return _UNITS.sub("", text)
