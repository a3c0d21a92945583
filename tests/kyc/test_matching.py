"""The comparison: a sum of explained features, good enough on labelled pairs."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc.features import Birth, Party, birth
from kyc.matching import THRESHOLD, compare, kind_of
from kyc.normalise import name_of


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
    assert f1 >= 0.8, f"F1 {f1:.3f} at {THRESHOLD} on {len(rows)} pairs"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Vladimir Putin", "PUTIN, Vladimir"),
        ("Владимир Путин", "Vladimir Putin"),
        ("Søren Åkjær", "Soren Akjaer"),
        ("Mohammed al-Rawi", "Muhammad Al Rawi"),
        ("Abdul Rahman Yasin", "YASIN, Abdul-Rahman"),
    ],
)
def test_the_same_person_written_otherwise(left: str, right: str) -> None:
    assert compare(person(left), person(right)).score >= THRESHOLD


@pytest.mark.parametrize(
    ("left", "right"),
    [("Mette Sørensen", "Mette Hansen"), ("Anders Kristersson", "Ulf Kristersson"),
     ("Lars Jensen", "Jens Larsen")],
)  # fmt: skip
def test_other_people(left: str, right: str) -> None:
    assert compare(person(left), person(right)).score < THRESHOLD


def test_legal_forms_are_taken_off() -> None:
    assert name_of("ACME Holding GmbH & Co. KG", True).form == "kg"
    assert name_of("OOO Romashka", True).words == ("romashka",)
    assert name_of("Ltd.", True).words == ("ltd",)
    left = Party(("Siemens AG",), "organisation")
    assert compare(left, Party(("Siemens Aktiengesellschaft",), "organisation")).score == 1.0


def test_birth_speaks_for_and_against() -> None:
    name, born = "Igor Volkov", date(1961, 2, 3)
    listed = "Igor Petrovich Volkov"
    none = compare(person(name), person(listed)).score
    assert compare(person(name, born), person(listed, born)).score > none
    assert compare(person(name, date(1990, 1, 1)), person(listed, born)).score < THRESHOLD
    circa = (Birth(date(1962, 1, 1), date(1962, 12, 31), circa=True),)
    assert birth.compare((Birth(born, born),), circa)[0].code == "born_fits"


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
