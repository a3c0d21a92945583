"""What the keeper and the commands tell each other, in small files of the data folder."""

import json
from pathlib import Path
from typing import Any

USERS_LOCK = "users.lock"
KEEPER_LOCK = "keeper.lock"
STATE = "services.json"


def read_state(*, data_dir: Path) -> dict[str, Any]:
    """What the keeper last said; empty when it said nothing yet."""
    try:
        state = json.loads((data_dir / STATE).read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(*, data_dir: Path, state: dict[str, Any]) -> None:
    fresh = data_dir / f"{STATE}.new"
    fresh.write_text(json.dumps(state))
    fresh.replace(data_dir / STATE)
