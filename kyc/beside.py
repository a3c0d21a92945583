"""A private store in a file beside the memory, for what is too much to be held."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def beside(*, tables: str) -> Iterator[sqlite3.Connection]:
    """
    An empty store that nobody else sees and that is gone when the block ends, however it ends.

    :param tables: the statements that make its tables
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(sqlite3.connect(Path(folder) / "store")) as store,
    ):
        store.execute("PRAGMA journal_mode = OFF")
        store.execute("PRAGMA synchronous = OFF")
        store.executescript(tables)
        yield store
