"""
`manage.py test`: the whole suite (pytest) on the embedded servers, in a data folder of its own.

The folder is a temporary one and goes at the end, even of a killed run. With `CLM_DATA_DIR` set
it is `test/` in there and stays, so that the migrated template database can be used again.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from clm import local

ROOT = Path(__file__).resolve().parent.parent
MOST_WORKERS = 8


def with_workers(arguments: Sequence[str]) -> list[str]:
    """The arguments, with as many xdist workers as there are cores unless they say otherwise."""
    said = ("-n", "--numprocesses", "--pdb", "--trace", "--collect-only", "--co", "no:xdist")
    for argument in arguments:
        if argument.startswith(said):
            return list(arguments)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return ["-n", str(min(cores or 1, MOST_WORKERS)), *arguments]


def prepare_front_end(*, surroundings: dict[str, str]) -> None:
    """Catalogues and front-end files; tests of pages say themselves when the latter are missing."""
    for command in ("compile_catalogues", "build_assets"):
        subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), command],
            stdout=sys.stderr,
            env=surroundings,
        )


def main(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments; its exit code."""
    keep = os.environ.get("CLM_DATA_DIR")
    data_dir = Path(keep).resolve() / "test" if keep else Path(tempfile.mkdtemp(prefix="clm-test-"))
    surroundings = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "CLM_DEMO")}
    try:
        services = local.start(data_dir=data_dir, temporary=True, keep=bool(keep))
    except local.LocalError as error:
        print(error, file=sys.stderr)
        if not keep:
            shutil.rmtree(data_dir, ignore_errors=True)
        return 1
    surroundings |= services.environment() | {
        "CLM_TEST": "1",
        # Asked for where it is tested; everybody else signs in by password alone.
        "REQUIRE_SECOND_FACTOR": "0",
        "DJANGO_SETTINGS_MODULE": "clm.settings",
        "PYTHONDONTWRITEBYTECODE": "1",
        # The libraries' own threads would fight with the workers for the cores.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    try:
        prepare_front_end(surroundings=surroundings)
        command = [sys.executable, "-m", "pytest", *with_workers(arguments)]
        with subprocess.Popen(command, cwd=ROOT, env=surroundings) as process:
            while True:
                try:
                    return process.wait()
                except KeyboardInterrupt:
                    continue  # pytest got it as well and ends in its own way
    finally:
        services.release()
