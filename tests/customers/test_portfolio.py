"""Whom an adviser is to think of today, on Home."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from customers.lifecycle import Stage
from customers.models import Customer
from customers.web import portfolio
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


def told(adviser, today):
    found = portfolio._reasons(Customer.objects.filter(adviser=adviser), today)
    return {one.family_name: words for one, words in found}


def test_a_birthday_is_told_a_week_before_and_on_the_day(ada, bo, now):
    for name, born, adviser, stage in (
        ("Today", date(1966, 3, 5), ada, Stage.ACTIVE),
        ("Week", date(1976, 3, 12), ada, Stage.ACTIVE),
        ("Later", date(1976, 3, 13), ada, Stage.ACTIVE),
        ("Over", date(1976, 3, 4), ada, Stage.ACTIVE),
        ("Nobody", date(1966, 3, 5), ada, Stage.PROSPECT),
        ("Theirs", date(1966, 3, 5), bo, Stage.ACTIVE),
    ):
        make.customer(
            family_name=name,
            born_on=born,
            adviser=adviser,
            branch=adviser.branch,
            stage=stage,
            at=now,
        )
    today = date(2026, 3, 5)
    assert list(told(ada, today).items()) == [
        ("Today", "60 years old today"),
        ("Week", "50 years old on 12 March"),
    ]
    with translation.override("da"):
        assert told(ada, today)["Week"] == "Fylder 50 den 12. marts"


@pytest.mark.parametrize(
    ("year", "day"), [(2026, "1 March"), (2028, "29 February")], ids=["without", "with"]
)
def test_a_leap_day_has_its_birthday_every_year(ada, now, year, day):
    make.customer(
        family_name="Leap", born_on=date(1984, 2, 29), adviser=ada, branch=ada.branch,
        stage=Stage.ACTIVE, at=now,
    )  # fmt: skip
    assert told(ada, date(year, 2, 26))["Leap"].endswith(f"years old on {day}")


def test_a_customer_with_two_reasons_stands_once(ada, now):
    made = make.customer(
        family_name="Holm", born_on=date(1966, 3, 5), adviser=ada, branch=ada.branch,
        stage=Stage.AT_RISK, at=now,
    )  # fmt: skip
    Customer.objects.filter(pk=made.pk).update(
        stage_since=timezone.now() - timedelta(days=1, hours=1)
    )
    assert told(ada, date(2026, 3, 5)) == {"Holm": "At risk for 1 day · 60 years old today"}
