"""
From a bare Python to an interpreter that has the locked packages. Standard library only.

Where the packages are present (an image, an active environment) this steps aside. Otherwise it
makes `.venv`, installs the lock with its hashes and runs the same command again in there. A stamp
is written after the last step alone, so an interrupted install is simply done again.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {"base": ROOT / "requirements/base.txt", "dev": ROOT / "requirements/dev.txt"}

# A few packages that no machine has together by accident stand for all of them.
TELLING = {
    "base": ("django", "rest_framework", "django_fsm", "pghistory", "allauth", "celery"),
    "dev": ("pytest", "pytest_django", "xdist", "hypothesis"),
}


class BootstrapError(Exception):
    """The packages could not be installed; `str()` says what to do."""


def say(text: str) -> None:
    """Progress goes to standard error: standard output belongs to the command."""
    print(text, file=sys.stderr, flush=True)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def packages_importable(*, need: str) -> bool:
    """Whether this very interpreter has the packages."""
    names = TELLING["base"] + (TELLING["dev"] if need == "dev" else ())
    return all(importlib.util.find_spec(name) is not None for name in names)


def stamp_of(*, venv: Path) -> dict[str, str]:
    """Which locks were installed to their end in `venv`, by their digests."""
    try:
        stamp = json.loads((venv / "clm-lock.json").read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def decide(*, inside_venv: bool, importable: bool, stamp: dict[str, str], wanted: str) -> str:
    """
    What to do: `run` here, `enter` the finished `.venv`, or `install` into it.

    :param stamp: the digest installed in `.venv`, by kind of lock
    :param wanted: the kind of lock this command needs, `base` or `dev`
    """
    current = stamp.get(wanted) == digest(LOCKS[wanted])
    if inside_venv:
        return "run" if current else "install"
    if importable:
        return "run"
    return "enter" if current else "install"


def ensure_packages(*, arguments: Sequence[str]) -> None:
    """
    Return when this interpreter has the packages; otherwise replace this process by one that has.

    Exits with a sentence where that is impossible.
    """
    wanted = "dev" if arguments[1:2] == ["test"] else "base"
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    step = decide(
        inside_venv=inside,
        importable=packages_importable(need=wanted),
        stamp=stamp_of(venv=VENV),
        wanted=wanted,
    )
    if step == "run":
        return
    try:
        if step == "install":
            install(wanted=wanted)
    except BootstrapError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next run goes on from here.")
    enter(arguments=arguments)


def enter(*, arguments: Sequence[str]) -> NoReturn:
    python = str(interpreter(venv=VENV))
    os.execv(python, [python, *arguments])  # noqa: S606


def interpreter(*, venv: Path) -> Path:
    return venv / "bin" / "python"


def works(*, venv: Path) -> bool:
    """Whether the environment has a live interpreter of a supported version, with pip."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return (
            subprocess.run([interpreter(venv=venv), "-c", check], capture_output=True).returncode
            == 0
        )
    except OSError:
        return False


def install(*, wanted: str) -> None:
    """
    Make `.venv` and install the wanted lock in it; two at once wait for each other.

    :raises BootstrapError: `venv` is missing, or pip failed
    """
    try:
        import fcntl
    except ImportError:
        raise BootstrapError(
            "This runs on Linux and macOS; on Windows use WSL or the container."
        ) from None

    # The project's folder itself is locked: that leaves no lock file behind.
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        stamp = stamp_of(venv=VENV)
        if stamp.get(wanted) == digest(LOCKS[wanted]) and works(venv=VENV):
            return
        make_venv()
        pip_install(lock=LOCKS[wanted])
        # The dev lock contains the base one.
        kinds = ("base", "dev") if wanted == "dev" else ("base",)
        fresh = json.dumps({kind: digest(LOCKS[kind]) for kind in kinds})
        unfinished = VENV / "clm-lock.json.new"
        unfinished.write_text(fresh)
        unfinished.replace(VENV / "clm-lock.json")
    finally:
        os.close(folder)


def make_venv() -> None:
    if works(venv=VENV):
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise BootstrapError(
            "Python's modules venv and ensurepip are missing. "
            "On Debian or Ubuntu install them with: apt-get install python3-venv"
        )
    say(f"Making {VENV} (first run)")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
    )
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise BootstrapError(
            f"The environment {VENV} could not be made: {lines[-1] if lines else ''}"
        )


def pip_install(*, lock: Path) -> None:
    total = sum(1 for line in lock.read_text().splitlines() if "==" in line and line[0].isalnum())
    say(f"Installing {total} locked packages from {lock.relative_to(ROOT)}")
    command = [
        *(str(interpreter(venv=VENV)), "-m", "pip", "install", "--require-hashes", "--no-input"),
        *("--disable-pip-version-check", "--progress-bar", "off", "-r", str(lock)),
        # The lock is complete, so there is nothing to resolve.
        "--no-deps",
        # Compiling all of them takes longer than compiling what is imported, when it is.
        "--no-compile",
    ]
    # The lock alone says what is installed, whatever the surroundings offer for import.
    surroundings = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    seen = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as pip:
        for line in pip.stdout or ():
            if line.startswith(("Collecting ", "Processing ")):
                seen += 1
                if seen % 10 == 0:
                    say(f"  {seen} of up to {total}")
            elif line.startswith("Installing collected"):
                say("  unpacking")
    if pip.returncode:
        raise BootstrapError(
            "The packages could not be installed (pip says why above). Run the command again "
            "when that is solved; it goes on from here."
        )
