"""The UN's list: what an entry states, what is refused, and the real file."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from clm.core.models import User
from kyc import screening, services
from kyc.features import Birth
from kyc.lists import ListedName, ListError
from kyc.models import WatchlistEntry, WatchlistVersion

REAL = "sanctions/un/UN_consolidated.xml"
SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-01-02T03:04:05.006Z">
 <INDIVIDUALS>
  <INDIVIDUAL>
   <DATAID>1</DATAID><FIRST_NAME>IVAN</FIRST_NAME><SECOND_NAME>TESTOV</SECOND_NAME>
   <THIRD_NAME/><UN_LIST_TYPE>Somewhere</UN_LIST_TYPE><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>
   <GENDER>Male</GENDER>
   <NAME_ORIGINAL_SCRIPT>Иван
      Тестов</NAME_ORIGINAL_SCRIPT>
   <COMMENTS1>A remark.</COMMENTS1><DESIGNATION><VALUE>General</VALUE></DESIGNATION>
   <NATIONALITY><VALUE>Syrian Arab Republic</VALUE><VALUE>Viet Nam</VALUE></NATIONALITY>
   <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Iwan Testow; I. Testov</ALIAS_NAME>
     <DATE_OF_BIRTH>1961-05-06</DATE_OF_BIRTH><CITY_OF_BIRTH>Hama</CITY_OF_BIRTH></INDIVIDUAL_ALIAS>
   <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Bear</ALIAS_NAME></INDIVIDUAL_ALIAS>
   <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
   <INDIVIDUAL_ADDRESS><COUNTRY>Iran (Islamic Republic of)</COUNTRY></INDIVIDUAL_ADDRESS>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1960-03-12</DATE></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1962</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1970</FROM_YEAR><TO_YEAR>1973</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1964</YEAR><NOTE>Sep.</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>24/06/1402 (Hijri)</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
   <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Homs</CITY><COUNTRY>Syria</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
   <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>A 77</NUMBER>
     <ISSUING_COUNTRY>Tunisia</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>
   <INDIVIDUAL_DOCUMENT/>
  </INDIVIDUAL>
 </INDIVIDUALS>
 <ENTITIES>
  <ENTITY><DATAID>2</DATAID><FIRST_NAME>TEST TRADING COMPANY (TTC)</FIRST_NAME>
   <UN_LIST_TYPE>Somewhere</UN_LIST_TYPE><REFERENCE_NUMBER>XXe.002</REFERENCE_NUMBER>
   <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Old Trading</ALIAS_NAME>
     <NOTE>in Arabic script: التجارة</NOTE></ENTITY_ALIAS>
   <ENTITY_ADDRESS><COUNTRY>Panama</COUNTRY></ENTITY_ADDRESS></ENTITY>
 </ENTITIES>
</CONSOLIDATED_LIST>
"""


