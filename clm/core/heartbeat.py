"""Signs of life of the processes that answer to nobody: a file whose age a health check looks at."""

from pathlib import Path

from django.conf import settings


def beat(name: str) -> None:
    """Say that the loop of `name` has gone round once more."""
    folder = Path(settings.CLM_ALIVE_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).touch()
