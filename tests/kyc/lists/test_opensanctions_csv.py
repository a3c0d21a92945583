"""OpenSanctions' table, by its published columns; the names are invented."""

import gzip
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kyc.features import Birth
from kyc.lists import ListedName, ListError

HEADER = (
    '"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions",'
    '"phones","emails","program_ids","dataset","first_seen","last_seen","last_change"\n'
)
PERSON = (
    '"NK-1","Person","Ann ""Annie"" One","A. One;Анна Один;A. One","1960;1960-03-12;unclear",'
    '"dk;ua-cri;suhh","1 Road, Town;Town","A77;B88","Sanction A;Sanction B","+45","a@b.example",'
    '"XX-A;XX-B","List A;List B","2020-01-01","2026-01-01","2025-01-01"\n'
)
FIRM = '"NK-2","Company","Test, Trading","","","pa","","","","","","","List A","","",""\n'
OTHER = '"NK-3","CryptoWallet","0x77","","","","","","","","","","List A","","",""\n'


def test_an_entry_is_read_with_everything_that_is_said_of_it(read_list: Callable[..., Any]) -> None:
    (ann, firm), reading = read_list("opensanctions-csv", "\ufeff" + HEADER + PERSON + FIRM + OTHER)
    assert (ann.key, ann.kind, ann.programmes) == ("NK-1", "person", ["XX-A", "XX-B"])
    assert ann.names == [
        ListedName('Ann "Annie" One', primary=True), ListedName("A. One"), ListedName("Анна Один"),
    ]  # fmt: skip
    assert ann.births == [
        Birth(date(1960, 1, 1), date(1960, 12, 31)),
        Birth(date(1960, 3, 12), date(1960, 3, 12)),
    ]
    assert ann.countries == ["DK", "UA"]
    assert [one["value"] for one in ann.identifiers] == ["A77", "B88"]
    assert ann.remarks == "Sanction A; Sanction B; List A; List B; DOB unclear"
    assert (firm.kind, firm.names[0].name) == ("organisation", "Test, Trading")
    assert reading.notes == ["1 entries are no party to be screened; they were passed over."]
    assert reading.end_mark


def test_the_older_columns_and_unknown_ones(read_list: Callable[..., Any]) -> None:
    text = "id,schema,name,sanctions,colour,shape\nQ1,vessel,Sea,S1;S2,blue,round\n"
    (ship,), reading = read_list("opensanctions-csv", text)
    assert (ship.kind, ship.programmes) == ("vessel", ["S1", "S2"])
    assert reading.notes == ["Columns that are not known were passed over: colour, shape."]


def test_when_it_was_seen_is_no_change(read_list: Callable[..., Any]) -> None:
    later = PERSON.replace("2026-01-01", "2026-01-02").replace("2025-01-01", "2025-02-02")
    one, two = (read_list("opensanctions-csv", HEADER + row)[0] for row in (PERSON, later))
    assert one == two


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "no column id, schema, name"),
        (HEADER + FIRM + PERSON[:30], "Line 3 cannot be read: a quotation mark is not closed"),
        (HEADER + FIRM + '"NK-9","Person","Cut"\n', "Line 3 has another number of columns"),
        (HEADER + FIRM.replace('"Test, Trading"', '"Test, Trading') + PERSON, "Line 2 cannot"),
        (HEADER + FIRM.replace("NK-2", ""), "Line 2 has no id or no name"),
        ((HEADER + FIRM).encode() + b'"NK-9\xff', "Line 3 is not in UTF-8"),
        (gzip.compress((HEADER + FIRM + PERSON * 5000).encode())[:-2000], r"Line \d+: the packed"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(
    read_list: Callable[..., Any], content: str | bytes, sentence: str
) -> None:
    with pytest.raises(ListError, match=sentence):
        read_list("opensanctions-csv", content)
