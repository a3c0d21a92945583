"""Waiting for what other tests' transactions on the same cluster hold back."""

import time
from datetime import datetime

from clm.core import audit
from clm.core.events import stream
from clm.core.models import Seal

PATIENCE = 300  # seconds


def sealed(*, at: datetime) -> Seal:
    """Seal what is new, as soon as no older transaction is running."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if made := audit.seal(at=at):
            return made
        time.sleep(0.1)
    raise AssertionError("Nothing could be sealed")


def visible(*, events: int) -> None:
    """Wait until so many events are served by the stream."""
    end = time.monotonic() + PATIENCE
    while len(stream(after=None, limit=events)) < events:
        assert time.monotonic() < end, "the stream does not move on"
        time.sleep(0.1)