def test_an_entry_is_read_with_everything_that_is_said_of_it(read_list: Callable[..., Any]) -> None:
    (person, firm), reading = read_list("un-xml", SAMPLE)
    assert (person.key, person.kind, person.programmes) == ("1", "person", ["Somewhere"])
    assert person.names == [
        ListedName("IVAN TESTOV", primary=True),
        ListedName("Иван Тестов"),
        ListedName("Iwan Testow"),
        ListedName("I. Testov"),
        ListedName("The Bear", weak=True),
    ]
    assert person.births == [
        Birth(date(1960, 3, 12), date(1960, 3, 12)),
        Birth(date(1962, 1, 1), date(1962, 12, 31), circa=True),
        Birth(date(1970, 1, 1), date(1973, 12, 31)),
        Birth(date(1964, 9, 1), date(1964, 9, 30)),
        Birth(date(1961, 5, 6), date(1961, 5, 6)),
    ]
    assert person.birth_places == ["Homs, Syria", "Hama"]
    assert (person.nationalities, person.countries) == (["SY", "VN"], ["IR"])
    assert person.gender == "male"
    assert person.identifiers == [
        {"kind": "UN reference", "value": "XXi.001", "country": ""},
        {"kind": "Passport", "value": "A 77", "country": "TN"},
    ]
    assert person.remarks == "General; A remark.; DOB 24/06/1402 (Hijri)"
    assert (firm.kind, firm.countries) == ("organisation", ["PA"])
    assert [(one.name, one.weak) for one in firm.names] == [
        ("TEST TRADING COMPANY", False), ("TTC", True), ("Old Trading", False), ("التجارة", False),
    ]  # fmt: skip
    assert reading.dated_at == datetime(2026, 1, 2, 3, 4, 5, 6000, UTC)
    assert reading.notes == ["1 dates of birth could not be read; they stand in the remarks."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "Line 1, in <CONSOLIDATED_LIST>: the XML is broken"),
        (SAMPLE.replace("</ENTITY>", ""), "Line .*, in <ENTITY>: the XML is broken"),
        (SAMPLE.replace("<DATAID>2</DATAID>", ""), "Line 29, <ENTITY>: the entry has no number"),
        ("<html/>", "Line 1: <html> of “” does not begin such a list"),
        (SAMPLE.replace("<CONSOLIDATED_LIST", '<CONSOLIDATED_LIST xmlns="urn:x"'), "of “urn:x”"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + SAMPLE.split("\n", 1)[1], "Line 1: the file has a DOC"),
        ("<CONSOLIDATED_LIST>" + "<a>" * 40, "deeper than an entry can be"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(
    read_list: Callable[..., Any], content: str, sentence: str
) -> None:
    with pytest.raises(ListError, match=sentence):
        read_list("un-xml", content)


def test_the_real_list(shared: Callable[[str], Path], read_list: Callable[..., Any]) -> None:
    path = shared(REAL)
    listed, _reading = read_list("un-xml", path)
    # Counted by another parser, from the whole tree.
    tree = ElementTree.parse(path)
    people, firms = tree.findall(".//INDIVIDUAL"), tree.findall(".//ENTITY")
    assert [one.key for one in listed] == [one.findtext("DATAID") for one in [*people, *firms]]
    by_key = {one.key: one for one in listed}
    for one in people:
        entry = by_key[one.findtext("DATAID") or ""]
        days = {
            date.fromisoformat(x.text or "") for x in one.findall("./INDIVIDUAL_DATE_OF_BIRTH/DATE")
        }
        assert days <= {birth.first for birth in entry.births if birth.first == birth.last}
        stated = {"".join((x.text or "").split()) for x in one.findall("NATIONALITY/VALUE")}
        assert len(entry.nationalities) == len(stated - {"", "na", "formerSovietUnion"})
        original = " ".join((one.findtext("NAME_ORIGINAL_SCRIPT") or "").split())
        assert not original or original in {name.name for name in entry.names}


@pytest.mark.parametrize("packed", ["", "gz", "zip"])
def test_the_real_list_cut_in_the_middle_changes_nothing(
    shared: Callable[[str], Path], tmp_path: Path, system: User, now: datetime, packed: str
) -> None:
    whole = shared(REAL).read_bytes()
    services.load_list(format="un-xml", path=shared(REAL), actor=system, at=now)
    content = whole
    if packed == "gz":
        content = gzip.compress(whole)
    elif packed == "zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("consolidated.xml", whole)
        content = buffer.getvalue()
    cut = tmp_path / "cut"
    cut.write_bytes(content[: len(content) // 2])
    sentence = {
        "zip": "The zip is cut off",
        "gz": r"Line \d{4,}, in <\w+>: the packed file breaks off",
    }
    with pytest.raises(
        ListError, match=sentence.get(packed, r"Line \d{4,}, in <\w+>: the XML is broken")
    ):
        services.load_list(format="un-xml", path=cut, force=True, actor=system, at=now)
    assert WatchlistVersion.objects.count() == 1
    assert WatchlistEntry.objects.filter(removed_in=None).count() == 1003


def test_the_real_list_twice_changes_nothing_and_names_are_found(
    shared: Callable[[str], Path], system: User, now: datetime
) -> None:
    first = services.load_list(format="un-xml", path=shared(REAL), actor=system, at=now)
    assert first.version is not None
    assert (first.version.entries, first.version.added) == (1003, 1003)
    again = services.load_list(format="un-xml", path=shared(REAL), actor=system, at=now)
    assert again.version is None
    asked = [screening.party(names=[name]) for name in ("Эльмир Сене", "Old Kim", "Eric Badege")]
    found = screening.screen(parties=asked)
    assert found[0][0].entry.key == "6908489"
    assert found[2][0].entry.key == "6907993"
