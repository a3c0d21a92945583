from collections.abc import Callable
from typing import Any

import pytest

from kyc.checks import Subject
from kyc.checks.tax_residence import tax_residence

ASKED = frozenset({"tax_country"})


@pytest.mark.parametrize(
    ("fields", "code", "passed"),
    [
        ({"tax_countries": ("DK", "SE"), "asked": ASKED}, "tax_known", True),
        ({"asked": ASKED}, "tax_unknown", False),
        ({}, "tax_unknown", True),
        ({"tax_countries": ("DK",), "nationalities": ("DK", "US")}, "tax_us_indicia", False),
        ({"tax_countries": ("DK",), "residence_country": "US"}, "tax_us_indicia", False),
        ({"tax_countries": ("US",), "nationalities": ("US",)}, "tax_known", True),
    ],
)
def test_tax_residence(
    subject: Callable[..., Subject], fields: dict[str, Any], code: str, passed: bool
) -> None:
    found = tax_residence(subject(**fields))
    assert (found.code, found.passed) == (code, passed)
