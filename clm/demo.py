"""
`manage.py demo`: the whole platform on one machine, from an empty folder to a bank in use.

Prepares what changed since the last start (schema, front end, demo bank), then keeps web, worker,
relay and scheduler running until it is interrupted.
"""

import argparse
import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from clm import catalogues, local
from clm.local import fresh, schema
from clm.local.processes import LOOPBACK, LocalError, die_with_parent, free_port
from clm.supervise import Child, Supervisor, end_leftovers

ROOT = Path(__file__).resolve().parent.parent
ANSWER_SECONDS = 90
LOGINS = (
    ("ada", "adviser, Aarhus"),
    ("bo", "adviser, Odense"),
    ("ola", "onboarding officer"),
    ("line", "compliance analyst"),
    ("karen", "compliance officer"),
    ("mads", "compliance officer, the second pair of eyes"),
    ("rikke", "retention manager"),
    ("maria", "manager"),
    ("nina", "journey designer"),
    ("dan", "data analyst"),
    ("aud", "auditor"),
    ("admin", "administrator"),
    ("max", "signed in, but without a role"),
)


class Stopped(BaseException):
    """Somebody asked the demo to end."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="manage.py demo", description="The whole platform on this machine, with a demo bank."
    )
    parser.add_argument("--port", type=int, default=8000, help="port of the pages (8000)")
    parser.add_argument("--data-dir", type=Path, help="where everything is kept (.local)")
    parser.add_argument("--customers", type=int, default=2000, help="size of the bank (2000)")
    parser.add_argument("--fresh", action="store_true", help="throw the old demo bank away first")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Run the demo until interrupted; 1 with a sentence when it cannot start."""
    options = parse(arguments)
    if options.data_dir is not None:
        os.environ["CLM_DATA_DIR"] = str(options.data_dir.expanduser().resolve())
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _stop)
    try:
        with contextlib.ExitStack() as stack:
            Demo(options, stack).run()
    except LocalError as error:
        say(str(error))
        return 1
    except Stopped:
        say("Stopped.")
    return 0


def _stop(signum: int, frame: FrameType | None) -> None:
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    say("Stopping")
    raise Stopped


