"""A model of a flat table: somebody else's file, of which nothing is known but the outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.utils.translation import gettext as _

from analytics.churn.leaks import LEAK, SUSPECT, told_alone
from analytics.churn.table import UnfitTable, describe
from analytics.churn.training import Fitted, check_outcomes, train
from clm.core.web.words import number

_MISSING = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "?"]
_DELIMITERS = ",;\t|"
#: Fewer rows with the rarer outcome make every figure a rough one.
_ENOUGH = 200


@dataclass(frozen=True)
class Trained:
    """
    A model of a table.

    :ivar positive: the value of the target that means leaving
    :ivar warnings: what a careful person would look at before believing the figures
    """

    fitted: Fitted
    positive: str
    warnings: Sequence[str]


def read_table(path: Path) -> pd.DataFrame:
    """
    A CSV table with commas, semicolons, tabs or bars, in UTF-8 or Windows-1252, or a workbook.

    :raises UnfitTable: it cannot be read; the sentence names the line where that is known
    """
    try:
        if path.suffix.lower() in {".xlsx", ".xls", ".ods"}:
            return pd.read_excel(path, engine="calamine")
        try:
            return _read_csv(path, "utf-8-sig")
        except UnicodeDecodeError:
            return _read_csv(path, "cp1252")
    except OSError as error:
        raise UnfitTable(
            _("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror or error}
        ) from None
    except (ValueError, pd.errors.ParserError) as error:
        raise UnfitTable(
            _("%(file)s is not a table: %(why)s") % {"file": path, "why": str(error).strip()}
        ) from None


def _read_csv(path: Path, encoding: str) -> pd.DataFrame:
    frame = pd.read_csv(
        path,
        sep=_delimiter(path, encoding),
        encoding=encoding,
        low_memory=False,
        # "None" is an answer that people give, and stays one.
        keep_default_na=False,
        na_values=_MISSING,
    )
    if len(frame) and not isinstance(frame.index, pd.RangeIndex):
        raise ValueError(_("The rows have more cells than the first line has names."))
    frame.columns = [str(name).strip() for name in frame.columns]
    return frame


def _delimiter(path: Path, encoding: str) -> str:
    """What parts the names in the first line; a sign within quotation marks does not count."""
    with path.open(encoding=encoding, errors="strict") as file:
        header = file.readline(1 << 16)
    bare = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def train_on_table(
    frame: pd.DataFrame,
    *,
    target: str,
    ids: Sequence[str] = (),
    keep: Sequence[str] = (),
    positive: str | None = None,
) -> Trained:
    """
    Train on every column that a customer's future could be told from.

    An id that comes back (the same customer in several rows) keeps its rows in one fold.

    :param keep: columns to use although they tell the outcome all by themselves
    :raises UnfitTable: a column or an outcome is missing, or nothing can be learnt
    """
    for name in (target, *ids, *keep):
        if name not in frame.columns:
            raise UnfitTable(
                _("The table has no column “%(name)s”. It has: %(names)s.")
                % {"name": name, "names": ", ".join(map(str, frame.columns))}
            )
    chosen, outcome = _outcome(frame[target], positive)
    check_outcomes(outcome)
    frame = frame.drop(columns=target)
    unwanted = dict.fromkeys(ids, _("an id"))
    warnings = []
    encoding = describe(frame, unwanted=unwanted)
    for name, told in told_alone(encoding.matrix(frame), outcome, encoding).items():
        said = {"name": name, "auc": number(told, 3)}
        if told >= LEAK and name not in keep:
            unwanted[name] = (
                _("it tells the outcome all by itself (ROC-AUC %(auc)s): written afterwards?")
                % said
            )
        elif told >= SUSPECT:
            warnings.append(
                _(
                    "Column %(name)s tells much of the outcome by itself (ROC-AUC %(auc)s): was it"
                    " known before?"
                )
                % said
            )
    rarer = int(min(outcome.sum(), len(outcome) - outcome.sum()))
    if rarer < _ENOUGH:
        warnings.append(
            _("Only %(rows)d rows have the rarer outcome: every figure is a rough one.")
            % {"rows": rarer}
        )
    return Trained(
        train(frame, outcome, unwanted=unwanted, groups=_groups(frame, ids)), chosen, warnings
    )


def _groups(frame: pd.DataFrame, ids: Sequence[str]) -> npt.NDArray[Any] | None:
    for name in ids:
        if frame[name].notna().all() and frame[name].duplicated().any():
            return pd.factorize(frame[name])[0]
    return None


def _outcome(said: "pd.Series[Any]", positive: str | None) -> tuple[str, npt.NDArray[np.int64]]:
    """Those who left as 1; the value that means it, by default the rarer one."""
    if not len(said):
        raise UnfitTable(_("The table has no rows."))
    texts = said.map(_text, na_action="ignore")
    missing = texts.isna() | (texts == "")
    if missing.any():
        raise UnfitTable(
            _("Row %(row)d has no outcome; rows are counted from 0, %(count)d have none.")
            % {"row": int(np.flatnonzero(missing)[0]), "count": int(missing.sum())}
        )
    counts = texts.value_counts()
    if len(counts) == 1:
        raise UnfitTable(
            _("All rows have the outcome “%(value)s”, so there is nothing to tell apart.")
            % {"value": counts.index[0]}
        )
    if len(counts) != 2 and positive is None:
        raise UnfitTable(
            _("The target has %(count)d different values; it needs two. There are: %(values)s.")
            % {"count": len(counts), "values": ", ".join(map(str, counts.index[:10]))}
        )
    chosen = str(counts.index[-1]) if positive is None else _text(positive)
    if chosen not in counts.index:
        same = [str(one) for one in counts.index if str(one).lower() == chosen.lower()]
        if len(same) != 1:
            raise UnfitTable(
                _("No row has the outcome “%(value)s”; there are: %(values)s.")
                % {"value": chosen, "values": ", ".join(map(str, counts.index[:10]))}
            )
        chosen = same[0]
    return chosen, (texts == chosen).to_numpy().astype(np.int64)


def _text(value: Any) -> str:
    """1, 1.0 and “1” are one outcome."""
    text = str(value).strip()
    return text.removesuffix(".0") if text.replace(".", "", 1).isdigit() else text
