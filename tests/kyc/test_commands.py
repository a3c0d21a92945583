"""The commands: one JSON document, one sentence on failure."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

LISTED = "1,Igor Petrovich Volkov,person,1961-02-03,RU"


def run(*arguments: Any) -> Any:
    out = StringIO()
    call_command(*(str(one) for one in arguments), stdout=out, stderr=StringIO())
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def test_import_watchlist(db: None, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("entry_id,name\n1,Ann One\n")
    loaded = run("import_watchlist", "names-csv", path, "--list", "PEP", "--json")
    assert (loaded["list"], loaded["added"], loaded["held"]) == ("PEP", 1, False)
    assert run("import_watchlist", "names-csv", path, "--list", "PEP").strip() == (
        "PEP: nothing changed."
    )
    path.write_text("entry_id,name\n1\n")
    with pytest.raises(CommandError, match=r"Line 2.*The version in force stays"):
        run("import_watchlist", "names-csv", path, "--list", "PEP")
    with pytest.raises(CommandError, match="There is nothing at"):
        run("import_watchlist", "names-csv", tmp_path / "nowhere")


def test_screen(load_names: Callable[..., Any]) -> None:
    load_names(LISTED)
    found = run("screen", "Igor Wolkow", "--born", "1961", "--json")
    assert found["candidates"][0]["entry_id"] == "1"
    assert "Nobody" not in run("screen", "Nobody At All")
    with pytest.raises(CommandError, match="no date of birth"):
        run("screen", "Igor", "--born", "yesterday")


def test_screen_batch(load_names: Callable[..., Any], tmp_path: Path) -> None:
    load_names(LISTED)
    load_names("7,Igor Volkov,person", name="Other list")
    asked, out = tmp_path / "in.csv", tmp_path / "out.csv"
    asked.write_text("id,name,kind,mood\na,Igor Volkov,INDIVIDUAL,good\nb,Mette Holm,Person,bad\n")
    told = run("screen_batch", asked, out, "--json")
    assert (told["screened"], told["candidates"]) == (2, 2)
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["list"] for row in rows] == ["Other list", "Test list"]
    assert [row["id"] for row in rows] == ["a", "a"]
    told = run("screen_batch", asked, out, "--list", "Test list", "--json")
    assert told["candidates"] == 1
    with pytest.raises(CommandError, match="There is no list Nonsense"):
        run("screen_batch", asked, out, "--list", "Nonsense")
    asked.write_text("id,title\n1,x\n")
    with pytest.raises(CommandError, match="no column name"):
        run("screen_batch", asked, out)


def test_compare_names(db: None, tmp_path: Path) -> None:
    pairs, out = tmp_path / "in.csv", tmp_path / "out.csv"
    pairs.write_text(
        "kind,name1,name2,born1,born2\n"
        "LegalEntity,Siemens AG,Siemens Aktiengesellschaft,,\n"
        "person,Igor Volkov,Igor Volkov,1961,1999-01-01\n"
    )
    told = run("compare_names", pairs, out, "--json")
    assert (told["pairs"], told["matches"]) == (2, 1)
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["match"] for row in rows] == ["true", "false"]
    assert json.loads(rows[1]["explanation"])[-1]["code"] == "born_differs"
    pairs.write_text("kind,name1,name2\nfish,a,b\n")
    with pytest.raises(CommandError, match="Line 2: there is no kind"):
        run("compare_names", pairs, out)
