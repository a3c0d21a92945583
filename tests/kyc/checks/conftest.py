from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kyc.checks import Subject


@pytest.fixture
def subject() -> Callable[..., Subject]:
    """A subject with nothing remarkable but what the test says."""

    def make(**fields: Any) -> Subject:
        return Subject(
            **{
                "kind": "person",
                "today": date(2026, 3, 5),
                "born_on": date(1980, 5, 17),
                "nationalities": ("DK",),
                "residence_country": "DK",
                "has_identifier": True,
                "high_risk_countries": frozenset({"IR", "KP"}),
                **fields,
            }
        )

    return make
