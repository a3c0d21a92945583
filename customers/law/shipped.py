"""The law sets that come with the platform, one file each in `customers/law/data`."""

import json
from pathlib import Path
from typing import Any

from customers.law.rules import read_law

FOLDER = Path(__file__).parent / "data"


def shipped_laws(*, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """
    The content of every file, each checked.

    :raises customers.law.InvalidLaw: a file does not say what a law set must say
    """
    found = []
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        read_law(content)
        found.append(content)
    return found
