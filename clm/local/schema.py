"""Keeps the schema of a local run current, so that every command works on a fresh folder."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from clm.local.processes import LocalError

ROOT = Path(__file__).resolve().parent.parent.parent
STAMP = "schema.stamp"


def _sources() -> Iterator[Path]:
    """What `migrate` acts on: migrations, and what it makes permissions and grants of."""
    for app in sorted(p for p in (*ROOT.iterdir(), ROOT / "clm/core") if p.is_dir()):
        if app.name.startswith(".") or not (app / "__init__.py").exists():
            continue
        yield from sorted(app.glob("migrations/*.py"))
        yield from sorted(app.glob("models*.py"))
        yield from sorted(app.glob("models/*.py"))
        for name in ("lifecycle.py", "roles.py", "setup.py"):
            if (app / name).exists():
                yield app / name
    yield ROOT / "requirements/base.txt"


def digest() -> str:
    """Changes when a `migrate` could have something to do."""
    total = hashlib.sha256()
    for path in _sources():
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def bring_up_to_date(*, data_dir: Path) -> bool:
    """
    Migrate as the owner when the sources changed since the last time; says whether it did.

    :raises LocalError: the migration failed
    """
    stamp = data_dir / STAMP
    lock = os.open(data_dir / "schema.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = digest()
        if stamp.exists() and stamp.read_text() == wanted:
            return False
        print("Bringing the database up to date", file=sys.stderr, flush=True)
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "migrate", "--no-input", "-v", "0"],
            stdout=sys.stderr,
            env={**os.environ, "CLM_DATABASE_ROLE": "owner"},
        )
        if done.returncode:
            raise LocalError("The database could not be brought up to date; the reason is above.")
        stamp.write_text(wanted)
        return True
    finally:
        os.close(lock)
