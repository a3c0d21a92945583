from collections.abc import Callable

import pytest

from kyc.checks import Subject
from kyc.checks.high_risk_country import high_risk_country


@pytest.mark.parametrize(
    "fields",
    [{"nationalities": ("DK", "IR")}, {"residence_country": "IR"}, {"tax_countries": ("IR",)}],
)
def test_each_tie_counts(subject: Callable[..., Subject], fields: dict[str, object]) -> None:
    found = high_risk_country(subject(**fields))
    assert not found.passed
    assert found.facts["countries"] == ["IR"]


def test_without_a_tie_it_passes(subject: Callable[..., Subject]) -> None:
    assert high_risk_country(subject()).passed
