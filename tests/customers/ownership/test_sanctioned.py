"""Listed owners: added up, and down the chain without multiplying."""

from decimal import Decimal

import pytest

from customers.law import SanctionsRule, Threshold
from customers.ownership import listed_ownership
from tests.customers.ownership.test_owners import structure

MAJORITY = Threshold(Decimal(50), "gt")
OFAC = SanctionsRule("OFAC", Threshold(Decimal(50), "ge"), "s")
UNION = SanctionsRule("EU", MAJORITY, "s")


def met(stakes, listed, rule) -> bool:
    return listed_ownership(stakes, "T", listed=listed, rule=rule, control=MAJORITY).met


@pytest.mark.parametrize(
    ("one", "two", "ofac", "union"),
    [("25", "24.999999", False, False), ("25", "25", True, False), ("25", "25.000001", True, True)],
)
def test_what_listed_owners_hold_is_added_up(one, two, ofac, union):
    stakes = structure("ann bo", ("ann", "T", one), ("bo", "T", two))
    assert met(stakes, ["ann", "bo"], OFAC) is ofac
    assert met(stakes, ["ann", "bo"], UNION) is union
    assert met(stakes, ["ann"], OFAC) is False


def test_a_company_owned_by_half_counts_whole():
    stakes = structure("ann cy", ("ann", "H", "50"), ("cy", "H", "50"), ("H", "T", "50"))
    found = listed_ownership(stakes, "T", listed=["ann"], rule=OFAC, control=MAJORITY)
    assert (found.met, float(found.capital), found.through) == (True, 0.5, ("H",))
    assert met(stakes, ["ann"], UNION) is False


def test_a_majority_of_the_votes_is_control():
    stakes = structure("ann", ("ann", "H", "10/60"), ("H", "T", "10/60"))
    assert met(stakes, ["ann"], UNION)
    assert met(stakes, ["H"], UNION)
    assert not met(stakes, [], UNION)


def test_listed_parties_in_a_circle():
    stakes = structure(
        "ann", ("ann", "A", "40"), ("B", "A", "20"), ("A", "B", "60"), ("A", "T", "60")
    )
    assert not met(stakes, ["ann"], OFAC)
    assert met(stakes, ["ann", "B"], OFAC)


def test_being_listed_itself_is_another_question():
    assert not met(structure("", ("T", "A", "100"), ("A", "T", "100")), ["T"], OFAC)
