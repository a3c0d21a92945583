from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from clm.core.models import User
from kyc import services
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


@pytest.fixture
def load_list_of(tmp_path: Path, system: User, now: datetime) -> Callable[[str], Any]:
    """A list with one man on it, for the programme named."""

    def load(programme: str) -> Any:
        path = tmp_path / "own.csv"
        path.write_text(
            "entry_id,name,kind,born,country,programme\n"
            f"1,Igor Petrovich Volkov,person,1961-02-03,RU,{programme}\n"
        )
        return services.load_list(
            format="names-csv", path=path, name="Own list", actor=system, at=now
        )

    return load
