"""Waiting for what other tests' transactions on the same cluster hold back."""

import time
from datetime import datetime

from django.db import connection

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


def somebody_waits() -> None:
    """Wait until another session waits for what this transaction has locked."""
    end = time.monotonic() + PATIENCE
    asked = (
        "SELECT 1 FROM pg_locks"
        " WHERE NOT granted AND transactionid = pg_current_xact_id_if_assigned()::xid"
    )
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            if cursor.fetchone():
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waits for a lock")


def visible(*, events: int) -> None:
    """Wait until so many events are served by the stream."""
    end = time.monotonic() + PATIENCE
    while len(stream(after=None, limit=events)) < events:
        assert time.monotonic() < end, "the stream does not move on"
        time.sleep(0.1)
