"""
Runs a few long-lived processes side by side: one that ends is started again, with growing pauses.

Other supervisors of this size stop everything when one process ends; here the death of a worker
must cost nothing but its restart. Each child leads a process group of its own, so that stopping
it reaches its children as well, and is told to end when this process is killed. What survives
even that carries the mark of its supervisor in its environment and is ended at the next start.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from clm.local.processes import die_with_parent

MARK = "CLM_SUPERVISED_BY"
GRACE_SECONDS = 12
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 30.0
LARGEST_LOG = 20 * 1024 * 1024


@dataclass
class Child:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float = 0.0


@dataclass
class Supervisor:
    """
    Keeps `children` running until `stop`.

    :param mark: what identifies this supervisor's processes among all of the machine
    :param log_dir: one file a child, begun anew when it has grown large
    """

    children: list[Child]
    mark: str
    log_dir: Path
    cwd: Path
    say: Callable[[str], None]
    surroundings: dict[str, str] = field(default_factory=dict)

    def look(self) -> None:
        """Start what is due, notice what has ended; call it a few times a second."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None:
                code = child.process.poll()
                if code is None:
                    continue
                self._bury(child, code, now)
            if now >= child.due_at:
                self._start(child, now)

    def restart(self) -> None:
        """Stop all and start them again, for instance with other surroundings."""
        self.stop()
        for child in self.children:
            child.failures, child.due_at = 0, 0.0

    def stop(self) -> None:
        """Ask all to end, and make those that do not within the grace."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in running:
            assert child.process is not None
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            # Also what the leader left behind.
            _signal_group(child, signal.SIGKILL)
            child.process.wait()
            child.process = None

    def _start(self, child: Child, now: float) -> None:
        self.log_dir.mkdir(parents=True, exist_ok=True)
        path = self.log_dir / f"{child.name}.log"
        large = path.exists() and path.stat().st_size > LARGEST_LOG
        with path.open("wb" if large else "ab") as log:
            # Safe with preexec_fn: this process has one thread.
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.cwd,
                env={**self.surroundings, MARK: self.mark},
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )
        child.started_at = now

    def _bury(self, child: Child, code: int, now: float) -> None:
        _signal_group(child, signal.SIGKILL)
        child.process = None
        lived = now - child.started_at
        child.failures = 1 if lived > HEALTHY_AFTER else child.failures + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (child.failures - 1))
        child.due_at = now + pause
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        self.say(f"{child.name} {how}; starting it again in {pause:g} s")


def _signal_group(child: Child, signum: int) -> None:
    if child.process is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signum)


def end_leftovers(*, mark: str) -> int:
    """End what a killed supervisor with this mark left running; how many processes that were."""
    left = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                process.terminate()
                left.append(process)
        except (psutil.Error, OSError):
            continue
    _gone, stubborn = psutil.wait_procs(left, timeout=3)
    for process in stubborn:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(stubborn, timeout=3)
    return len(left)
