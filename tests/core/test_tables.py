import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from clm.core import files, shelves
from clm.core.crypto import CannotDecrypt
from clm.core.tables import (
    Row,
    UnreadableFile,
    neutral,
    open_table,
    plain_lines,
    write_rows,
    write_workbook,
)


def read(content: bytes, name: str = "a.csv") -> tuple[list[str], list[Row]]:
    plain = plain_lines(io.BytesIO(content), name=name)
    stream = io.BytesIO(plain.read() if isinstance(plain, io.BytesIO) else b"".join(plain))
    table = open_table(stream, name=name)
    rows = list(table.rows())
    # From the place after any row on come the rows after it, and no others.
    for number, row in enumerate(rows):
        assert list(table.rows(row.after)) == rows[number + 1 :]
    return table.columns, rows


def workbook(*rows: list[object], **parts: bytes) -> bytes:
    out = io.BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


_texts = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=12
).filter(lambda text: text.strip() == text)


@given(st.lists(st.tuples(_texts, _texts), min_size=1, max_size=8))
def test_what_is_written_is_read_again(pairs):
    wanted = [[a, b] for a, b in pairs if a or b]
    for form in ("csv", "jsonl"):
        raw = write_rows(form=form, columns=["one", "two"], rows=wanted, heading=True)
        if not wanted:
            continue
        columns, rows = read(raw, f"a.{form}")
        assert columns == ["one", "two"]
        shown = [[neutral(cell) for cell in row] for row in wanted] if form == "csv" else wanted
        assert [row.cells for row in rows] == shown


@pytest.mark.parametrize("text", ["=1+1", "+4512", "-x", "@SUM(A1)", "\tx", "\r=1"])
def test_nothing_that_a_spreadsheet_runs_is_written(text):
    raw = write_rows(form="csv", columns=["a"], rows=[[text]], heading=False).decode()
    assert raw.lstrip('"').startswith("'")
    out = io.BytesIO()
    write_workbook(out=out, columns=["a"], rows=iter([[text], [-5]]))
    with zipfile.ZipFile(out) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>-5</v>" in sheet, "a number is no formula"


def test_a_workbook_is_read_by_its_values_and_sheet_rows():
    _columns, rows = read(
        workbook(["id", "n", "ok"], [7, 1.5, True], [], [8, "x", False]), "a.xlsx"
    )
    assert [(row.line, row.cells) for row in rows] == [
        (2, ["7", "1.5", "true"]),
        (4, ["8", "x", "false"]),
    ]


def test_a_cell_that_shows_an_error_is_not_empty():
    out = io.BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet("Kunder & co")
        sheet.write_row(2, 1, ["id", "n"])
        sheet.write_formula(4, 1, "=1/0", None, "#DIV/0!")
        sheet.write(4, 2, "x")
        sheet.write_row(5, 1, [1, 2])
        sheet.write_formula(6, 2, "=NA()", None, "#N/A")
    columns, rows = read(out.getvalue(), "a.xlsx")
    assert columns == ["id", "n"]
    assert [(row.line, row.cells) for row in rows] == [
        (5, ["#DIV/0!", "x"]), (6, ["1", "2"]), (7, ["", "#N/A"]),
    ]  # fmt: skip


def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"<x/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(UnreadableFile, match="unpacks"):
        read(out.getvalue(), "a.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"<html>", b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(UnreadableFile):
        read(content, "a.xlsx")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b'{"a": {"b": 1}}', "object"),
        (b"{'a': 1}", "JSON"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"7", "neither"),
        (b'{"a": "\xe6"}', "UTF-8"),
        (b"[" * 5000, "JSON"),
    ],
)
def test_a_bad_line_of_json_is_named_and_the_others_are_read(line, word):
    columns, rows = read(
        b'{"a": "x", "n": 007}\n'.replace(b"007", b"1.10") + line + b'\n{"n": 2}\n', "a.jsonl"
    )
    assert columns == ["a", "n"]
    assert [row.line for row in rows] == [1, 2, 3]
    assert rows[0].cells == ["x", "1.10"]
    assert rows[2].cells == ["", "2"]
    assert rows[1].fault is not None
    assert word in rows[1].fault[1]


@pytest.mark.parametrize(
    ("name", "first"), [("a.csv", b"a,b\n1,2\n"), ("a.jsonl", b'{"a": "1", "b": "2"}\n')]
)
def test_a_line_without_an_end_is_named_and_ends_the_reading(name, first):
    stream = io.BytesIO(first + b"x," * 5_000_000 + b"\n3,4\n")
    table = open_table(stream, name=name)
    rows = list(table.rows())
    assert list(table.rows(rows[-1].after)) == []
    assert [row.cells for row in rows[:-1]] == [["1", "2"]]
    assert rows[-1].fault is not None
    assert "8 MB" in rows[-1].fault[1]


def test_lists_and_blanks_in_json():
    _columns, rows = read(json.dumps({"a": ["x", "y"], "b": None, "c": False}).encode(), "a.jsonl")
    assert rows[0].cells == ["x;y", "", "false"]


# Files at rest ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, files.FRAME - 1, files.FRAME, files.FRAME + 1, 1_000_000])
def test_a_file_of_any_size_is_read_from_any_place(size):
    content = bytes(i * 7 % 251 for i in range(size))
    key = files.store(content=(content[i : i + 1000] for i in range(0, size, 1000)))
    assert files.read(key=key) == content
    with files.open_file(key=key) as stream:
        for place in (0, size // 2, max(size - 10, 0), size, size + 5):
            stream.seek(place)
            assert stream.read(20) == content[place : place + 20]
        assert stream.seek(0, io.SEEK_END) == size


def test_a_file_that_was_cut_reordered_or_swapped_does_not_open():
    content = b"x" * (3 * files.FRAME)
    key, other = (files.store(content=content) for _ in range(2))
    path = shelves.Folder().path(key=key)
    raw = path.read_bytes()
    sealed = (len(raw) - 13) // 3
    frames = [raw[13 + i * sealed : 13 + (i + 1) * sealed] for i in range(3)]
    for damaged in (
        raw[:-sealed],
        raw[:-1],
        raw[:13] + frames[1] + frames[0] + frames[2],
        raw[:13] + frames[0] + frames[2],
        shelves.Folder().path(key=other).read_bytes(),
        raw[:5],
        b"",
    ):
        path.write_bytes(damaged)
        with pytest.raises(CannotDecrypt):
            files.read(key=key)
