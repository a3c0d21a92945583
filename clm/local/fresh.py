"""Throws away what a data folder holds, and nothing that somebody else put there."""

import fcntl
import os
import shutil
from pathlib import Path

from clm.local.account import postgres_home
from clm.local.processes import LocalError
from clm.local.secrets import FILE
from clm.local.state import STATE, USERS_LOCK

FOLDERS = ("valkey", "files", "seals", "static", "log", "alive")
FILES = (
    FILE,
    STATE,
    "schema.stamp",
    "front-end.stamp",
    "seed.stamp",
    "keeper.log",
    "stand-in-bank.json",
)


def remove_everything(*, data_dir: Path) -> None:
    """
    Remove databases, files, seals and secrets.

    :raises LocalError: a command is using them
    """
    users = os.open(data_dir / USERS_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LocalError(f"Another command is using {data_dir}; end it first.") from None
    finally:
        os.close(users)
    shutil.rmtree(postgres_home(data_dir=data_dir), ignore_errors=True)
    for name in FOLDERS:
        shutil.rmtree(data_dir / name, ignore_errors=True)
    for name in FILES:
        (data_dir / name).unlink(missing_ok=True)
