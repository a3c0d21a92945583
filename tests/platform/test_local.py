"""The embedded servers: shared, stopped by the last user, and never blocked by a killed run."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from clm import local
from clm.local import fresh
from clm.local.account import postgres_home
from clm.local.processes import LocalError, free_port, last_words
from clm.local.secrets import read_or_make
from clm.local.state import read_state

ROOT = Path(__file__).resolve().parent.parent.parent


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def query(url: str, statement: str) -> object:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()[0][0] if cursor.description else None
    finally:
        connection.close()


def running_in(data_dir: Path) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if str(data_dir) in " ".join(process.cmdline()):
                found.append(process.name())
        except psutil.Error:
            continue
    return found


@pytest.fixture
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("local") / "data"


# Before anything is started ------------------------------------------------------------------


def test_a_file_in_place_of_the_folder_is_said(data_dir):
    data_dir.write_text("not a folder")
    with pytest.raises(LocalError, match="is a file: name a folder"):
        local.start(data_dir=data_dir)


def test_too_little_space_is_said(data_dir, monkeypatch):
    usage = type("Usage", (), {"free": 100 * 2**20})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(LocalError, match="Only 100 MB are free"):
        local.start(data_dir=data_dir)


def test_secrets_are_made_once_and_for_their_owner_alone(data_dir):
    data_dir.mkdir()
    first = read_or_make(data_dir=data_dir)
    assert read_or_make(data_dir=data_dir) == first
    assert (data_dir / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_file_where_the_database_should_be_is_said(data_dir):
    data_dir.mkdir()
    postgres_home(data_dir=data_dir).write_text("x")
    with pytest.raises(LocalError, match=r"damaged: .*postgres cannot be used"):
        local.start(data_dir=data_dir)


def test_damaged_secrets_are_said(data_dir):
    data_dir.mkdir()
    (data_dir / "secrets.json").write_text("{")
    with pytest.raises(LocalError, match="cannot be read"):
        read_or_make(data_dir=data_dir)


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
    assert free_port(port) == port


def test_the_reason_is_found_in_a_log(tmp_path):
    log = tmp_path / "log"
    log.write_text("2026 LOG:  starting\n2026 FATAL:  no space left\n2026 LOG:  stopped\n")
    assert last_words(log, ("FATAL:",)) == "no space left"


def test_with_a_configured_database_nothing_is_started(data_dir, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://configured/elsewhere")
    monkeypatch.setenv("CLM_DATA_DIR", str(data_dir))
    with local.services_for(arguments=["manage.py", "shell"]):
        assert os.environ["DATABASE_URL"] == "postgres://configured/elsewhere"
    assert not data_dir.exists()


# With servers --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_life_of_the_servers(data_dir):
    """One cluster, since making it takes a second: sharing, kill -9 of each, stop, start anew."""
    first = local.start(data_dir=data_dir)
    surroundings = first.environment()
    owner, application = surroundings["MIGRATE_DATABASE_URL"], surroundings["DATABASE_URL"]
    broker = redis.Redis.from_url(surroundings["BROKER_URL"])

    # The application owns nothing and may make nothing; neither role is a superuser.
    query(owner, "CREATE TABLE note (body text)")
    query(owner, "INSERT INTO note VALUES ('kept')")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query(application, "CREATE TABLE other (body text)")
    assert query(owner, "SELECT count(*) FROM pg_roles WHERE rolsuper") == 1
    assert query(owner, "SELECT lower('ÆØÅ')") == "æøå"
    assert broker.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
    broker.set("waiting", "message")

    # A second user shares them; the first to leave does not stop them.
    second = local.start(data_dir=data_dir)
    assert second.ports == first.ports
    first.release()
    assert query(owner, "SELECT body FROM note") == "kept"

    # A killed server is started again on its port, with its data.
    pids = read_state(data_dir=data_dir)["pids"]
    os.kill(pids["postgres"], signal.SIGKILL)
    os.kill(pids["valkey"], signal.SIGKILL)
    wait_until(lambda: read_state(data_dir=data_dir)["pids"].keys() == pids.keys())
    wait_until(lambda: not set(read_state(data_dir=data_dir)["pids"].values()) & set(pids.values()))
    assert query(owner, "SELECT body FROM note") == "kept"
    broker.close()

    # A killed keeper takes the servers along; the next start finds nothing in its way.
    os.kill(read_state(data_dir=data_dir)["keeper"], signal.SIGKILL)
    wait_until(lambda: not local.keeper_runs(data_dir=data_dir))
    third = local.start(data_dir=data_dir)
    os.close(second.users_lock)
    assert query(third.environment()["MIGRATE_DATABASE_URL"], "SELECT body FROM note") == "kept"

    # A killed command frees them, and a stale pid file with a foreign number does not block.
    third.release()
    wait_until(lambda: running_in(data_dir) == [], seconds=2)
    data = postgres_home(data_dir=data_dir) / "data"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n1\n\n127.0.0.1\n0 0\nready\n")
    user = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir)], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert user.stdout is not None
    assert user.stdout.readline() == b"ready\n"
    user.kill()
    user.wait()
    user.stdout.close()
    wait_until(lambda: running_in(data_dir) == [])

    # Damage is said in a sentence.
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(LocalError, match="does not start"):
        local.start(data_dir=data_dir)

    # And a fresh beginning is always possible.
    fresh.remove_everything(data_dir=data_dir)
    anew = local.start(data_dir=data_dir, temporary=True)
    assert query(anew.environment()["DATABASE_URL"], "SELECT 1") == 1
    anew.release()
    assert not data_dir.exists()


HOLD = """
import sys, time
from pathlib import Path
from clm import local
local.start(data_dir=Path(sys.argv[1]))
print("ready", flush=True)
time.sleep(60)
"""
