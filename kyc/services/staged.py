"""
A list that was read, kept in a file beside the memory until it is put in force.

A list may have a million entries; of those only one part at a time is ever held. The file also
says which id stands twice, and keeps what comparing with the list in force found.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from clm.core.sayings import gettext as _
from kyc.beside import beside
from kyc.lists import Listed, ListError
from kyc.models import Watchlist, WatchlistEntry
from kyc.normalise import letters

BATCH = 2000
LONGEST_KEY = 255
#: Of a longer name the beginning is kept and compared.
LONGEST_NAME = 500
_TABLES = """
CREATE TABLE staged
    (key TEXT PRIMARY KEY, number INTEGER, digest TEXT, stated TEXT, state TEXT, pk TEXT);
CREATE TABLE gone (pk TEXT);
"""
NEW, CHANGED, BACK = "new", "changed", "back"
#: Id of the entry in the database (None for a new one), what the list states, its digest.
Row = tuple[UUID | None, dict[str, Any], str]


class Changes(NamedTuple):
    """How many entries a file adds, changes and lacks against the list in force."""

    added: int
    changed: int
    removed: int


class Staged:
    """What a file states, entry by entry; made by `stage`."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store = store
        self.entries = 0
        self.names = 0
        #: Names with too few letters to find anybody by, and names beyond what is kept of one.
        self.mute = self.long = 0
        self.digest = ""

    def fill(self, listed: Iterable[Listed]) -> None:
        """:raises ListError: an id stands twice or is too long; or what the reader raises"""
        for one in listed:
            self.entries += 1
            self.names += len(one.names)
            self.mute += sum(letters(name.name) < 2 for name in one.names)
            self.long += sum(len(name.name) > LONGEST_NAME for name in one.names)
            if len(one.key) > LONGEST_KEY:
                raise ListError(
                    _("The id of entry %(number)d has more than %(most)d characters.")
                    % {"number": self.entries, "most": LONGEST_KEY}
                )
            text = json.dumps(one, default=_plain, sort_keys=True)
            digest = hashlib.sha256(text.encode()).hexdigest()
            try:
                self._store.execute(
                    "INSERT INTO staged (key, number, digest, stated) VALUES (?, ?, ?, ?)",
                    (one.key, self.entries, digest, text),
                )
            except sqlite3.IntegrityError:
                raise ListError(self._twice(one.key)) from None
        whole = hashlib.sha256()
        for key, digest in self._store.execute("SELECT key, digest FROM staged ORDER BY key"):
            whole.update(f"{key}{digest}".encode())
        self.digest = whole.hexdigest()

    def compare(self, watchlist: Watchlist) -> "Changes":
        """How many entries are added (or back), changed and gone against the list in force."""
        known = WatchlistEntry.objects.filter(watchlist=watchlist)
        self._store.execute("UPDATE staged SET state = ?", (NEW,))
        active = known.order_by().values_list("pk", "key", "digest", "removed_in_id")
        for part in _parts(active.iterator(chunk_size=BATCH), BATCH):
            self._compare(part)
        counts = dict(self._store.execute("SELECT state, count(*) FROM staged GROUP BY state"))
        gone = self._store.execute("SELECT count(*) FROM gone").fetchone()[0]
        return Changes(counts.get(NEW, 0) + counts.get(BACK, 0), counts.get(CHANGED, 0), gone)

    def parts(self, *states: str) -> Iterator[tuple[str, list[Row]]]:
        """The entries in these states in the order of the file, a part at a time."""
        for state in states:
            rows = self._store.execute(
                "SELECT pk, stated, digest FROM staged WHERE state = ? ORDER BY number", (state,)
            )
            for part in _parts(rows, BATCH):
                yield (
                    state,
                    [
                        (UUID(pk) if pk else None, json.loads(stated), digest)
                        for pk, stated, digest in part
                    ],
                )

    def gone(self) -> Iterator[list[UUID]]:
        """Ids of the entries in force that the file does not have."""
        for part in _parts(self._store.execute("SELECT pk FROM gone"), BATCH):
            yield [UUID(pk) for (pk,) in part]

    def _compare(self, part: list[Any]) -> None:
        marks = ",".join("?" * len(part))
        here = dict(
            self._store.execute(
                f"SELECT key, digest FROM staged WHERE key IN ({marks})",
                [key for _pk, key, _digest, _removed in part],
            )
        )
        found, gone = [], []
        for pk, key, digest, removed in part:
            if key not in here:
                gone += [] if removed else [(pk.hex,)]
                continue
            state = BACK if removed else CHANGED if here[key] != digest else ""
            found.append((state, pk.hex, key))
        self._store.executemany("UPDATE staged SET state = ?, pk = ? WHERE key = ?", found)
        self._store.executemany("INSERT INTO gone VALUES (?)", gone)

    def _twice(self, key: str) -> str:
        first = self._store.execute("SELECT number FROM staged WHERE key = ?", (key,)).fetchone()
        return _("The id %(key)s stands twice, in entries %(first)d and %(second)d.") % {
            "key": key[:80], "first": first[0], "second": self.entries,
        }  # fmt: skip


@contextmanager
def stage(listed: Iterable[Listed]) -> Iterator[Staged]:
    """
    Everything a reader yields, until the block ends.

    :raises ListError: the file is not whole, or an id stands twice
    """
    with beside(tables=_TABLES) as store:
        staged = Staged(store)
        staged.fill(listed)
        yield staged


def _plain(one: Any) -> Any:
    """For JSON: what a list states by its names, a day by its date."""
    names = getattr(one, "__slots__", ())
    return {name: getattr(one, name) for name in names} if names else str(one)


def _parts(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    part: list[Any] = []
    for row in rows:
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
