"""
`manage.py bench`: benchmarks in a data folder of their own, which goes at the end.

The embedded servers are started for it, so that no figure depends on what a bank holds already.
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
INSIDE = "CLM_BENCH"


def main(arguments: Sequence[str]) -> int:
    """Run the command inside fresh surroundings; its exit code."""
    folder = Path(tempfile.mkdtemp(prefix="clm-bench-"))
    try:
        services = local.start(data_dir=folder, temporary=True)
    except local.LocalError as error:
        print(error, file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        return 1
    outside = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "CLM_DEMO")}
    surroundings = outside | services.environment() | {INSIDE: "1"}
    manage = [sys.executable, str(ROOT / "manage.py")]
    try:
        subprocess.run(
            [*manage, "migrate", "--no-input", "-v", "0"],
            check=True, stdout=sys.stderr, env=surroundings | {"CLM_DATABASE_ROLE": "owner"},
        )  # fmt: skip
        return subprocess.run([*manage, "bench", *arguments], env=surroundings).returncode
    except subprocess.CalledProcessError as error:
        print("The database of the benchmark could not be made.", file=sys.stderr)
        return error.returncode
    finally:
        services.release()
