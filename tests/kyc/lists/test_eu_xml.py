"""The EU's list, by its published schema; the names are invented."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kyc.features import Birth
from kyc.lists import ListedName, ListError

SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-01-02T12:00:00.000+01:00" globalFileId="1">
 <sanctionEntity designationDetails="Details" unitedNationId="XXi.009" euReferenceNumber="EU.1.2" logicalId="13">
  <remark>A remark.</remark>
  <regulation regulationType="regulation" programme="SYR" numberTitle="1/2026 (OJ L1)" logicalId="5">
   <publicationUrl>http://example.org/oj</publicationUrl></regulation>
  <regulation programme="SYR"/><regulation programme="TAQA"/>
  <subjectType code="person" classificationCode="P"/>
  <nameAlias firstName="" middleName="" lastName="" wholeName="Bear" strong="false" gender="M" function="">
    <regulationSummary numberTitle="x"/></nameAlias>
  <nameAlias firstName="Ivan" middleName="" lastName="Testov" wholeName="Ivan Testov" strong="true" function="Minister"/>
  <nameAlias firstName="Иван" middleName="" lastName="Тестов" wholeName="" nameLanguage="RU" strong="true"/>
  <citizenship region="" countryIso2Code="SY" countryDescription="SYRIAN ARAB REPUBLIC"/>
  <citizenship countryIso2Code="00" countryDescription="UNKNOWN"/>
  <birthdate circa="false" calendarType="GREGORIAN" city="Homs" birthdate="1960-03-12" dayOfMonth="12" monthOfYear="3" year="1960"
    countryIso2Code="SY" countryDescription="SYRIAN ARAB REPUBLIC"/>
  <birthdate circa="true" calendarType="GREGORIAN" year="1962" countryIso2Code="00" countryDescription="UNKNOWN"/>
  <birthdate circa="false" yearRangeFrom="1970" yearRangeTo="1973"/>
  <birthdate circa="false" year="1964" monthOfYear="9"/>
  <birthdate circa="false" year="1965" monthOfYear="2" dayOfMonth="3"/>
  <birthdate circa="false" yearRangeFrom="1980"/>
  <birthdate circa="false" year="1402" calendarType="ISLAMIC"/>
  <birthdate city="Hama"/>
  <identification diplomatic="false" knownFalse="false" number="A77" identificationTypeCode="passport"
    identificationTypeDescription="National passport" countryIso2Code="TN"><remark>Not this.</remark></identification>
  <identification knownFalse="true" number="B88" identificationTypeCode="id" countryIso2Code="00"/>
  <address city="Tehran" countryIso2Code="IR" countryDescription="IRAN"/>
 </sanctionEntity>
 <sanctionEntity euReferenceNumber="EU.3.4" logicalId="14">
  <subjectType code="enterprise" classificationCode="E"/>
  <nameAlias wholeName="Test Trading LLC" strong="true"/>
 </sanctionEntity>
</export>
"""


def test_an_entry_is_read_with_everything_that_is_said_of_it(read_list: Callable[..., Any]) -> None:
    (person, firm), reading = read_list("eu-xml", SAMPLE)
    assert (person.key, person.kind, person.programmes) == ("13", "person", ["SYR", "TAQA"])
    assert person.names == [
        ListedName("Ivan Testov", primary=True),
        ListedName("Иван Тестов"),
        ListedName("Bear", weak=True),
    ]
    assert person.births == [
        Birth(date(1960, 3, 12), date(1960, 3, 12)),
        Birth(date(1962, 1, 1), date(1962, 12, 31), circa=True),
        Birth(date(1970, 1, 1), date(1973, 12, 31)),
        Birth(date(1964, 9, 1), date(1964, 9, 30)),
        Birth(date(1965, 2, 3), date(1965, 2, 3)),
    ]
    assert person.birth_places == ["Homs, SYRIAN ARAB REPUBLIC", "Hama"]
    assert (person.nationalities, person.countries) == (["SY"], ["IR"])
    assert person.gender == "male"
    assert person.identifiers == [
        {"kind": "EU reference", "value": "EU.1.2", "country": ""},
        {"kind": "UN reference", "value": "XXi.009", "country": ""},
        {"kind": "National passport", "value": "A77", "country": "TN"},
        {"kind": "id (known to be false)", "value": "B88", "country": ""},
    ]
    assert person.remarks == (
        "Minister; Details; A remark.; DOB yearRangeFrom 1980; DOB year 1402, calendarType ISLAMIC"
    )
    assert (firm.kind, firm.key) == ("organisation", "14")
    assert reading.dated_at == datetime(2026, 1, 2, 11, tzinfo=UTC)
    assert "2 dates of birth" in reading.notes[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SAMPLE[: len(SAMPLE) // 2], r"Line 1\d, in <\w+>: the XML is broken"),
        (
            SAMPLE.replace('logicalId="14"', ""),
            "Line 29, <sanctionEntity>: the entry has no number",
        ),
        (SAMPLE.replace("fsd/export", "fsd/other"), "does not begin such a list"),
        (SAMPLE.replace("<export", "<!DOCTYPE export SYSTEM 'http://x'><export"), "DOCTYPE"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(
    read_list: Callable[..., Any], content: str, sentence: str
) -> None:
    with pytest.raises(ListError, match=sentence):
        read_list("eu-xml", content)
