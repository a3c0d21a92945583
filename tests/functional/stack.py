"""The real processes of the platform on a test's own database: web, worker, relay, scheduler."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from clm.local.processes import die_with_parent

ROOT = Path(__file__).resolve().parent.parent.parent
#: Seconds within which anything must have come: a busy machine is slow, a dead process is told
#: at once.
PATIENCE = 180
_TAIL = 40  # lines of each log that a failure shows


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Stack:
    """Start, kill and stop the processes by name."""

    def __init__(self, *, database: str, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "clm.settings",
            "DATABASE_URL": url,
            "CELERY_QUEUE": database,
            "CLM_FILES_DIR": str(folder / "files"),
            "CLM_SEAL_FILE": str(folder / "seals.jsonl"),
            "LOG_LEVEL": "WARNING",
        }
        python = [sys.executable, "-m"]
        self._commands = {
            "web": [
                *python, "gunicorn", "clm.wsgi:application", "--bind", f"127.0.0.1:{self.port}",
                "--workers", "1", "--threads", "4", "--timeout", "60", "--no-control-socket",
            ],
            "worker": [
                *python, "celery", "-A", "clm.celery", "worker", "--concurrency", "1",
                "--without-gossip", "--without-mingle", "--queues", database, "-n",
                f"{database}@%h",
            ],
            "relay": [*python, "django", "relay", "--pause", "0.1"],
            "scheduler": [*python, "django", "scheduler"],
        }  # fmt: skip

    def start(self, *names: str) -> "Stack":
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    self._commands[name], env=self._environment, cwd=ROOT, stdout=log, stderr=log,
                    start_new_session=True, preexec_fn=die_with_parent(signal.SIGKILL),
                )  # fmt: skip
        if "web" in names:
            self.wait_until(self._answers, what="the web process answers")
        return self

    def wait_until(self, true: Callable[[], Any], *, what: str, seconds: float = PATIENCE) -> Any:
        """
        What `true` returned once it was true.

        Fails when it is not within `seconds`, and at once when a process has ended by itself;
        the failure shows the end of every log.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := true():
                return found
            self.check()
            time.sleep(0.1)
        raise AssertionError(f"Not within {seconds:g} s: {what}\n{self.tails()}")

    def check(self) -> None:
        """Fails when a process that was started and not killed has ended."""
        for name, process in self._running.items():
            if (code := process.poll()) is not None:
                raise AssertionError(f"The {name} process ended with {code}\n{self.tails()}")

    def kill(self, name: str) -> None:
        """`kill -9`, children and all."""
        process = self._running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self._running):
            self.kill(name)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def tails(self) -> str:
        """The end of every process's log."""
        return "\n".join(
            f"--- {path.name}\n" + "\n".join(self.log(path.stem).splitlines()[-_TAIL:])
            for path in sorted(self.folder.glob("*.log"))
        )

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One `manage.py` command on the same database, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "django", *arguments], env=self._environment, cwd=ROOT,
            capture_output=True, text=True,
        )  # fmt: skip

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=20) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