class Demo:
    def __init__(self, options: argparse.Namespace, stack: contextlib.ExitStack) -> None:
        self.port: int = options.port
        self.customers: int = options.customers
        self.fresh: bool = options.fresh
        self.data_dir = local.data_folder()
        self.stack = stack
        self.services: local.Services | None = None

    def run(self) -> None:
        local.prepare_folder(data_dir=self.data_dir)
        self._be_the_only_one()
        if end_leftovers(mark=str(self.data_dir)):
            say("Ended what a killed run had left running")
        refuse_taken_port(self.port)
        if self.fresh:
            say(f"Beginning anew in {self.data_dir}")
            fresh.remove_everything(data_dir=self.data_dir)
        if not local.configured():
            say("Starting PostgreSQL and Valkey")
            self.services = local.start(data_dir=self.data_dir)
            self.stack.callback(self._release)
        surroundings = self._surroundings()
        os.environ.update(surroundings)
        # Side by side: the one waits for the disk and the network, the other for the database.
        with front_end(data_dir=self.data_dir):
            schema.bring_up_to_date(data_dir=self.data_dir)
        seed(data_dir=self.data_dir, customers=self.customers)
        web, *others = children(port=self.port)
        supervisor = Supervisor(
            children=[web],
            mark=str(self.data_dir),
            log_dir=self.data_dir / "log",
            cwd=ROOT,
            say=say,
            surroundings=surroundings,
        )
        self.stack.callback(supervisor.stop)
        self._wait_for_answer(supervisor)
        # After the web, so that the cores load one thing at a time and pages come up sooner.
        supervisor.children += others
        self._look(supervisor)
        print(greeting(port=self.port, log_dir=supervisor.log_dir), flush=True)
        while True:
            self._look(supervisor)
            time.sleep(0.3)

    def _be_the_only_one(self) -> None:
        note = self.data_dir / "demo.json"
        lock = os.open(self.data_dir / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self.stack.callback(os.close, lock)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                running = json.loads(note.read_text())
                where = f" at http://{LOOPBACK}:{running['port']}/ (process {running['pid']})"
            except (OSError, ValueError, KeyError):
                where = ""
            raise LocalError(f"The demo of {self.data_dir} is already running{where}.") from None
        note.write_text(json.dumps({"port": self.port, "pid": os.getpid()}))

    def _surroundings(self) -> dict[str, str]:
        surroundings = dict(os.environ)
        if self.services is not None:
            surroundings |= self.services.environment()
        surroundings |= {
            "CLM_DEMO": "1",
            "CLM_DATA_DIR": str(self.data_dir),
            "DJANGO_SETTINGS_MODULE": "clm.settings",
            "PYTHONUNBUFFERED": "1",
        }
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            surroundings.setdefault(name, "1")
        if surroundings.get("CLM_LOCAL") and not surroundings.get("EID_ISSUER"):
            surroundings |= identity_stand_in(data_dir=self.data_dir)
        if surroundings.get("CLM_LOCAL") and not surroundings.get("CVR_URL"):
            surroundings |= register_stand_in(data_dir=self.data_dir)
        return surroundings

    def _look(self, supervisor: Supervisor) -> None:
        if self.services is not None and not local.keeper_runs(data_dir=self.data_dir):
            say("The local servers are gone; starting them again")
            before = self.services
            self.services = local.start(data_dir=self.data_dir)
            os.close(before.users_lock)
            if self.services.ports != before.ports:
                supervisor.restart()
                supervisor.surroundings = self._surroundings()
        supervisor.look()

    def _release(self) -> None:
        if self.services is not None:
            self.services.release()

    def _wait_for_answer(self, supervisor: Supervisor) -> None:
        say("Starting the web, then worker, relay and scheduler")
        deadline = time.monotonic() + ANSWER_SECONDS
        web = supervisor.children[0]
        while time.monotonic() < deadline and web.failures < 3:
            self._look(supervisor)
            if answers(port=self.port):
                return
            time.sleep(0.2)
        raise LocalError(f"The pages do not come up; {supervisor.log_dir}/web.log says why.")


def identity_stand_in(*, data_dir: Path) -> dict[str, str]:
    """What the settings need for the stand-in of the identity provider; the same at each start."""
    port, secret = _port_and_secret(data_dir / "identity.json")
    return {
        "EID_ISSUER": f"http://{LOOPBACK}:{port}",
        "EID_CLIENT_ID": "demo",
        "EID_CLIENT_SECRET": secret,
        "EID_NAME": "Test-ID",
    }


def register_stand_in(*, data_dir: Path) -> dict[str, str]:
    """What the settings need for the stand-in of the company register; the same at each start."""
    port, secret = _port_and_secret(data_dir / "register.json")
    return {"CVR_URL": f"http://{LOOPBACK}:{port}", "CVR_USER": "demo", "CVR_PASSWORD": secret}


def _port_and_secret(note: Path) -> tuple[int, str]:
    """A stand-in's own, as they were noted, or new ones; another port where that one is taken."""
    try:
        known = json.loads(note.read_text())
        port, secret = int(known["port"]), str(known["secret"])
    except (OSError, ValueError, KeyError, TypeError):
        port, secret = 0, secrets.token_urlsafe(24)
    port = free_port(port)
    note.write_text(json.dumps({"port": port, "secret": secret}))
    note.chmod(0o600)
    return port, secret


def answers(*, port: int) -> bool:
    """Whether the web says that it is alive."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def refuse_taken_port(port: int) -> None:
    """:raises LocalError: somebody listens there, or it may not be used"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise LocalError(
                f"Port {port} cannot be used ({why}): choose another with --port."
            ) from error


def command_exists(name: str) -> bool:
    """Whether a room of this project offers the command."""
    places = ("*/management/commands", "clm/core/management/commands")
    return any(next(ROOT.glob(f"{place}/{name}.py"), None) for place in places)


