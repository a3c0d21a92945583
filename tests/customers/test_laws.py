"""Law is data: which law holds where and when, and that its versions never change."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from clm.core import registries
from customers import services
from customers.law import InvalidLaw, Threshold, read_law, shipped_laws
from customers.lifecycle import Stage
from customers.models import LawSet
from customers.selectors import NoLaw, law_on, laws_to_come


def shipped(code: str) -> dict[str, Any]:
    return deepcopy(next(one for one in shipped_laws() if one["code"] == code))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "on", "code", "words"),
    [
        ("DK", date(2026, 3, 5), "dk-hvidvask", "more than 25 %"),
        ("DK", date(2027, 7, 9), "dk-hvidvask", "more than 25 %"),
        ("DK", date(2027, 7, 10), "eu-2024-1624", "25 % or more"),
        ("SE", date(2027, 7, 9), "se-penningtvatt", "more than 25 %"),
        ("SE", date(2027, 7, 10), "eu-2024-1624", "25 % or more"),
        ("dk", date(1999, 1, 1), "dk-hvidvask", "more than 25 %"),
        ("DE", date(2026, 1, 1), "eu-2024-1624", "25 % or more"),
    ],
)
def test_the_law_of_a_country_on_a_day(country, on, code, words):
    law = law_on(country=country, on=on)
    assert law.code == code
    assert law.ownership.interest.words == words


@pytest.mark.django_db
def test_a_country_without_a_law_is_told():
    with pytest.raises(NoLaw):
        law_on(country="NO", on=date(2026, 1, 1))


@pytest.mark.django_db
def test_what_is_to_come():
    assert [one.code for one in laws_to_come(country="DK", on=date(2026, 1, 1))] == ["eu-2024-1624"]
    assert laws_to_come(country="DK", on=date(2027, 7, 10)) == []


@pytest.mark.django_db
def test_loading_again_changes_nothing(now):
    before = set(LawSet.objects.values_list("pk", flat=True))
    assert before
    assert services.load_laws(at=now) == []
    assert set(LawSet.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_a_new_version_holds_from_its_day_and_the_old_one_stays(now):
    content = shipped("dk-hvidvask") | {"number": 2, "in_force_from": "2026-09-01"}
    content["rules"]["beneficial_owners"]["interest"] |= {"percent": "10", "operator": "ge"}
    for rule in content["rules"]["retention"]:
        rule["years"] += 2
    services.load_laws(at=now, contents=[content])
    assert law_on(country="DK", on=date(2026, 8, 31)).ownership.interest.percent == 25
    later = law_on(country="DK", on=date(2026, 9, 1))
    assert later.ownership.interest == Threshold(Decimal(10), "ge")
    assert services.retention_end(stage=Stage.CLOSED, ended_on=date(2026, 8, 31)).year == 2031
    assert services.retention_end(stage=Stage.CLOSED, ended_on=date(2026, 9, 1)).year == 2033


@pytest.mark.django_db
def test_a_loaded_version_cannot_be_loaded_with_another_wording(now):
    content = shipped("dk-hvidvask")
    content["rules"]["beneficial_owners"]["interest"]["percent"] = "20"
    with pytest.raises(InvalidLaw, match="a number of its own"):
        services.load_laws(at=now, contents=[shipped("dk-hvidvask") | {"number": 3}, content])
    assert not LawSet.objects.filter(number=3).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_database_keeps_every_version(how):
    rows = LawSet.objects.filter(code="dk-hvidvask")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        rows.update(name_en="x") if how == "update" else rows.delete()


@pytest.mark.parametrize(
    "break_it",
    [
        lambda one: one.pop("countries"),
        lambda one: one.update(in_force_to="2017-01-01"),
        lambda one: one["rules"]["beneficial_owners"]["interest"].update(percent=25.0),
        lambda one: one["rules"]["beneficial_owners"]["interest"].update(percent="125"),
        lambda one: one["rules"]["beneficial_owners"]["interest"].update(percent="a quarter"),
        lambda one: one["rules"]["beneficial_owners"]["interest"].update(operator=">"),
        lambda one: one["rules"]["beneficial_owners"]["interest"].update(source=" "),
        lambda one: one["rules"]["reviews"].pop(),
        lambda one: one["rules"]["retention"][0].update(years=500),
        lambda one: one["rules"]["retention"][0].update(basis="habit"),
        lambda one: one["rules"]["retention"].append(one["rules"]["retention"][0]),
    ],
)
def test_a_law_that_cannot_be_meant_is_refused(break_it):
    content = shipped("dk-hvidvask")
    break_it(content)
    with pytest.raises(InvalidLaw):
        read_law(content)


def test_every_category_of_personal_data_is_in_every_retention_table():
    asked = {entry.retention for entry in registries.personal_data}
    for content in shipped_laws():
        known = {one.category for one in read_law(content).retention}
        assert asked <= known, content["code"]


@pytest.mark.django_db
def test_the_page_shows_rules_and_sources(client_for, karen, ada):
    text = client_for(karen).get(reverse("customers:laws")).content.decode()
    for words in ("more than 25 %", "25 % or more", "hvidvaskloven § 30", "In force here",
                  "From 10 July 2027", "lag (2017:631)"):  # fmt: skip
        assert words in text, words
    assert client_for(ada).get(reverse("customers:laws")).status_code == 403
