"""
The local run: PostgreSQL and Valkey for as long as a command needs them.

Without `DATABASE_URL` every `manage.py` command gets the servers of the data folder
(`CLM_DATA_DIR`, by default `.local/`): they are started when they are not running, shared by
commands that run at the same time, and stopped when the last of them ends.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from clm.local.processes import LOOPBACK, LocalError
from clm.local.schema import bring_up_to_date
from clm.local.secrets import read_or_make
from clm.local.state import KEEPER_LOCK, USERS_LOCK, read_state, write_state

__all__ = ["LocalError", "Services", "services_for", "start"]

ROOT = Path(__file__).resolve().parent.parent.parent
SPACE_NEEDED = 500 * 1024 * 1024
WAIT_SECONDS = 90

# Keepers outlive the commands that start them, so nobody waits for these.
_spawned: "list[subprocess.Popen[bytes]]" = []

# They look at the code alone: no servers are started for them.
WITHOUT_SERVERS = {
    *("help", "version", "--help", "-h", "--version", "check", "collectstatic", "build_assets"),
    *("lifecycles", "spectacular", "openapi", "diffsettings", "compile_catalogues"),
}
# They change the schema, so they connect as its owner.
AS_OWNER = {
    *("migrate", "makemigrations", "sqlmigrate", "showmigrations", "squashmigrations"),
    *("optimizemigration", "flush", "pgtrigger", "create_partitions"),
}


@dataclass
class Services:
    """The servers in use by this process; `release` says that it needs them no longer."""

    data_dir: Path
    ports: dict[str, int]
    secrets: dict[str, str]
    users_lock: int

    def environment(self) -> dict[str, str]:
        """The variables that `clm/settings.py` reads."""
        return variables(data_dir=self.data_dir, ports=self.ports, secrets=self.secrets)

    def release(self) -> None:
        """The last one to leave waits until the servers are down."""
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self.users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.close(self.users_lock)
            _wait_for_end(data_dir=self.data_dir)
            return
        os.close(self.users_lock)


def configured() -> bool:
    """Whether somebody said which database to use: then nothing of this is started."""
    return bool(os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))


def data_folder() -> Path:
    return Path(os.environ.get("CLM_DATA_DIR") or ROOT / ".local").expanduser().resolve()


def prepare_folder(*, data_dir: Path) -> None:
    """
    Make the folder, or say why it cannot be used.

    :raises LocalError: not a folder, not writable, or too little space
    """
    try:
        data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        if data_dir.stat().st_uid == os.geteuid():
            # Only passing through is open to others: PostgreSQL runs as another user for root.
            data_dir.chmod(0o711)
        probe = data_dir / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
        free = shutil.disk_usage(data_dir).free
    except FileExistsError:
        raise LocalError(f"The data folder {data_dir} is a file: name a folder.") from None
    except OSError as error:
        why = error.strerror or str(error)
        raise LocalError(f"The data folder {data_dir} cannot be used: {why}.") from error
    if free < SPACE_NEEDED:
        raise LocalError(
            f"Only {free // 2**20} MB are free where {data_dir} lies; "
            f"{SPACE_NEEDED // 2**20} MB are needed."
        )


def start(*, data_dir: Path, temporary: bool = False, keep: bool = False) -> Services:
    """
    The servers of `data_dir`, started when they are not running.

    :param temporary: nothing has to survive a power cut: no waiting for the disk; and the keeper
        removes the folder when the last user has gone, unless `keep`
    :raises LocalError: they cannot be started; says why
    """
    prepare_folder(data_dir=data_dir)
    users_lock = os.open(data_dir / USERS_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    # Waits while a keeper shuts down.
    fcntl.flock(users_lock, fcntl.LOCK_SH)
    try:
        mode = ("swift" if keep else "remove") if temporary else "keep"
        ports = _keeper_ports(data_dir=data_dir, mode=mode)
    except BaseException:
        os.close(users_lock)
        raise
    return Services(data_dir, ports, read_or_make(data_dir=data_dir), users_lock)


def _keeper_ports(*, data_dir: Path, mode: str) -> dict[str, int]:
    starting = os.open(data_dir / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(starting, fcntl.LOCK_EX)
        read_or_make(data_dir=data_dir)
        process = None
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            runs = keeper_runs(data_dir=data_dir)
            state = read_state(data_dir=data_dir)
            if runs and state.get("ready"):
                return {name: int(port) for name, port in state["ports"].items()}
            if process is not None and process.poll() is not None:
                if state.get("error"):
                    raise LocalError(state["error"])
                if process.returncode:
                    break
                process = None  # another keeper was still leaving
            if not runs and process is None:
                fresh = {"ports": state.get("ports", {})}
                write_state(data_dir=data_dir, state=fresh)
                process = _spawn(data_dir=data_dir, mode=mode)
            time.sleep(0.05)
    finally:
        os.close(starting)
    raise LocalError(f"The local servers do not start; {data_dir}/keeper.log says why.")


def keeper_runs(*, data_dir: Path) -> bool:
    return _held(data_dir / KEEPER_LOCK, fcntl.LOCK_SH)


def _held(path: Path, kind: int) -> bool:
    """Whether somebody holds the lock, so that we could not; a lock without a file is free."""
    try:
        lock = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _spawn(*, data_dir: Path, mode: str) -> "subprocess.Popen[bytes]":
    program = "import sys; from clm.local.keeper import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, str(data_dir)]
    surroundings = {k: v for k, v in os.environ.items() if k != "CLM_SUPERVISED_BY"}
    with (data_dir / "keeper.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, mode],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=surroundings,
            start_new_session=True,
        )
    _spawned.append(process)
    return process


def _wait_for_end(*, data_dir: Path) -> None:
    """Until the keeper is gone, or it turns out that somebody else came."""
    users = data_dir / USERS_LOCK
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and keeper_runs(data_dir=data_dir):
        # The keeper holds it alone while it shuts down; a shared holder is a new user.
        if _held(users, fcntl.LOCK_EX) and not _held(users, fcntl.LOCK_SH):
            return
        time.sleep(0.05)
    for process in _spawned:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)


def variables(*, data_dir: Path, ports: dict[str, int], secrets: dict[str, str]) -> dict[str, str]:
    """What `clm/settings.py` reads, for servers on these ports."""

    def database(role: str) -> str:
        password = quote(secrets[f"{role}_password"], safe="")
        return f"postgres://{role}:{password}@{LOOPBACK}:{ports.get('postgres', 1)}/clm"

    broker = f"redis://:{quote(secrets['valkey_password'], safe='')}@{LOOPBACK}"
    return {
        **{name: value for name, value in secrets.items() if name.isupper()},
        "CLM_LOCAL": "1",
        "CLM_DATA_DIR": str(data_dir),
        "DATABASE_URL": database("clm_app"),
        "MIGRATE_DATABASE_URL": database("clm_owner"),
        "BROKER_URL": f"{broker}:{ports.get('valkey', 1)}/0",
        "CACHE_URL": f"{broker}:{ports.get('valkey', 1)}/1",
    }


def offline_environment(*, data_dir: Path) -> dict[str, str]:
    """
    The variables alone, for what reads settings and needs no server.

    :raises LocalError: the folder cannot be used
    """
    prepare_folder(data_dir=data_dir)
    ports = read_state(data_dir=data_dir).get("ports", {})
    return variables(data_dir=data_dir, ports=ports, secrets=read_or_make(data_dir=data_dir))


@contextlib.contextmanager
def services_for(*, arguments: Sequence[str]) -> Iterator[None]:
    """
    The surroundings of one `manage.py` command: variables, and servers while it runs.

    With `DATABASE_URL` set nothing is started. A problem ends the process with a sentence.
    """
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in AS_OWNER:
        os.environ.setdefault("CLM_DATABASE_ROLE", "owner")
    if configured():
        yield
        return
    try:
        services = _for_command(command, arguments)
    except LocalError as error:
        sys.exit(str(error))
    try:
        yield
    finally:
        if services is not None:
            services.release()


def _for_command(command: str, arguments: Sequence[str]) -> Services | None:
    data_dir = data_folder()
    if command in WITHOUT_SERVERS or "--help" in arguments:
        found = offline_environment(data_dir=data_dir)
        if "--deploy" in arguments:
            # Judged as a deployment, not as a local run over plain HTTP.
            del found["CLM_LOCAL"]
        _set(found)
        return None
    services = start(data_dir=data_dir)
    _set(services.environment())
    if command not in AS_OWNER:
        try:
            bring_up_to_date(data_dir=data_dir)
        except BaseException:
            services.release()
            raise
    return services


def _set(found: dict[str, str]) -> None:
    for name, value in found.items():
        os.environ.setdefault(name, value)
