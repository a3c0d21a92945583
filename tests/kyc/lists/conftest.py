from collections.abc import Callable
from pathlib import Path

import pytest

from kyc.lists import Listed, Reading, formats


@pytest.fixture
def read_list(tmp_path: Path) -> Callable[..., tuple[list[Listed], Reading]]:
    """Entries and what the reader noted, from a text or a path."""

    def read(list_format: str, content: str | bytes | Path) -> tuple[list[Listed], Reading]:
        path = content if isinstance(content, Path) else tmp_path / "list"
        if isinstance(content, str):
            content = content.encode()
        if isinstance(content, bytes):
            path.write_bytes(content)
        reading = Reading()
        return list(formats()[list_format].read(path, reading)), reading

    return read
