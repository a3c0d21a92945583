"""Starting up costs every command and every process the same, again and again."""

import subprocess
import sys

# What takes a second or more to load is loaded by whoever computes with it, when it does.
HEAVY = ("pandas", "polars", "scipy", "sklearn", "skops", "pptx", "pikepdf", "boto3")
PROGRAM = """
import sys
import django
django.setup()
import clm.celery, clm.reactions, clm.urls
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_starting_up_loads_no_heavy_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *HEAVY], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
