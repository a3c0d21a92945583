from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.functional.stack import Stack


@pytest.fixture
def stack(transactional_db: None, tmp_path: Path) -> Iterator[Stack]:
    """Processes to start on this test's database; all are gone when the test ends."""
    one = Stack(database=str(connection.settings_dict["NAME"]), folder=tmp_path)
    yield one
    one.stop()
