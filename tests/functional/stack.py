"""The real processes of the platform on a test's own database: web, worker, relay, scheduler."""

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

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_until(true: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """What `true` returned once it was true; fails when it is not within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(f"Not within {seconds} s: {what}")


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
                "--workers", "1", "--threads", "4", "--timeout", "60",
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
                    start_new_session=True,
                )  # fmt: skip
        if "web" in names:
            wait_until(self._answers, seconds=40, what="the web process answers")
        return self

    def kill(self, name: str) -> None:
        """`kill -9`, children and all."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self._running):
            self.kill(name)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
