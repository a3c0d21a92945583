"""The comparison: a sum of explained features, good enough on labelled pairs."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kyc import screening
from kyc.features import Birth, Party, birth
from kyc.features.identifiers import bare
from kyc.matching import THRESHOLD, compare, kind_of
from kyc.normalise import can_be_screened, name_of


def person(name: str, born: date | None = None, countries: frozenset[str] = frozenset()) -> Party:
    return Party((name,), "person", (Birth(born, born),) if born else (), countries)


def test_quality_on_labelled_pairs(shared: Callable[[str], Path]) -> None:
    with shared("screening/name_pairs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    hit = missed = wrong = 0
    for row in rows:
        kind = kind_of(row["kind"])
        score = compare(Party((row["name1"],), kind), Party((row["name2"],), kind)).score
        match, said = row["is_match"] == "true", score >= THRESHOLD
        hit += match and said
        missed += match and not said
        wrong += said and not match
    f1 = 2 * hit / (2 * hit + missed + wrong)
    assert f1 >= 0.85, f"F1 {f1:.3f} at {THRESHOLD} on {len(rows)} pairs"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Vladimir Putin", "PUTIN, Vladimir"),
        ("Владимир Путин", "Vladimir Putin"),
        ("Søren Åkjær", "Soren Akjaer"),
        ("Mohammed al-Rawi", "Muhammad Al Rawi"),
        ("Abdul Rahman Yasin", "YASIN, Abdul-Rahman"),
        ("Abdurrahman Yasin", "Abd al-Rahman Yasin"),
        ("JC Juncker", "Jean-Claude Juncker"),
        ("Ted Kaczynski", "Theodore Kaczynski"),
        ("Kim Jong Nu", "Kim Jong Un"),
        ("Шойгу Сергей", "Sergey SHOIGU"),
        ("فرهاد كنابي أحمد", "AHMAD, Farhad Kanabi"),
        (
            "عبداللطیف بن عبدلله صالح محمد الكواري",
            "AL-KAWARI, Abd al-Latif Bin Abdallah Salih Muhammad",
        ),
        ("ﺻﺍﻠﺡ ﻤﺣﻤﺩ ﻛﺍﻛﺭ", "KAKAR, Saleh Mohammad"),
    ],
)
def test_the_same_person_written_otherwise(left: str, right: str) -> None:
    assert compare(person(left), person(right)).score >= THRESHOLD


@pytest.mark.parametrize(
    ("left", "right"),
    [("Mette Sørensen", "Mette Hansen"), ("Anders Kristersson", "Ulf Kristersson"),
     ("Lars Jensen", "Jens Larsen"), ("Salman bin Muhammad al-Rawi", "Muhammad bin Salman al-Rawi"),
     ("William G. Frost", "William W. Frost"), ("Xinrong Khan", "Yan Zhiyong"),
     ("فرهاد كنابي", "حسن غول")],
)  # fmt: skip
def test_other_people(left: str, right: str) -> None:
    assert compare(person(left), person(right)).score < THRESHOLD


def test_legal_forms_are_taken_off() -> None:
    assert name_of("ACME Holding GmbH & Co. KG", True).form == "kg"
    assert name_of("OOO Romashka", True).words == ("romashka",)
    assert name_of("Ltd.", True).words == ("ltd",)
    left = Party(("Siemens AG",), "organisation")
    assert compare(left, Party(("Siemens Aktiengesellschaft",), "organisation")).score == 1.0


def test_organisations_written_otherwise() -> None:
    for left, right in (
        ("Siemens AG", "SiemensAG"),
        ("Tactical Missiles Joynt Stock Company", "TACTICAL MISSILES JSC"),
        ("Faberlic Europe", "Faberlic Europe Sp. z o.o."),
        ("Brigade Forty-Four", "Brigade 44"),
    ):
        asked = Party((left,), "organisation")
        assert compare(asked, Party((right,), "organisation")).score >= THRESHOLD, left


@pytest.mark.parametrize(
    "written",
    [
        "Vladim\u0456r \u0420utin", "V\u0336l\u0336adimir Putin", "Vladimir\u200bPutin",
        "\u202eVladimir Putin", "\uff36\uff4c\uff41\uff44\uff49\uff4d\uff49\uff52 Putin",
        "\U0001d4e5\U0001d4f5\U0001d4ea\U0001d4ed\U0001d4f2\U0001d4f6\U0001d4f2\U0001d4fb Putin", "\u24cb\u24c1\u24b6\u24b9\u24be\u24c2\u24be\u24c7 PUTIN",
        "V.l.a.d.i.m.i.r Putin", "Vladimir Pu tin", "Vladimir Putin \U0001f600",
    ],
)  # fmt: skip
def test_a_name_in_disguise_is_seen_through(written: str) -> None:
    assert compare(person(written), person("PUTIN, Vladimir")).score >= 0.95


@pytest.mark.parametrize(
    "name", ["", " ", "\U0001f600\U0001f600", "\u200f\u202e", "X", "---", "'.'"]
)
def test_a_name_with_nothing_in_it_cannot_be_screened(name: str) -> None:
    assert not can_be_screened(name)
    with pytest.raises(ValidationError, match="fewer than two letters"):
        screening.check_name(name)


@pytest.mark.parametrize(
    "name", ["Ng", "\u05d0\u05d1", "\u738b\u82b3", "O", "A " * 5000, "x" * 10_000]
)
def test_every_other_name_gets_an_answer(name: str) -> None:
    assert can_be_screened(name) is (name != "O")
    assert 0 <= compare(person(name), person("PUTIN, Vladimir")).score < THRESHOLD


def test_a_number_in_common_says_more_than_the_name() -> None:
    asked = Party(("I. Petrov",), "person", identifiers=frozenset({bare("ab 12-3456")}))
    listed = Party(("Igor Smirnov Petrov",), "person", identifiers=frozenset({"AB123456", "7"}))
    found = compare(asked, listed)
    assert {one.code: one.points for one in found.features}["number_same"] == 25
    other = Party(listed.names, "person", identifiers=frozenset({"7"}))
    assert "number_same" not in {one.code for one in compare(asked, other).features}


def test_birth_speaks_for_and_against() -> None:
    name, born = "Igor Volkov", date(1961, 2, 3)
    listed = "Igor Petrovich Volkov"
    none = compare(person(name), person(listed)).score
    assert compare(person(name, born), person(listed, born)).score > none
    assert compare(person(name, date(1990, 1, 1)), person(listed, born)).score < THRESHOLD
    circa = (Birth(date(1962, 1, 1), date(1962, 12, 31), circa=True),)
    assert birth.compare((Birth(born, born),), circa)[0].code == "born_fits"


def test_a_man_is_not_the_woman_who_is_listed() -> None:
    man, woman = (Party(("Kim Larsen",), "person", gender=one) for one in ("male", "female"))
    either = Party(("Kim Larsen",), "person")
    assert compare(man, woman).score == pytest.approx(compare(man, either).score - 0.12)
    assert compare(man, man).score == compare(man, either).score


def test_a_person_is_no_ship() -> None:
    ship = Party(("Victory",), "vessel")
    assert compare(Party(("Victory",), "person"), ship).score < THRESHOLD


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["person", "organisation"]))
def test_a_score_is_the_sum_of_its_features(left: str, right: str, kind: str) -> None:
    found = compare(Party((left,), kind), Party((right,), kind))
    assert 0 <= found.score <= 1
    assert sum(one.points for one in found.features) == pytest.approx(found.score * 100, abs=0.01)
    mirrored = compare(Party((right,), kind), Party((left,), kind))
    assert mirrored.score == pytest.approx(found.score, abs=0.02)


@given(st.lists(st.sampled_from(["igor", "petrov", "ivan", "smirnov", "anna"]), min_size=1))
def test_order_does_not_matter(words: list[str]) -> None:
    name, turned = " ".join(words), " ".join(reversed(words))
    assert compare(person(name), person(turned)).score == 1.0
