"""Readers of lists: whole or not at all, with the line that breaks off."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

import kyc
from clm.core import jobs
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Event, User
from kyc import index, screening, services
from kyc.features import Birth
from kyc.lists import ListError, Reading, formats
from kyc.models import VersionState, WatchlistEntry, WatchlistVersion

DEMO = Path(kyc.__file__).parent / "data" / "demo_list"
SDN = (
    '1,"DOE, John","individual","TEST] [MORE",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"DOB 12 Mar 1960; alt. DOB circa 1962; POB Rome, Italy; nationality Italy; Gender Male; Passport A1234567'
    " (Italy); a.k.a. 'JD'.\"\r\n"
    '2,"ACME LTD.",-0- ,"TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
)
ALT = '1,1,"aka","DOE, Johnny",-0- \r\n9,2,"aka","NOBODY",-0- \r\n'
ADD = '1,1,"Street","Paris","France",-0- \r\n9,2,-0- ,-0- ,"Spain",-0- \r\n'


def folder_of(path: Path, sdn: str = SDN, alt: str = ALT, end: str = "\x1a") -> Path:
    folder = path / "ofac"
    folder.mkdir(exist_ok=True)
    (folder / "sdn.csv").write_text(sdn + end, newline="")
    (folder / "alt.csv").write_text(alt + end, newline="")
    (folder / "add.csv").write_text(ADD + end, newline="")
    return folder


def read(path: Path, list_format: str = "ofac-csv") -> tuple[list[Any], Reading]:
    reading = Reading()
    return list(formats()[list_format].read(path, reading)), reading


def test_an_entry_is_read_with_everything_that_is_said_of_it(tmp_path: Path) -> None:
    (doe, acme), reading = read(folder_of(tmp_path))
    assert doe.kind == "person"
    assert [(one.name, one.primary, one.weak) for one in doe.names] == [
        ("DOE, John", True, False),
        ("DOE, Johnny", False, False),
        ("JD", False, True),
    ]
    assert doe.births == [
        Birth(date(1960, 3, 12), date(1960, 3, 12)),
        Birth(date(1962, 1, 1), date(1962, 12, 31), circa=True),
    ]
    assert doe.nationalities == ["IT"]
    assert doe.gender == "male"
    assert doe.countries == ["FR"]
    assert doe.birth_places == ["Rome, Italy"]
    assert doe.programmes == ["TEST", "MORE"]
    assert doe.identifiers == [{"kind": "Passport", "value": "A1234567", "country": "IT"}]
    assert acme.kind == "organisation"
    assert reading.orphans == 2
    assert reading.end_mark
    assert "1 aliases and 1 addresses" in reading.notes[0]


def test_a_zip_is_read_like_a_folder(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    packed = tmp_path / "ofac.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for one in folder.iterdir():
            archive.write(one, f"somewhere/{one.name.upper()}")
    assert [one.key for one in read(packed)[0]] == ["1", "2"]


@pytest.mark.parametrize(
    ("sdn", "sentence"),
    [
        (SDN + '3,"CUT OFF","indivi', "line 3"),
        (SDN + '3,"CUT OFF","individual","TEST",-0- ', "line 3: 5 columns instead of 12"),
        (SDN + SDN, "line 3: the number 1 stands there already, on line 1"),
        (SDN.replace('"ACME LTD."', '"ACME LTD.').replace("\r\n2", '\r\n"2') , "line"),
        (SDN + '3,-0- ,"individual","TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n', "line 3"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, sdn: str, sentence: str) -> None:
    with pytest.raises(ListError, match=sentence):
        read(folder_of(tmp_path, sdn=sdn))


def test_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "list.txt"
    other.write_text("hello")
    with pytest.raises(ListError, match="neither a folder nor a zip"):
        read(other)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ListError, match=r"no sdn\.csv"):
        read(tmp_path / "empty")


def test_own_lists(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "entry_id,name,kind,born,country,strength,colour\n"
        "7,Ole Hansen,Person,1950-02-01,Denmark,,blue\n"
        "7,O. Hansen,person,,,weak,red\n"
        "8,Acme,COMPANY,,US,,\n",
        encoding="utf-8-sig",
    )
    (ole, acme), reading = read(path, "names-csv")
    assert [one.name for one in ole.names] == ["Ole Hansen", "O. Hansen"]
    assert ole.names[1].weak
    assert ole.countries == ["DK"]
    assert acme.kind == "organisation"
    assert reading.notes == ["Columns that are not known were passed over: colour."]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id,name\n1,x\n", "no column entry_id"),
        ("entry_id,name,name\n1,x,y\n", "stands twice"),
        ("entry_id,name\n1,x\n2\n", "Line 3"),
        ("entry_id,name\n1,\n", "Line 2 has no id or no name"),
        ("entry_id,name,kind\n1,x,fish\n", "no kind"),
        ("entry_id,name,born\n1,x,1960-02-31\n", "Line 2.*no date of birth"),
        ('entry_id,name\n1,"x\n2,y\n', "Line 2"),
    ],
)
def test_own_lists_with_faults(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text)
    with pytest.raises(ListError, match=sentence):
        read(path, "names-csv")


# Loading ---------------------------------------------------------------------------------------


def test_a_version_says_what_it_changed(load_names: Callable[..., Any]) -> None:
    first = load_names("1,Ann One,person", "2,Bob Two,person", "3,Cy Three,person",
                       "4,Di Four,person", "5,Ed Five,person")  # fmt: skip
    assert (first.version.added, first.version.changed, first.version.removed) == (5, 0, 0)
    again = load_names("1,Ann One,person", "2,Bob Two,person", "3,Cy Three,person",
                       "4,Di Four,person", "5,Ed Five,person")  # fmt: skip
    assert again.version is None
    second = load_names("1,Ann One,person", "2,Bob Two,person,1950", "3,Cy Three,person",
                        "4,Di Four,person", "6,Flo Six,person")  # fmt: skip
    version = second.version
    assert (version.number, version.added, version.changed, version.removed) == (2, 1, 1, 1)
    assert WatchlistEntry.objects.get(key="5").removed_in == version
    back = load_names("1,Ann One,person", "2,Bob Two,person,1950", "3,Cy Three,person",
                      "4,Di Four,person", "6,Flo Six,person", "5,Ed Five,person")  # fmt: skip
    assert (back.version.added, back.version.removed) == (1, 0)
    assert WatchlistEntry.objects.get(key="5").removed_in is None
    assert WatchlistVersion.objects.filter(standing=VersionState.IN_FORCE).count() == 1


def test_a_list_that_shrank_waits_for_a_person(
    load_names: Callable[..., Any], karen: User, make_user: Callable[..., User], now: datetime
) -> None:
    rows = [f"{n},Name{n} Person{n},person" for n in range(10)]
    load_names(*rows)
    held = load_names(*rows[:7])
    assert held.held
    assert "30 % shorter" in held.version.held_because
    assert WatchlistEntry.objects.filter(removed_in=None).count() == 10
    robot = make_user("robot", "compliance_officer", is_robot=True)
    with pytest.raises(TransitionRefused):
        services.accept_version(version=held.version, actor=robot, at=now)
    accepted = services.accept_version(version=held.version, actor=karen, at=now)
    assert accepted.version is not None
    assert accepted.version.removed == 3
    with pytest.raises(TransitionRefused):
        services.accept_version(version=held.version, actor=karen, at=now)


def test_a_file_of_other_entries_waits_however_many_they_are(load_names: Any) -> None:
    load_names(*(f"{n},Somebody Else {n},person" for n in range(10)))
    kept = [f"{n},Somebody Else {n},person" for n in range(7)]
    loaded = load_names(*kept, *(f"new{n},Nobody Known {n},person" for n in range(9)))
    assert loaded.doubts == ["3 of the 10 entries in force are not in it."]
    assert loaded.forcible
    assert not load_names(*kept, "7,Somebody Else 7,person", "new,Nobody Known,person").held


def test_a_held_version_is_given_up_by_a_person_or_by_a_newer_one(
    load_names: Callable[..., Any], karen: User, make_user: Callable[..., User], now: datetime
) -> None:
    rows = [f"{n},Name{n} Person{n},person" for n in range(10)]
    load_names(*rows)
    held = load_names(*rows[:5]).version
    assert load_names(*rows[:5]).version == held
    robot = make_user("robot", "compliance_officer", is_robot=True)
    with pytest.raises(TransitionRefused):
        services.discard_version(version=held, actor=robot, at=now)
    services.discard_version(version=held, actor=karen, at=now)
    with pytest.raises(TransitionRefused):
        services.discard_version(version=held, actor=karen, at=now)

    # The same entries in another file are another load: it waits in the place of the first.
    again = load_names(*rows[:5]).version
    other = load_names(*reversed(rows[:5])).version
    assert other != again
    assert list(WatchlistVersion.objects.filter(standing=VersionState.HELD)) == [other]
    assert not load_names(*rows, "10,Ten Person,person").held
    assert not WatchlistVersion.objects.filter(standing=VersionState.HELD).exists()
    with pytest.raises(TransitionRefused):
        services.accept_version(version=other, actor=karen, at=now)
    assert Event.objects.filter(record_id=other.pk, action="change").count() == 1


def test_a_fifth_less_is_still_taken_and_force_takes_all(load_names: Callable[..., Any]) -> None:
    rows = [f"{n},Name{n} Person{n},person" for n in range(10)]
    load_names(*rows)
    assert not load_names(*rows[:8]).held
    assert not load_names(*rows[:2], force=True).held
    assert WatchlistEntry.objects.filter(removed_in=None).count() == 2


def test_a_file_without_its_end_mark_waits(tmp_path: Path, system: User, now: datetime) -> None:
    folder = folder_of(tmp_path)
    services.load_list(format="ofac-csv", path=folder, actor=system, at=now)
    more = SDN + '3,"NEW ONE",-0- ,"T",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    loaded = services.load_list(
        format="ofac-csv", path=folder_of(tmp_path, sdn=more, end=""), actor=system, at=now
    )
    assert loaded.held


def test_a_companion_that_is_cut_or_missing_waits(
    tmp_path: Path, system: User, karen: User, now: datetime
) -> None:
    def load(folder: Path, **options: Any) -> Any:
        return services.load_list(format="ofac-csv", path=folder, actor=system, at=now, **options)

    folder = folder_of(tmp_path)
    (folder / "alt.csv").write_text(ALT, newline="")
    cut = load(folder, name="Other")
    assert cut.held, "nothing is in force, but alt.csv alone has no end mark"
    assert "missing in alt.csv, though not in the others" in cut.version.held_because
    taken = services.accept_version(version=cut.version, actor=karen, at=now).version
    assert taken is not None
    assert taken.added == 2
    (folder / "alt.csv").unlink()
    assert load(folder, name="Third").notes[0].startswith("There is no alt.csv")

    many = ALT + "".join(f'2,{n},"aka","ACME {n}",-0- \r\n' for n in range(9))
    assert not load(folder_of(tmp_path, alt=many)).held
    fewer = load(folder_of(tmp_path))
    assert "69 % fewer names than the version in force (4 names, 13 before)" in (
        fewer.version.held_because
    )
    assert fewer.forcible
    (folder_of(tmp_path, alt=many) / "add.csv").unlink()
    without = load(folder, force=True)
    assert without.held
    assert "There is no add.csv" in without.version.held_because


def test_a_held_folder_with_names_in_capitals_is_kept_whole(
    tmp_path: Path, system: User, now: datetime, karen: User
) -> None:
    services.load_list(format="ofac-csv", path=folder_of(tmp_path), actor=system, at=now)
    folder = folder_of(tmp_path, sdn=SDN.split("\r\n")[0] + "\r\n")
    for one in list(folder.iterdir()):
        one.rename(folder / one.name.upper())
    held = services.load_list(format="ofac-csv", path=folder, actor=system, at=now)
    assert held.version is not None
    assert held.held
    taken = services.accept_version(version=held.version, actor=karen, at=now)
    assert taken.version is not None
    assert (taken.version.names, taken.version.removed) == (3, 1)
    (folder / "sdn.csv").write_text(SDN + "\x1a", newline="")
    with pytest.raises(ListError, match=r"sdn\.csv is there twice"):
        read(folder)


def test_a_broken_file_changes_nothing(tmp_path: Path, system: User, now: datetime) -> None:
    services.load_list(format="ofac-csv", path=folder_of(tmp_path), actor=system, at=now)
    with pytest.raises(ListError):
        services.load_list(
            format="ofac-csv", path=folder_of(tmp_path, sdn=SDN + "3,oops"), actor=system, at=now
        )
    assert WatchlistVersion.objects.count() == 1


def test_an_empty_file_is_refused(tmp_path: Path, system: User, now: datetime) -> None:
    with pytest.raises(ListError, match="no entry"):
        services.load_list(
            format="ofac-csv", path=folder_of(tmp_path, sdn="", alt=""), actor=system, at=now
        )
    with pytest.raises(ListError, match="There is no format"):
        services.load_list(format="nonsense", path=tmp_path, actor=system, at=now)


def test_the_index_follows_the_lists(load_names: Callable[..., Any]) -> None:
    load_names("1,Zebulon Quirk,person")
    asked = screening.party(names=["Zebulon Quirk"])
    assert len(screening.screen(parties=[asked])[0]) == 1
    load_names("2,Somebody Different,person", force=True)
    assert screening.screen(parties=[asked]) == [[]]
    built = index.current()
    index._cached = None
    loaded = index.current()
    assert loaded.signature == built.signature
    assert (loaded.heard.grams != built.heard.grams).nnz == 0


def test_the_shipped_list_is_whole(system: User, now: datetime) -> None:
    loaded = services.load_list(format="ofac-csv", path=DEMO, actor=system, at=now)
    assert loaded.version is not None
    assert loaded.version.entries == 39
    found = screening.screen(
        parties=[
            screening.party(names=["Igor Wolkarski"], kind="person", born_on=date(1971, 8, 14))
        ]
    )[0]
    assert found[0].entry.key == "90001"


def test_why_a_list_is_held_is_read_in_each_reader_s_language(
    load_names: Any, now: datetime, karen: User
) -> None:
    load_names(*[f"{number},Igor Volkov {number}" for number in range(10)])
    held = load_names(*[f"{number},Igor Volkov {number}" for number in range(7)]).version
    held.refresh_from_db()
    assert held.doubts[0]["with"] == {"percent": 30, "now": 7, "before": 10}
    job = services.start_load(
        file=b"entry_id,name\n1,Igor Volkov", file_name="n.csv", format="names-csv",
        name="Test list", actor=karen, at=now,
    )  # fmt: skip
    jobs.run(job=job, at=now)
    job.refresh_from_db()
    with translation.override("da"):
        assert "30 % kortere end versionen i kraft (7 poster, før 10)" in held.held_because
        assert "90 % kortere" in jobs.message_of(job=job)
    with translation.override("en"):
        assert "30 % shorter" in held.held_because
        assert "Test list: Held back. 90 % shorter" in jobs.message_of(job=job)


def test_listed_names_that_find_nobody_are_told_of(load_names: Any) -> None:
    loaded = load_names("1,Igor Volkov", "2,X", "3,---", f"4,{'A' * 600}")
    assert loaded.notes == [
        "2 names have fewer than two letters: nobody is found by them.",
        "1 names have more than 500 characters; the rest is cut off.",
    ]
