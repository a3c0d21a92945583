"""What is held back, what is refused, and what a second load of the same file does."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clm.core.models import User
from kyc import screening, services
from kyc.lists import ListError, formats
from kyc.models import VersionState, WatchlistEntry, WatchlistVersion
from tests.kyc.lists.test_eu_xml import SAMPLE as EU
from tests.kyc.lists.test_ftm_jsonl import FILE as FTM
from tests.kyc.lists.test_ftm_jsonl import line
from tests.kyc.lists.test_opensanctions_csv import FIRM, HEADER, PERSON
from tests.kyc.lists.test_un_xml import SAMPLE as UN

SAMPLES = {
    "eu-xml": EU, "ftm-jsonl": FTM, "opensanctions-csv": HEADER + PERSON + FIRM, "un-xml": UN,
    "names-csv": "entry_id,name\n1,Ann One\n2,Bob Two\n",
    "ofac-csv": Path(__file__).parents[3] / "kyc/data/demo_list",
}  # fmt: skip


def test_every_format_is_known() -> None:
    assert set(formats()) == set(SAMPLES)
    assert all(one.doc for one in formats().values())


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_command_loads_every_format_once(
    db: None, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = SAMPLES[name]
    if isinstance(path, str):
        (tmp_path / "file").write_text(path, encoding="utf-8")
        path = tmp_path / "file"
    call_command("import_watchlist", name, str(path), "--json")
    first = json.loads(capsys.readouterr().out)
    assert first["changed"]
    assert first["added"] == first["entries"] > 1
    before = set(WatchlistEntry.objects.values_list("pk", "digest"))
    call_command("import_watchlist", name, str(path), "--json")
    assert not json.loads(capsys.readouterr().out)["changed"]
    assert set(WatchlistEntry.objects.values_list("pk", "digest")) == before


@pytest.fixture
def load(tmp_path: Path, system: User, now: datetime) -> Callable[..., Any]:
    def load(list_format: str, text: str, **options: Any) -> Any:
        path = tmp_path / "file"
        path.write_text(text, encoding="utf-8")
        return services.load_list(format=list_format, path=path, actor=system, at=now, **options)

    return load


def test_an_id_that_stands_twice_or_is_too_long_refuses_the_file(load: Callable[..., Any]) -> None:
    one = line("Q1", "Person", name=["Ann One"])
    with pytest.raises(ListError, match="The id Q1 stands twice, in entries 1 and 3"):
        load("ftm-jsonl", one + line("Q2", "Person", name=["Bob Two"]) + one)
    with pytest.raises(ListError, match="The id of entry 1 has more than 255 characters"):
        load("ftm-jsonl", line("Q" * 256, "Person", name=["Ann One"]))
    with pytest.raises(ListError, match="The name of a list has at most 80"):
        load("ftm-jsonl", one, name="x" * 81)
    assert not WatchlistVersion.objects.exists()
    assert load("ftm-jsonl", line("Q" * 255, "Person", name=["Ann One"])).version.entries == 1


def test_force_takes_a_shrunken_list_and_nothing_else(
    load: Callable[..., Any], karen: User, now: datetime
) -> None:
    def rows(*numbers: int, end: str = "\n") -> str:
        lines = (f"NK-{n},Person,Name{n} Person{n}" for n in numbers)
        return "id,schema,name\n" + "\n".join(lines) + end

    load("opensanctions-csv", rows(*range(10)))
    held = load("opensanctions-csv", rows(*range(7)))
    assert held.held
    assert held.forcible
    again = load("opensanctions-csv", rows(*range(7)))
    assert again.version == held.version
    with pytest.raises(ListError):
        load("opensanctions-csv", rows(1) + "NK-2,Per", force=True)
    cut = load("opensanctions-csv", rows(*range(7), end=""), force=True)
    assert cut.version.standing == VersionState.HELD
    assert not cut.forcible
    assert "mark that ends the file" in cut.version.held_because
    assert WatchlistEntry.objects.filter(removed_in=None).count() == 10
    taken = services.accept_version(version=cut.version, actor=karen, at=now)
    assert (taken.version and taken.version.removed) == 3
    assert not load("opensanctions-csv", rows(1), force=True).held


@pytest.mark.parametrize(("name", "text"), [("un-xml", UN), ("eu-xml", EU)])
def test_a_list_that_is_older_waits_even_with_force(
    load: Callable[..., Any], name: str, text: str
) -> None:
    load(name, text)
    older = text.replace("2026-01-02T", "2025-12-31T").replace("A remark.", "Another.")
    held = load(name, older, force=True)
    assert held.held
    assert "It is of 2025-12-31, older" in held.version.held_because
    newer = load(name, text.replace("2026-01-02T", "2026-01-03T").replace("A remark.", "Another."))
    assert (newer.version.added, newer.version.changed, newer.version.removed) == (0, 1, 0)


def test_the_command_says_when_force_helps(db: None, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("entry_id,name\n1,Ann One\n2,Bob Two\n3,Cy Three\n")
    call_command("import_watchlist", "names-csv", str(path))
    path.write_text("entry_id,name\n1,Ann One\n")
    with pytest.raises(CommandError, match=r"67 % shorter.*or load it with --force"):
        call_command("import_watchlist", "names-csv", str(path))
    path.write_text('entry_id,name\n1,"Ann')
    with pytest.raises(CommandError, match=r"Line 2 cannot be read.*The version in force stays"):
        call_command("import_watchlist", "names-csv", str(path), "--force")


def _raw(folder: Path) -> dict[str, tuple[Any, ...]]:
    """What the real files state of an entry as far as it is kept, without our reader."""

    def table(name: str) -> list[list[str]]:
        text = (folder / name).read_text(encoding="utf-8-sig", errors="replace")
        found = csv.reader(text.splitlines(keepends=True))
        return [[cell.strip() for cell in row] for row in found if len(row) > 1]

    more: dict[str, list[Any]] = defaultdict(lambda: [set(), set(), ""])
    for row in table("alt.csv"):
        more[row[0]][0].add(row[3])
    for row in table("add.csv"):
        more[row[0]][1] |= {row[4]} - {"-0-"}
    for row in table("sdn_comments.csv"):
        more[row[0]][2] += row[1]
    return {
        row[0]: (row[1], row[2], row[3], row[11], frozenset(more[row[0]][0] - {row[1]}),
                 frozenset(more[row[0]][1]), more[row[0]][2])
        for row in table("sdn.csv")
    }  # fmt: skip


def test_a_real_list_and_a_later_state_of_it(
    shared: Callable[[str], Path], system: User, now: datetime
) -> None:
    older, newer = (shared(f"sanctions/ofac_{age}") for age in ("older", "newer"))
    first = services.load_list(format="ofac-csv", path=older, actor=system, at=now).version
    assert first is not None
    assert (first.entries, first.orphans, first.ended) == (8976, 0, True)
    version = services.load_list(format="ofac-csv", path=newer, actor=system, at=now).version
    assert version is not None
    before, after = _raw(older), _raw(newer)
    both = set(before) & set(after)
    assert version.added == len(set(after) - both)
    assert version.removed == len(set(before) - both)
    assert version.changed == sum(before[key] != after[key] for key in both)
    assert (version.added, version.removed, version.orphans) == (6878, 881, 2460 + 4893)
    stated = dict(WatchlistEntry.objects.filter(removed_in=None).values_list("key", "gender"))
    assert list(stated.values()).count("female") > 400
    found = screening.screen(parties=[screening.party(names=["Александар Вулин"])])[0]
    assert found[0].entry.key == "43736"
