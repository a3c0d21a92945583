"""The catalogue's rules, and holdings that come to their end."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from clm.core.lifecycle import StaleVersion
from clm.core.models import Event, Task, User
from customers import selectors, services
from customers.lifecycle import Stage
from customers.models import Customer, Holding
from tests.factories import customers as make


@pytest.fixture
def customer(ada: User, now: datetime) -> Customer:
    born = now.date().replace(year=now.year - 30)
    return make.customer(
        stage=Stage.ACTIVE, adviser=ada, branch=ada.branch, born_on=born,
        residence_country="DK", at=now,
    )  # fmt: skip


@pytest.fixture
def holding(customer: Customer, now: datetime) -> Holding:
    return make.holding(of=customer, matures_on=now.date() + timedelta(days=30), at=now)


def test_a_maturity_is_announced_once_and_done_by_the_renewal(
    holding: Holding, customer: Customer, ada: User, now: datetime
) -> None:
    assert services.announce_maturities(at=now) == 1
    assert services.announce_maturities(at=now) == 0
    task = Task.objects.get(assignee=ada)
    assert task.record_id == customer.pk
    renewed = services.renew_holding(
        holding=holding, matures_on=now.date() + timedelta(days=400), actor=ada, at=now
    )
    assert renewed.renewed_on == now.date()
    task.refresh_from_db()
    assert task.done_at == now
    event = Event.objects.get(record_id=customer.pk, action="holding_renewed")
    assert event.payload["holding_id"] == str(holding.pk)


def test_a_renewed_holding_is_announced_anew_before_its_next_end(
    holding: Holding, ada: User, now: datetime
) -> None:
    services.announce_maturities(at=now)
    ends = now.date() + timedelta(days=400)
    services.renew_holding(holding=holding, matures_on=ends, actor=ada, at=now)
    assert services.announce_maturities(at=now) == 0
    assert services.announce_maturities(at=now + timedelta(days=345)) == 1


def test_what_lies_beyond_the_products_notice_is_not_announced(
    customer: Customer, now: datetime
) -> None:
    make.holding(of=customer, matures_on=now.date() + timedelta(days=61), at=now)
    assert services.announce_maturities(at=now) == 0
    assert services.announce_maturities(at=now + timedelta(days=1)) == 1


@pytest.mark.parametrize("days", [-400, 0, 30, 29])
def test_the_new_end_lies_later(holding: Holding, ada: User, now: datetime, days: int) -> None:
    with pytest.raises(ValidationError):
        services.renew_holding(
            holding=holding, matures_on=now.date() + timedelta(days=days), actor=ada, at=now
        )


def test_a_closed_holding_is_not_renewed(holding: Holding, ada: User, now: datetime) -> None:
    services.close_holding(holding=holding, closed_on=now.date(), actor=ada, at=now)
    with pytest.raises(ValidationError):
        services.renew_holding(
            holding=holding, matures_on=now.date() + timedelta(days=90), actor=ada, at=now
        )
    assert services.announce_maturities(at=now) == 0


def test_somebody_elses_renewal_in_the_meantime_is_told(
    holding: Holding, ada: User, now: datetime
) -> None:
    ends = now.date() + timedelta(days=90)
    services.renew_holding(holding=holding, matures_on=ends, actor=ada, at=now)
    with pytest.raises(StaleVersion):
        services.renew_holding(
            holding=holding, matures_on=ends + timedelta(days=9), actor=ada, at=now,
            version=holding.version,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "eligible"),
    [
        ({}, True),
        ({"customer_kinds": ["person"]}, True),
        ({"customer_kinds": ["organisation"]}, False),
        ({"minimum_age": 30}, True),
        ({"minimum_age": 31}, False),
        ({"maximum_age": 30}, True),
        ({"maximum_age": 29}, False),
        ({"countries": ["DK", "SE"]}, True),
        ({"countries": ["SE"]}, False),
    ],
)
def test_who_can_have_a_product(
    customer: Customer, now: datetime, rules: dict[str, Any], eligible: bool
) -> None:
    product = make.product(code="special", at=now, **rules)
    answer = selectors.eligibility(customer=customer, product=product, on=now.date())
    assert answer.eligible is eligible
    assert bool(answer.reasons) is not eligible


def test_a_product_has_its_time_and_its_channels(customer: Customer, now: datetime) -> None:
    today = now.date()
    product = make.product(code="special", at=now, channels=["branch"], valid_to=today)
    ask = selectors.eligibility
    assert ask(customer=customer, product=product, on=today, channel="branch").eligible
    assert not ask(customer=customer, product=product, on=today, channel="app").eligible
    assert not ask(customer=customer, product=product, on=today + timedelta(days=1)).eligible
    assert not ask(
        customer=customer, product=product, on=product.valid_from - timedelta(1)
    ).eligible
    assert product not in selectors.catalogue(on=today + timedelta(days=1))


@pytest.mark.parametrize(
    "wrong", [{"valid_to": "2019-01-01"}, {"minimum_age": 40, "maximum_age": 20}]
)
def test_a_product_that_contradicts_itself_is_refused(
    now: datetime, db: None, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        make.product(code="odd", at=now, **wrong)
