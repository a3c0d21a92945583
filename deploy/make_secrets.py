#!/usr/bin/env python3
"""
Makes the secrets that docker-compose.yml mounts, one file each in `secrets/`.

Standard library only. Existing files are left as they are.
"""

import base64
import secrets
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "secrets"


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def write(name: str, value: str) -> str:
    """The content of the file, which is written when it is missing."""
    path = FOLDER / name
    if not path.exists():
        path.write_text(value)
        # Readable in the containers, whose user is another; the folder is closed to others here.
        path.chmod(0o644)
    return path.read_text()


def main() -> None:
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    passwords = {
        name: write(f"{name}_password", secrets.token_urlsafe(24))
        for name in ("postgres", "owner", "app", "valkey")
    }
    write("database_url", f"postgres://clm_app:{passwords['app']}@database:5432/clm")
    write("migrate_database_url", f"postgres://clm_owner:{passwords['owner']}@database:5432/clm")
    write("broker_url", f"redis://:{passwords['valkey']}@broker:6379/0")
    write("cache_url", f"redis://:{passwords['valkey']}@cache:6379/0")
    write("secret_key", secrets.token_urlsafe(48))
    write("field_keys", f"k1:{key()}")
    write("index_key", key())
    write("seal_key", key())
    write("metrics_token", secrets.token_urlsafe(24))
    print(f"The secrets are in {FOLDER}. Keep a copy apart from the backups of the database.")


if __name__ == "__main__":
    main()
