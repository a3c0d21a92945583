"""
The embedded PostgreSQL of a data folder: owner `clm_owner`, application `clm_app`.

It listens on the loopback address alone, asks for a password, and ends with the keeper that
started it. What a killed run left behind is put away before the start.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql

from clm.local.account import account, postgres_home, programs
from clm.local.processes import (
    LOOPBACK,
    START_SECONDS,
    LocalError,
    die_with_parent,
    free_port,
    last_words,
    stop_process,
)


class Postgres:
    """The cluster in `<data folder>/postgres`: owner `clm_owner`, application `clm_app`."""

    def __init__(self, *, data_dir: Path, secrets: dict[str, str], durable: bool) -> None:
        self.secrets = secrets
        self.durable = durable
        self.account = account()
        self.home = postgres_home(data_dir=data_dir)
        self.data = self.home / "data"
        self.log = self.home / "log"
        self.programs = programs()
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, preferred_port: int | None) -> None:
        """:raises LocalError: the cluster cannot be made or does not start"""
        self._own(self.home)
        self._clear_leftovers()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._launch(preferred_port)
            if self._becomes_ready(deadline):
                break
            why = last_words(self.log, ("FATAL:", "PANIC:", "could not"))
            # Children of a killed server hold its memory for a moment; a port may be snatched.
            passing = "shared memory" in why or "bind" in why or "create any TCP/IP" in why
            if not passing or time.monotonic() > deadline:
                raise LocalError(
                    f"The database in {self.home} does not start: {why} (its log: {self.log}). "
                    "Move the data folder away, or use `demo --fresh` to begin anew."
                )
            time.sleep(0.5)
        self._provision()

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """A fast shutdown: sessions end, everything committed is on disk."""
        if self.process is not None and self.process.poll() is None:
            stop_process(psutil.Process(self.process.pid), signal.SIGINT, signal.SIGQUIT)
            self.process.wait()

    def _own(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)
        path.chmod(0o700)

    def _run_as(self) -> dict[str, int | list[int]]:
        if self.account is None:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}

    def _clear_leftovers(self) -> None:
        shutil.rmtree(self.home / "data.new", ignore_errors=True)
        pid_file = self.data / "postmaster.pid"
        try:
            process = psutil.Process(int(pid_file.read_text().split()[0]))
            ours = str(self.data) in process.cmdline()
        except (OSError, ValueError, IndexError, psutil.Error):
            ours = False
        if ours:
            stop_process(process, signal.SIGINT, signal.SIGQUIT)
        # Left by a killed run; its number may by now belong to an unrelated process.
        pid_file.unlink(missing_ok=True)

    def _initialise(self) -> None:
        fresh = self.home / "data.new"
        password = self.home / "password"
        password.touch(0o600)
        password.write_text(self.secrets["postgres_password"])
        if self.account is not None:
            os.chown(password, self.account.uid, self.account.gid)
        command = [
            *(str(self.programs / "initdb"), "-D", str(fresh), "-U", "postgres"),
            *("--encoding=UTF8", "--no-locale", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={password}"),
            *(() if self.durable else ("--no-sync",)),
        ]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                cwd="/",
                **self._run_as(),  # type: ignore[call-overload]
            )
        finally:
            password.unlink(missing_ok=True)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["it gave no reason"]
            raise LocalError(f"The database in {self.home} cannot be made: {lines[-1]}")
        # Moved when complete, so that a run killed in between begins anew.
        fresh.rename(self.data)

    def _launch(self, preferred_port: int | None) -> None:
        self.port = free_port(preferred_port)
        options = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "120",
            "shared_buffers": "256MB" if self.durable else "192MB",
            "jit": "off",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(self.programs / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # type: ignore[call-overload]
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509
                **self._run_as(),
            )

    def _becomes_ready(self, deadline: float) -> bool:
        while self.alive() and time.monotonic() < deadline:
            try:
                self._connect("postgres").close()
            except psycopg2.OperationalError as error:
                if "password authentication failed" in str(error):
                    self.stop()
                    raise LocalError(
                        f"The database in {self.home} was made with other secrets than the data "
                        "folder holds now. Move the folder away, or use `demo --fresh`."
                    ) from error
                time.sleep(0.1)
                continue
            return True
        self.stop()
        return False

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        connection = psycopg2.connect(
            host=LOOPBACK,
            port=self.port,
            user="postgres",
            password=self.secrets["postgres_password"],
            dbname=database,
            connect_timeout=5,
        )
        connection.autocommit = True
        return connection

    def _provision(self) -> None:
        """The two roles and the database; done again at every start, since it may be cut off."""
        connection = self._connect("postgres")
        with connection.cursor() as cursor:
            for role, rights in (("clm_owner", "CREATEDB"), ("clm_app", "NOCREATEDB")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                cursor.execute(
                    sql.SQL(f"{verb} ROLE {{}} LOGIN NOSUPERUSER {rights} PASSWORD %s").format(
                        sql.Identifier(role)
                    ),
                    [self.secrets[f"{role}_password"]],
                )
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'clm'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE clm OWNER clm_owner TEMPLATE template0")
            cursor.execute("REVOKE ALL ON DATABASE clm FROM PUBLIC")
            cursor.execute("GRANT CONNECT ON DATABASE clm TO clm_app")
        connection.close()
