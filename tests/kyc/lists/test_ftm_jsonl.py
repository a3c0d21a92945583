"""FollowTheMoney's JSON lines, by the published model; the names are invented."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kyc.features import Birth
from kyc.lists import ListedName, ListError


def line(identifier: str, schema: str, *, top: Any = None, **properties: Any) -> str:
    document = {"id": identifier, "schema": schema, "properties": properties, **(top or {})}
    return json.dumps(document, ensure_ascii=False) + "\n"


ANN = {
    "name": ["Anna Uno", "Ann One"], "alias": ["Анна Один"], "weakAlias": ["Annie"],
    "birthDate": ["1960", "1960-03-12", "unclear"], "birthPlace": ["Homs"], "nationality": ["sy"],
    "country": ["dk", "ua-cri"], "idNumber": ["A77"], "topics": ["sanction"], "programId": ["XX-A"],
    "position": ["Minister"], "addressEntity": ["addr-1"],
    "gender": ["female"],
}  # fmt: skip
FILE = (
    line("s-1", "Sanction", entity=["Q1"], program=["Programme of long name"], programId=["XX-B"])
    + line("Q1", "Person", top={"caption": "Ann One", "target": True, "last_seen": "x"}, **ANN)
    + line("p-1", "Passport", holder=["Q1"], number=["P99"], type=["passport"], country=["sy"])
    + line("addr-1", "Address", full=["1 Road"], country=["ir"])
    + line("Q2", "LegalEntity", name=["Test Trading"])
    + line(
        "Q3", "Airplane", name=["N-1"], sanctions=[json.loads(line("s", "Sanction", program=["Z"]))]
    )
    + line("o-1", "Ownership", owner=["Q1"], asset=["Q2"])
    + line("Q4", "Person", top={"target": False}, name=["A Cousin"])
)


def test_an_entity_is_read_with_what_other_lines_say_of_it(read_list: Callable[..., Any]) -> None:
    (ann, firm, plane), reading = read_list("ftm-jsonl", FILE)
    assert (ann.key, ann.kind) == ("Q1", "person")
    assert ann.programmes == ["XX-A", "XX-B", "sanction"]
    assert ann.names == [
        ListedName("Ann One", primary=True), ListedName("Anna Uno"), ListedName("Анна Один"),
        ListedName("Annie", weak=True),
    ]  # fmt: skip
    assert ann.births == [
        Birth(date(1960, 1, 1), date(1960, 12, 31)),
        Birth(date(1960, 3, 12), date(1960, 3, 12)),
    ]
    assert (ann.nationalities, ann.countries) == (["SY"], ["DK", "IR", "UA"])
    assert ann.birth_places == ["Homs"]
    assert ann.gender == "female"
    assert ann.identifiers == [
        {"kind": "passport", "value": "P99", "country": "SY"},
        {"kind": "idNumber", "value": "A77", "country": ""},
    ]
    assert ann.remarks == "Minister; DOB unclear"
    assert (firm.kind, plane.kind, plane.programmes) == ("", "aircraft", ["Z"])
    assert reading.notes == ["2 entries are no party to be screened; they were passed over."]


def test_the_order_of_values_is_no_change(read_list: Callable[..., Any]) -> None:
    other = {key: list(reversed(values)) for key, values in ANN.items()}
    one, two = (
        read_list("ftm-jsonl", line("Q1", "Person", top={"caption": "Ann One"}, **values))[0]
        for values in (ANN, other)
    )
    assert one == two


def test_what_a_database_cannot_keep_is_cleaned(read_list: Callable[..., Any]) -> None:
    text = '{"id": "Q\\u00001\\udfff", "schema": "Person", "properties": {"name": ["A\\u0000n\\ud800n"]}}'
    said = '{"id": "\\ud800", "schema": "Sanction", "properties": {"entity": ["Q1\\udfff"], "program": ["P\\ud800"]}}'
    (one,), reading = read_list("ftm-jsonl", f"{said}\n{text}")
    assert (one.key, one.names[0].name, one.programmes) == ("Q1?", "An?n", ["P?"])
    assert not reading.end_mark


def test_a_ship_without_a_name_has_its_caption(read_list: Callable[..., Any]) -> None:
    ship = line("V1", "Vessel", top={"caption": "IMO 9000001"}, imoNumber=["9000001"])
    person = line("Q1", "Person", top={"caption": "P. One"}, lastName=["One"], firstName=["Ann"])
    (one, two), _reading = read_list("ftm-jsonl", ship + person)
    assert one.names == [ListedName("IMO 9000001", primary=True)]
    assert two.names == [ListedName("Ann One", primary=True)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (FILE[: FILE.index("Q3") + 30], "Line 6 is no whole JSON document"),
        (FILE + "[]\n", "Line 9 is no entity"),
        (FILE + '{"id": 1, "schema": "Person", "properties": {}}\n', "Line 9 is no entity"),
        (FILE + line("Q5", "Person", alias=["Nobody"]).replace("alias", "email"), "Line 9 has no"),
        (FILE + "[" * 100_000 + "\n", "Line 9 is no whole JSON document"),
        (FILE + '{"a":' * 5000 + "\n", "Line 9 is no whole JSON document"),
        (FILE + '{"id": "\\u0000 ", "schema": "Person", "properties": {}}', "Line 9 is no entity"),
        (FILE.encode() + b'{"id": "\xed\xa0\x80"}\n', "Line 9 is not in UTF-8"),
        (gzip.compress(FILE.encode())[:-30], r"Line \d: the packed file breaks off"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(
    read_list: Callable[..., Any], content: str | bytes, sentence: str
) -> None:
    with pytest.raises(ListError, match=sentence):
        read_list("ftm-jsonl", content)