def children(*, port: int) -> list[Child]:
    """The processes of a running platform, the web first."""
    python, manage = sys.executable, str(ROOT / "manage.py")
    web = [
        *(python, "-m", "gunicorn", "clm.wsgi", "--bind", f"{LOOPBACK}:{port}"),
        # Loaded once and forked: the second worker costs neither time nor memory.
        *("--workers", "2", "--threads", "4", "--worker-class", "gthread", "--preload"),
        *("--timeout", "60", "--graceful-timeout", "8", "--no-control-socket"),
    ]
    worker = [
        *(python, "-m", "celery", "-A", "clm.celery", "worker", "--concurrency", "2"),
        *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
    ]
    found = [Child("web", web), Child("worker", worker)]
    names = ["relay", "scheduler"]
    if os.environ.get("CLM_LOCAL"):
        names.append("stand_in_bank")
    for name in names:
        if command_exists(name):
            found.append(Child(name, [python, manage, name]))
    if os.environ.get("CLM_LOCAL") and os.environ.get("EID_ISSUER", "").startswith("http:"):
        name, site = "stand_in_identity", f"http://{LOOPBACK}:{port}"
        found.append(Child(name, [python, manage, name, "--site", site]))
    if os.environ.get("CLM_LOCAL") and os.environ.get("CVR_URL", "").startswith("http:"):
        found.append(Child("stand_in_register", [python, manage, "stand_in_register"]))
    return found


def run_command(*arguments: str) -> None:
    """
    One `manage.py` command, its output on standard error.

    :raises LocalError: it failed
    """
    finish_command(begin_command(*arguments))


def begin_command(*arguments: str) -> "subprocess.Popen[bytes]":
    """Start one `manage.py` command; it ends with this process."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- there is one thread
    )


def finish_command(running: "subprocess.Popen[bytes]") -> None:
    """
    Wait for a command to end.

    :raises LocalError: it failed
    """
    if running.wait():
        command: Any = running.args
        raise LocalError(f"`manage.py {' '.join(command[2:])}` failed; the reason is above.")


@contextlib.contextmanager
def front_end(*, data_dir: Path) -> Iterator[None]:
    """
    Catalogues, front-end packages and static files, as far as something changed.

    The packages come while the block runs; all is there when it has ended.
    """
    try:
        catalogues.compile_stale(root=ROOT)
    except catalogues.CatalogueError as error:
        raise LocalError(f"A translation cannot be compiled: {error}") from error
    stamp = data_dir / "front-end.stamp"
    current = stamp.exists() and stamp.read_text() == front_end_digest()
    if current and (data_dir / "static").is_dir():
        yield
        return
    say("Preparing the front end")
    # Django looks for it before the build has made it.
    (ROOT / "build" / "static").mkdir(parents=True, exist_ok=True)
    building = begin_command("build_assets")
    yield
    finish_command(building)
    run_command("collectstatic", "--no-input", "-v", "0")
    # Taken anew: the build itself adds to what is looked at.
    stamp.write_text(front_end_digest())


def front_end_digest() -> str:
    """Changes with any file that pages, styles or icons come from."""
    total = hashlib.sha256()
    for path in sorted(_front_end_sources()):
        status = path.stat()
        total.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    total.update(str((ROOT / "node_modules").is_dir()).encode())
    return total.hexdigest()


def _front_end_sources() -> Iterator[Path]:
    yield from (p for p in (ROOT / "static").rglob("*") if p.is_file())
    yield from (p for p in (ROOT / "templates").rglob("*.html"))
    yield ROOT / "requirements/base.txt"
    for name in ("package.json", "package-lock.json"):
        if (ROOT / name).exists():
            yield ROOT / name
    for app in ROOT.iterdir():
        if (app / "__init__.py").is_file() and app.name != "tests":
            for pattern in ("*.py", "*.html", "static/**/*.*"):
                yield from (p for p in app.rglob(pattern) if p.is_file())


def seed(*, data_dir: Path, customers: int) -> None:
    """The demo bank, made once for a size and a schema."""
    if not command_exists("seed_demo"):
        say("There is no demo bank in this version; the pages start empty")
        return
    stamp, wanted = data_dir / "seed.stamp", f"{customers} {schema.digest()}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Making the demo bank of {customers} customers")
    run_command("seed_demo", "--customers", str(customers))
    stamp.write_text(wanted)


def greeting(*, port: int, log_dir: Path) -> str:
    lines = [
        "",
        f"The bank is open at http://{LOOPBACK}:{port}/",
        "",
        "Sign in as (the password is demo- and the name, such as demo-ada):",
        *(f"  {name:<6} {what}" for name, what in LOGINS),
        "",
        f"My page, for customers, at http://{LOOPBACK}:{port}/my/ (a stand-in for MitID at",
        f"{os.environ.get('EID_ISSUER', 'your identity provider')} offers some of them)",
        "",
        f"API at http://{LOOPBACK}:{port}/api/docs/; logs in {log_dir}. Ctrl-C stops everything.",
    ]
    return "\n".join(lines)
