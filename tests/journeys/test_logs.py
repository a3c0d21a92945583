"""Reading logs that are as they should be, and logs that are not."""

import gzip
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.logs import BadRow, EventRow, LogRefused, read_log

PLAIN = b"case_id,activity,timestamp,end,channel,cost,branch\n"
XES = b"""<?xml version="1.0"?>
<log><global scope="event"><string key="concept:name" value="x"/></global>
<trace><string key="concept:name" value="7"/><int key="AMOUNT" value="20000"/>
<event><string key="concept:name" value="apply"><string key="concept:name" value="inner"/></string>
<date key="time:timestamp" value="2026-01-01T10:00:00.000+01:00"/>
<string key="lifecycle:transition" value="COMPLETE"/></event>
<event><string key="concept:name" value="pay"/>
<date key="time:timestamp" value="2026-01-02T10:00:00+01:00"/></event>
</trace></log>"""


def read(content: bytes, **options: object) -> tuple[list[EventRow], list[BadRow]]:
    rows = list(read_log(io.BytesIO(content), **options))  # type: ignore[arg-type]
    return (
        [row for row in rows if isinstance(row, EventRow)],
        [row for row in rows if isinstance(row, BadRow)],
    )


def test_csv_with_plain_names() -> None:
    good, bad = read(PLAIN + b"1,apply,2026-01-01T10:00:00Z,2026-01-01T10:05:00Z,web,12.5,Odense\n")
    assert not bad
    assert good[0].case_id == "1"
    assert good[0].ended_at == datetime(2026, 1, 1, 10, 5, tzinfo=UTC)
    assert good[0].attributes == {"branch": "Odense"}
    assert str(good[0].cost) == "12.50"


def test_csv_with_the_names_of_xes() -> None:
    header = b"case:concept:name,concept:name,time:timestamp,lifecycle:transition\n"
    good, _bad = read(header + b"1,apply,2011-10-11 13:45:40.276000+02:00,COMPLETE\n")
    assert good[0].transition == "complete"
    assert good[0].at == datetime(2011, 10, 11, 11, 45, 40, 276000, tzinfo=UTC)


def test_csv_with_a_mapping_and_semicolons() -> None:
    columns = {"Sag": "case_id", "Trin": "activity", "Tid": "at"}
    good, _bad = read("Sag;Trin;Tid\n1;Ansøg;2026-01-01\n".encode(), columns=columns)
    assert good[0].activity == "Ansøg"


def test_times_without_an_offset_are_told_in_the_given_zone() -> None:
    content = b"case_id,activity,timestamp\n1,a,2026-07-01 12:00\n"
    good, _bad = read(content, zone=ZoneInfo("Europe/Copenhagen"))
    assert good[0].at.astimezone(UTC) == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (b"1,,2026-01-01T10:00:00Z,,,,", "activity"),
        (b"1,a,31-02-2026,,,,", "at"),
        (b"1,a,2026-01-01 10:00 Mars/Olympus,,,,", "at"),
        (b"1,a,0970-01-01,,,,", "at"),
        (b"1,a,2026-01-02T10:00:00Z,2026-01-01T10:00:00Z,,,", "ended_at"),
        (b'1,a,2026-01-01,,,"1.000,50",', "cost"),
        (b"1,a,2026-01-01,,,NaN,", "cost"),
        (b"1,a\x00b,2026-01-01,,,,", "activity"),
        (b"1,\xe6\xf8\xe5,2026-01-01,,,,", "activity"),
        (b"1,a,2026-01-01", ""),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_kept(row: bytes, column: str) -> None:
    before, after = b"1,a,2026-01-01T09:00:00Z,,,,\n", b"\n1,z,2026-01-03T09:00:00Z,,,,\n"
    good, bad = read(PLAIN + before + row + after)
    assert [one.activity for one in good] == ["a", "z"]
    assert [(one.line, one.column) for one in bad] == [(3, column)]


def test_an_unclosed_quote_is_named() -> None:
    good, bad = read(PLAIN + b'1,a,2026-01-01,,,,\n1,"b,2026-01-01,,,,\n1,c,2026-01-01,,,,\n')
    assert [one.activity for one in good] == ["a"]
    assert [one.line for one in bad] == [3]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"case_id,activity\n1,a\n",
        b"case_id,activity,timestamp,activity\n",
        b"<?xml version='1.0'?><!DOCTYPE log [<!ENTITY a 'b'>]><log/>",
        b"<?xml version='1.0'?><!DOCTYPE log SYSTEM 'file:///etc/passwd'><log/>",
        b"<html></html>",
        XES[: XES.index(b"</event>")],
        gzip.compress(PLAIN * 2000)[:60],
    ],
    # Named by number: a gzip file carries the hour it was made, and names must not change.
    ids=range(8),
)
def test_a_damaged_file_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(LogRefused, match=r"\w+.*\."):
        read(content)


@pytest.mark.parametrize("content", [XES, gzip.compress(XES)])
def test_xes(content: bytes) -> None:
    good, bad = read(content)
    assert not bad
    assert [(one.case_id, one.activity, one.transition) for one in good] == [
        ("7", "apply", "complete"),
        ("7", "pay", ""),
    ]
    assert good[0].attributes == {"case:AMOUNT": "20000"}


def test_equal_rows_have_ids_of_their_own_that_come_again() -> None:
    content = PLAIN + b"1,a,2026-01-01,,,,\n" * 3
    first, _bad = read(content)
    second, _bad = read(content)
    assert len({one.external_id for one in first}) == 3
    assert [one.external_id for one in first] == [one.external_id for one in second]


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_a_sentence(content: bytes) -> None:
    for prefix in (b"", PLAIN, b"<log><trace>"):
        try:
            read(prefix + content)
        except LogRefused as refusal:
            assert str(refusal)  # noqa: PT017
