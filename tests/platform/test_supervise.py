"""The demo's processes: restarted when they die, gone when it goes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from clm import demo, supervise
from clm.local.processes import LocalError
from clm.supervise import Child, Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    made = Supervisor(
        children=[Child("sleeper", SLEEP)],
        mark=str(tmp_path),
        log_dir=tmp_path / "log",
        cwd=ROOT,
        say=said.append,
        surroundings=dict(os.environ),
    )
    yield made
    made.stop()


def test_a_killed_child_is_started_again(supervisor, said):
    supervisor.look()
    child = supervisor.children[0]
    first = child.process
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    supervisor.look()
    assert "killed by signal 9" in said[0]
    assert child.process is None
    child.due_at = 0
    supervisor.look()
    assert child.process.pid != first.pid  # type: ignore[attr-defined]


def test_pauses_grow_and_end(supervisor):
    child = Child("restless", [sys.executable, "-c", "raise SystemExit(3)"])
    supervisor.children = [child]
    pauses = []
    for _ in range(9):
        child.due_at = 0
        supervisor.look()
        assert child.process is not None
        child.process.wait()
        before = time.monotonic()
        supervisor._bury(child, 3, before)
        pauses.append(child.due_at - before)
    assert pauses[:3] == pytest.approx([0.5, 1, 2])
    assert pauses[-1] == supervise.LONGEST_PAUSE


def test_what_a_killed_supervisor_left_is_ended(tmp_path):
    mark = str(tmp_path)
    left = subprocess.Popen(SLEEP, env={**os.environ, supervise.MARK: mark})
    other = subprocess.Popen(SLEEP, env={**os.environ, supervise.MARK: f"{mark}-other"})
    try:
        assert psutil.pid_exists(left.pid)
        assert supervise.end_leftovers(mark=mark) == 1
        assert not psutil.pid_exists(left.pid)
        left.wait()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_taken_port_is_said():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(LocalError, match="choose another with --port"):
            demo.refuse_taken_port(taken.getsockname()[1])


def test_a_second_demo_says_where_the_first_one_is(tmp_path):
    import contextlib

    options = demo.parse(["--port", "8123"])
    with contextlib.ExitStack() as stack:
        first = demo.Demo(options, stack)
        first.data_dir = tmp_path
        first._be_the_only_one()
        second = demo.Demo(options, contextlib.ExitStack())
        second.data_dir = tmp_path
        with pytest.raises(LocalError, match=r"already running at http://127\.0\.0\.1:8123/"):
            second._be_the_only_one()
