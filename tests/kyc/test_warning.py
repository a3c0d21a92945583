"""Early warning: what is known of the weeks ahead, what is likely, and what the law will touch."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from clm.core.models import Branch, User
from customers.models import Customer
from kyc import warning
from kyc.models import Case
from tests.factories import customers

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(now: datetime, aarhus: Branch) -> Callable[..., Customer]:
    def made(review: date | None, level: str = "low", **fields: Any) -> Customer:
        one = customers.customer(stage="ACTIVE", branch=aarhus, at=now, **fields)
        Customer.objects.filter(pk=one.pk).update(kyc_review_on=review, risk_level=level)
        return one

    return made


def test_the_interval_grows_with_the_rate_and_never_goes_below_nothing() -> None:
    assert warning.interval(rate=0, weeks=12) == (0, 0)
    low, high = warning.interval(rate=12, weeks=12)
    assert (low, high) == pytest.approx((12 - 1.96 * 13**0.5, 12 + 1.96 * 13**0.5), abs=1e-3)
    assert warning.interval(rate=1, weeks=12)[0] == 0


def test_weeks_hold_what_is_known_and_what_is_likely(
    make: Callable[..., Customer], karen: User, line: User, now: datetime,
    make_case: Callable[..., Case], load_names: Any,
) -> None:  # fmt: skip
    # 5 March 2026 is a Thursday; the first week is what is left of it.
    make(now.date() - timedelta(days=1))
    make(now.date())
    make(now.date() + timedelta(days=4), level="high")
    weeks = warning.forecast(actor=karen, at=now)
    assert [one.due for one in weeks[:3]] == [1, 1, 0]
    assert weeks[0].begins == date(2026, 3, 2)
    assert [one.hours for one in weeks[:3]] == [0.5, 6, 0]
    assert warning.overdue(actor=karen, at=now).count() == 1
    load_names("1,Igor Petrovich Volkov,person,1961-02-03,RU")
    case = make_case("Igor", "Volkov", born_on=date(1961, 2, 3))
    rate, _each = warning.arrivals(at=now + timedelta(days=1))
    assert rate == pytest.approx(1 / 12)
    assert warning.capacity(at=now) == 40
    assert case.due_at is not None
    assert warning.breaking(actor=karen, at=case.due_at - timedelta(hours=1)).count() == 1
    assert warning.breaking(actor=karen, at=case.due_at + timedelta(hours=1)).count() == 0


def test_a_law_to_come_says_whom_it_touches(
    make: Callable[..., Customer], karen: User, now: datetime
) -> None:
    make(None, kind="organisation", name="Havn ApS", given_names="", family_name="")
    make(None)
    (eu, *_more) = warning.law_changes(actor=karen, at=now)
    assert eu.law.in_force_from == date(2027, 7, 10)
    assert eu.owners == 1


def test_numbers_open_the_customers_within_reach(
    make: Callable[..., Customer], karen: User, make_user: Any, now: datetime, client_for: Any
) -> None:
    late = make(date(2026, 1, 1))
    manager = make_user("maria", "manager")
    for who in (karen, manager):
        client = client_for(who)
        assert client.get("/kyc/warning/").status_code == 200
        assert "Clocks that break" in client.get("/").content.decode()
        page = client.get("/kyc/warning/customers/?what=overdue")
        assert str(late) in page.content.decode()
        for query in ("what=due&week=2026-03-02", "what=owners", "what=reviews&law=x"):
            assert client.get(f"/kyc/warning/customers/?{query}").status_code == 200
        for query in ("what=x", "what=due&week=x", "what=due&week=2026-02-31"):
            assert client.get(f"/kyc/warning/customers/?{query}").status_code == 404
