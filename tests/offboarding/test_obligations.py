"""What has to be out of the way, as pure functions."""

from decimal import Decimal

import pytest

from customers.models import Product
from offboarding.obligations import ObligationKind, is_met, kind_of


@pytest.mark.parametrize("category", Product.Category.values)
def test_every_category_of_product_asks_for_something(category):
    assert kind_of(category=category, balance=Decimal(0)) in ObligationKind


def test_an_overdrawn_account_is_a_debt():
    assert kind_of(category="account", balance=Decimal("-0.01")) == ObligationKind.LOAN
    assert kind_of(category="account", balance=Decimal(1)) == ObligationKind.BALANCE


@pytest.mark.parametrize(
    ("kind", "balance", "closed", "confirmed", "met"),
    [
        ("balance", 0, False, False, True),
        ("balance", 1, False, False, False),
        ("loan", -1, False, True, False),
        ("loan", -1, True, False, True),
        ("card", 0, False, False, False),
        ("card", 0, False, True, True),
        ("card", 5, False, True, False),
    ],
)
def test_met_means_nothing_is_left_to_do(kind, balance, closed, confirmed, met):
    found = is_met(kind=kind, balance=Decimal(balance), closed=closed, confirmed=confirmed)
    assert found is met
