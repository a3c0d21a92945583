"""Tables of other people's making: read as they are meant, refused in a sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.churn import flat
from analytics.churn.table import UnfitTable, describe
from analytics.churn.values import Reading, numbers, reading_of

ROWS = 400


@pytest.fixture(scope="module")
def bank() -> pd.DataFrame:
    """Customers who leave the sooner the shorter they have been here."""
    random = np.random.default_rng(5)
    years = random.integers(0, 30, ROWS)
    left = random.random(ROWS) < 1 / (1 + np.exp((years - 8) / 3))
    return pd.DataFrame(
        {
            "years": years,
            "balance": random.normal(10_000, 4_000, ROWS).round(2),
            "branch": random.choice(["Aarhus", "Odense"], ROWS),
            "left": np.where(left, "Yes", "No"),
        }
    )


@pytest.mark.parametrize(
    ("texts", "reading", "read"),
    [
        (["1.234,50", "7,5", "12"], Reading("number", ","), [1234.5, 7.5, 12]),
        (["1,234.50", "7.5", "12,000"], Reading("number", "."), [1234.5, 7.5, 12000]),
        (["kr. 12", "1 000 kr", "-3 %"], Reading("number", "."), [12, 1000, -3]),
        (["31-12-2025", "1-2-2026", ""], Reading("day", "%d-%m-%Y"), [9496, 9528, np.nan]),
        (["2026-02-01T10:00:00Z", "2026-02-02", None], Reading("day", "%Y-%m-%d"), [9528, 9529, np.nan]),
        (["12/31/2025", "02/01/2026", "02/13/2026"], Reading("day", "%m/%d/%Y"), [9496, 9528, 9540]),
    ],
)  # fmt: skip
def test_numbers_and_days_are_read_as_they_are_written(
    texts: list[str | None], reading: Reading, read: list[float]
) -> None:
    values = pd.Series(texts, dtype=object)
    assert reading_of(values) == reading
    assert numbers(values, reading).tolist() == pytest.approx(read, nan_ok=True)


def test_a_blank_is_missing_and_a_word_among_numbers_is_kept() -> None:
    values = pd.Series(["12.5", " ", "unknown", *["3"] * 40], name="sum", dtype=object)
    encoding = describe(pd.DataFrame({"sum": values}))
    matrix = encoding.matrix(pd.DataFrame({"sum": values}))
    assert encoding.columns[0].categories == ("unknown",)
    wanted = [[12.5, 0], [np.nan, np.nan], [np.nan, 1], [3, 0]]
    assert np.array_equal(matrix[:4], np.array(wanted), equal_nan=True)


@pytest.mark.parametrize(
    ("name", "values", "is_id"),
    [
        ("RowNumber", range(ROWS), True),
        ("x", np.random.default_rng(1).permutation(ROWS), True),
        ("x", np.random.default_rng(1).choice(20_000, ROWS, replace=False), True),
        ("CustomerId", np.random.default_rng(1).choice(10**9, ROWS, replace=False), True),
        ("balance_in_ore", np.random.default_rng(1).choice(10**9, ROWS, replace=False), False),
        ("x", np.random.default_rng(1).random(ROWS), False),
        ("x", [f"c{n}" for n in range(ROWS)], True),
    ],
)
def test_what_was_given_out_is_an_id_and_what_was_measured_is_not(
    name: str, values: Any, is_id: bool
) -> None:
    found = describe(pd.DataFrame({name: list(values), "other": [1.5, 2.5] * (ROWS // 2)}))
    assert (name in found.refused) is is_id


def test_columns_that_know_the_outcome_are_refused_and_may_be_kept(bank: pd.DataFrame) -> None:
    left = bank["left"] == "Yes"
    known = bank.assign(
        label=np.where(left, "gone", "here"),
        ended=[f"2026-01-{n % 28 + 1:02d}" if gone else "" for n, gone in enumerate(left)],
    )
    trained = flat.train_on_table(known, target="left")
    assert {one.name for one in trained.fitted.encoding.columns} == {"years", "balance", "branch"}
    refused = trained.fitted.encoding.refused
    assert {one: "itself" in why for one, why in refused.items()} == {"label": True, "ended": True}
    low, high = trained.fitted.metrics["roc_auc_interval"]
    assert 0.5 < low < trained.fitted.metrics["roc_auc"] < high < 1
    kept = flat.train_on_table(known, target="left", keep=["label"])
    assert kept.fitted.metrics["roc_auc"] > 0.99
    assert "label" in kept.warnings[0]


def test_an_id_that_comes_back_stays_in_one_fold(bank: pd.DataFrame) -> None:
    known = bank.assign(who=[f"c{n // 4}" for n in range(ROWS)])
    fitted = flat.train_on_table(known, target="left", ids=["who"]).fitted
    assert pd.Series(fitted.folds).groupby(known["who"].to_numpy()).nunique().max() == 1


@pytest.mark.parametrize(
    ("write", "suffix"),
    [
        (lambda frame, path: frame.to_csv(path, index=False, sep=";", decimal=","), "csv"),
        (lambda frame, path: frame.to_csv(path, index=False, sep="\t", encoding="cp1252"), "tsv"),
        (lambda frame, path: frame.to_csv(path, index=False, quoting=1, encoding="utf-8-sig"), "csv"),
    ],
)  # fmt: skip
def test_a_table_is_read_whatever_parts_its_columns(
    bank: pd.DataFrame, tmp_path: Path, write: Callable[[pd.DataFrame, Path], None], suffix: str
) -> None:
    path = tmp_path / f"table.{suffix}"
    danish = bank.assign(branch=bank["branch"].replace("Odense", "Ærøskøbing"))
    write(danish, path)
    found = flat.read_table(path)
    assert list(found.columns) == list(danish.columns)
    assert found["branch"].tolist() == danish["branch"].tolist()
    encoding = describe(found.drop(columns="left"))
    column = encoding.matrix(found)[:, encoding.groups()[1]].ravel()
    assert column.tolist() == pytest.approx(danish["balance"].tolist())


@pytest.mark.parametrize(
    ("content", "target", "said"),
    [
        ("", "y", "not a table"),
        ("a,y\n", "y", "no rows"),
        ("a,y\n1,0\n1,2,3,4\n", "y", "line 3"),
        ("a,y\n" + "1,0\n" * 60, "y", "All rows have the outcome “0”"),
        ("a,y\n" + "1,0\n2,1\n3,2\n" * 30, "y", "3 different values"),
        ("a,y\n" + "1,0\n2,1\n" * 30 + "3,\n", "y", "Row 60 has no outcome"),
        ("a,y\n" + "1,0\n" * 60 + "2,1\n" * 5, "y", "Only 5 rows"),
        ("a,y\n1,0\n", "z", "no column “z”"),
        ("a,y\n" + "1,0\n1,1\n" * 30, "y", "no column that a model could learn from"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, content: str, target: str, said: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(content)
    with pytest.raises(UnfitTable, match=said):
        flat.train_on_table(flat.read_table(path), target=target)


def test_an_outcome_is_named_however_it_is_written(bank: pd.DataFrame) -> None:
    numbered = bank.assign(left=np.where(bank["left"] == "Yes", 1.0, 0.0))
    assert flat.train_on_table(numbered, target="left", positive="1").positive == "1"
    assert flat.train_on_table(bank, target="left", positive="yes").positive == "Yes"
