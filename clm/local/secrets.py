"""The secrets of a data folder: made once, kept readable for their owner alone."""

import base64
import json
import os
import secrets as random
from collections.abc import Callable
from pathlib import Path

from clm.local.processes import LocalError

FILE = "secrets.json"


def _key() -> str:
    return base64.b64encode(random.token_bytes(32)).decode()


MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: random.token_urlsafe(48),
    "CLM_FIELD_KEYS": lambda: f"k1:{_key()}",
    "CLM_INDEX_KEY": _key,
    "CLM_SEAL_KEY": _key,  # any 32 bytes are an Ed25519 private key
    "CLM_METRICS_TOKEN": lambda: random.token_urlsafe(24),
    "postgres_password": lambda: random.token_urlsafe(24),
    "clm_owner_password": lambda: random.token_urlsafe(24),
    "clm_app_password": lambda: random.token_urlsafe(24),
    "valkey_password": lambda: random.token_urlsafe(24),
}


def read_or_make(*, data_dir: Path) -> dict[str, str]:
    """
    The folder's secrets; those that are missing are made and kept.

    :raises LocalError: the file is damaged
    """
    path = data_dir / FILE
    try:
        known = json.loads(path.read_text())
    except FileNotFoundError:
        known = {}
    except (OSError, ValueError) as error:
        raise LocalError(
            f"The secrets in {path} cannot be read ({error}). Without them the data is lost: "
            "put the file back, or use `demo --fresh` to begin anew."
        ) from error
    missing = MAKERS.keys() - known.keys()
    if missing:
        known |= {name: MAKERS[name]() for name in MAKERS if name in missing}
        fresh = path.with_name(f"{FILE}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(known, file, indent=1)
        fresh.replace(path)
    return {name: str(value) for name, value in known.items()}
