from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from clm.demobank import staff
from tests.functional.stack import Stack


@pytest.fixture
def stack(transactional_db: None, tmp_path: Path) -> Iterator[Stack]:
    """Processes to start on this test's database; all are gone when the test ends."""
    one = Stack(database=str(connection.settings_dict["NAME"]), folder=tmp_path)
    yield one
    one.stop()


@pytest.fixture
def bank(transactional_db: None) -> dict[str, Any]:
    """The demo bank's people and catalogue, without customers."""
    now = timezone.now()
    return {"users": staff.make_staff(), "products": staff.make_catalogue(at=now)}
