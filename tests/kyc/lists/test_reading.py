"""Dates, names and packed files, as several formats have them."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc.features import Birth
from kyc.lists import Listed, ListedName, ListError
from kyc.lists.reading import births
from kyc.lists.reading.naming import add_names, split_names


@pytest.mark.parametrize(
    ("text", "first", "last", "circa"),
    [
        ("1960", (1960, 1, 1), (1960, 12, 31), False),
        ("1960-02", (1960, 2, 1), (1960, 2, 29), False),
        ("1960-03-12", (1960, 3, 12), (1960, 3, 12), False),
        ("1960-03-12T00:00:00", (1960, 3, 12), (1960, 3, 12), False),
        ("12 Mar. 1960", (1960, 3, 12), (1960, 3, 12), False),
        ("Nov. 1973", (1973, 11, 1), (1973, 11, 30), False),
        ("August 1961", (1961, 8, 1), (1961, 8, 31), False),
        ("circa 1962", (1962, 1, 1), (1962, 12, 31), True),
        ("Approximately 1962", (1962, 1, 1), (1962, 12, 31), True),
        ("c.1962", (1962, 1, 1), (1962, 12, 31), True),
        ("between 1970 and 1973", (1970, 1, 1), (1973, 12, 31), False),
        ("Between circa 1970 and 1973", (1970, 1, 1), (1973, 12, 31), True),
        ("Between Aug. and Sep. 1977", (1977, 8, 1), (1977, 9, 30), False),
        ("1970 to 1973", (1970, 1, 1), (1973, 12, 31), False),
        ("1970-1973", (1970, 1, 1), (1973, 12, 31), False),
        ("01 Jan 1960 to 31 Mar 1960", (1960, 1, 1), (1960, 3, 31), False),
        ("circa 1950-1955", (1950, 1, 1), (1955, 12, 31), True),
        ("Dec 1961.", (1961, 12, 1), (1961, 12, 31), False),
        ("1960s", (1960, 1, 1), (1969, 12, 31), True),
        ("1960-00-00", (1960, 1, 1), (1960, 12, 31), False),
    ],
)
def test_a_date_of_birth_is_a_span_of_days(text: str, first: Any, last: Any, circa: bool) -> None:
    assert births.parse(text) == Birth(date(*first), date(*last), circa)


@pytest.mark.parametrize(
    "text",
    ["", "1960-02-31", "1960-13", "30-35 years old", "24/06/1402 (Hijri Calendar)", "12 1960",
     "1973 to 1970", "0000", "12 Foo 1960"],
)  # fmt: skip
def test_what_states_no_date_is_none(text: str) -> None:
    assert births.parse(text) is None


@given(st.text(max_size=40))
def test_no_text_breaks_dates_or_names(text: str) -> None:
    births.parse(text)
    assert "".join(name for name, _short in split_names("A;" * 2000)) == "A" * 2000
    split_names(text)
    split_names(f"A (f.k.a. B; {text}) {text}")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ann One; Ann Won", ["Ann One", "Ann Won"]),
        ("Ann One b) A. One", ["Ann One", "A. One"]),
        ("Ivan Odin (Иван Один)", ["Ivan Odin", "Иван Один"]),
        ("Ivan (original script: Иван)", ["Ivan", "Иван"]),
        ("Long Name Front (LNF)", ["Long Name Front", "LNF"]),
        ("LNF (الجبهة (original script); Long Front; Long Name)",
         ["LNF", "الجبهة", "Long Front", "Long Name"]),
        ("Leader (Hong Kong) Trading", ["Leader (Hong Kong) Trading"]),
        ("Ann One (birth name)", ["Ann One"]),
        ("Ann One (previously listed as)", ["Ann One"]),
        ("New Trading (formerly Old Trading)", ["New Trading", "Old Trading"]),
        ("New Trading (f.k.a. Old Trading; a.k.a. NT)", ["New Trading", "Old Trading", "NT"]),
        ("NEW TRADING, F.K.A. OLD TRADING", ["NEW TRADING", "OLD TRADING"]),
        ("New Trading formerly known as Old (Hong Kong)", ["New Trading", "Old (Hong Kong)"]),
        ("Jean Aka Kouassi", ["Jean Aka Kouassi"]),
        ("Also Sprach Trading (LNF, formerly Old) Ltd",
         ["Also Sprach Trading (LNF, formerly Old) Ltd"]),
        ("Ann One, born 1 Jan. 1953 (passport 7)", ["Ann One"]),
    ],
)  # fmt: skip
def test_a_cell_may_hold_several_names(text: str, names: list[str]) -> None:
    assert [name for name, _short in split_names(text)] == names


def test_a_name_stands_once_and_strong_outweighs_weak() -> None:
    entry = Listed(key="1")
    add_names(entry, [ListedName("Ann  One", primary=True), ListedName("A.", weak=True)])
    add_names(entry, [ListedName("Ann One", weak=True), ListedName("A."), ListedName(" - ")])
    assert entry.names == [ListedName("Ann One", primary=True), ListedName("A.")]


def test_packed_files(read_list: Callable[..., Any]) -> None:
    text = b"<CONSOLIDATED_LIST/>"
    assert read_list("un-xml", gzip.compress(text))[1].end_mark
    one, two = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(one, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.xml", text)
    assert read_list("un-xml", one.getvalue())[1].end_mark
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("list.xml", text)
        archive.writestr("other.xml", text)
    with pytest.raises(ListError, match="The zip has 2 files"):
        read_list("un-xml", two.getvalue())


def test_a_file_that_swells_is_refused(
    read_list: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kyc.lists.reading.source._ALWAYS_FINE", 1 << 20)
    packed = gzip.compress(b"<CONSOLIDATED_LIST>" + b" " * (8 << 20) + b"</CONSOLIDATED_LIST>")
    with pytest.raises(ListError, match="swells"):
        read_list("un-xml", packed)
