"""
The keeper: one small process a data folder that starts the servers, restarts one that died, and
stops both when the last command that uses them is gone, however it went.

Commands hold a shared lock on `users.lock`; the kernel takes it from a killed one. The keeper
holds `keeper.lock` for its life and says where the servers are in `services.json`.
"""

import fcntl
import os
import shutil
import signal
import time
from pathlib import Path
from types import FrameType

import psycopg2

from clm.local.account import postgres_home
from clm.local.postgres import Postgres
from clm.local.processes import LocalError
from clm.local.secrets import read_or_make
from clm.local.state import KEEPER_LOCK, USERS_LOCK, read_state, write_state
from clm.local.valkey import Valkey

LOOK_SECONDS = 0.2


class Keeper:
    def __init__(self, *, data_dir: Path, durable: bool) -> None:
        self.data_dir = data_dir
        self.asked_to_stop = False
        ports = read_state(data_dir=data_dir).get("ports", {})
        self.ports: dict[str, int] = ports if isinstance(ports, dict) else {}
        secrets = read_or_make(data_dir=data_dir)
        self.servers: dict[str, Postgres | Valkey] = {
            "postgres": Postgres(data_dir=data_dir, secrets=secrets, durable=durable),
            "valkey": Valkey(data_dir=data_dir, secrets=secrets, durable=durable),
        }

    def run(self) -> None:
        try:
            for name, server in self.servers.items():
                server.start(preferred_port=self.ports.get(name))
                self.ports[name] = server.port
            self._tell()
            self._watch()
        finally:
            for server in reversed(self.servers.values()):
                server.stop()

    def _tell(self) -> None:
        pids = {n: s.process.pid for n, s in self.servers.items() if s.process is not None}
        state = {"keeper": os.getpid(), "ready": True, "ports": self.ports, "pids": pids}
        write_state(data_dir=self.data_dir, state=state)

    def _watch(self) -> None:
        users = os.open(self.data_dir / USERS_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        while not self.asked_to_stop:
            try:
                # Held from here until the servers are down: who comes now waits, then starts anew.
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                pass
            for name, server in self.servers.items():
                if not server.alive():
                    print(f"{name} is gone; starting it again", flush=True)
                    server.start(preferred_port=self.ports[name])
                    self.ports[name] = server.port
                    self._tell()
            time.sleep(LOOK_SECONDS)

    def stop_soon(self, signum: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True


def main(arguments: list[str]) -> int:
    """
    `DATA_DIR MODE`: `keep` what is written, `swift` without waiting for the disk, or `remove`,
    which is swift and takes the folder away when the last user has gone.
    """
    data_dir, mode = Path(arguments[0]), arguments[1]
    lock = os.open(data_dir / KEEPER_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    if not _obtain(lock):
        return 0
    try:
        keeper = Keeper(data_dir=data_dir, durable=mode == "keep")
        signal.signal(signal.SIGTERM, keeper.stop_soon)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        keeper.run()
    except (LocalError, OSError, psycopg2.Error) as error:
        ports = read_state(data_dir=data_dir).get("ports", {})
        state = {"keeper": os.getpid(), "ready": False, "error": _sentence(error), "ports": ports}
        write_state(data_dir=data_dir, state=state)
        return 1
    state = {"keeper": 0, "ready": False, "ports": keeper.ports}
    write_state(data_dir=data_dir, state=state)
    if mode == "remove":
        home = postgres_home(data_dir=data_dir)
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(data_dir, ignore_errors=True)
    return 0


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"The data folder is damaged: {error.filename} cannot be used ({error.strerror})."
    return str(error)


def _obtain(lock: int) -> bool:
    """The keeper's own lock; false when there is another keeper, not just somebody looking."""
    for _attempt in range(20):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
            continue
        return True
    return False
