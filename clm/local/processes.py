"""What the embedded servers have in common: ports, leftovers, dying together, last words."""

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

LOOPBACK = "127.0.0.1"
START_SECONDS = 40
STOP_SECONDS = 15


class LocalError(Exception):
    """The local servers cannot run; `str()` is a sentence for the person at the terminal."""


def free_port(preferred: int | None) -> int:
    """The preferred port while nobody listens on it, otherwise a free one."""
    for port in (preferred or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise LocalError("No free port on the loopback address.")


def die_with_parent(signum: int) -> Callable[[], None]:
    """For a child, after the fork: be sent `signum` when the parent is gone (on Linux)."""
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def arrange() -> None:
        if prctl is not None:
            prctl(1, signum)
            if os.getppid() != parent:
                os._exit(1)

    return arrange


def last_words(log: Path, marks: tuple[str, ...]) -> str:
    """The last line of a log that gives a reason, without its time stamp."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return "no log was written"
    for line in reversed(lines):
        for mark in marks:
            if mark in line:
                return line.split(mark, 1)[1].strip()
    return lines[-1] if lines else "its log is empty"


def stop_process(process: psutil.Process, *signals: int) -> None:
    """Send the signals in turn, each time giving it the time to end; the last is SIGKILL."""
    for signum in (*signals, signal.SIGKILL):
        try:
            process.send_signal(signum)
            process.wait(STOP_SECONDS)
        except psutil.TimeoutExpired:
            continue
        except psutil.NoSuchProcess:
            pass
        return
