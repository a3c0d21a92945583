"""
Candidates: listed names near a name, by character 3-grams weighted by rarity (TF-IDF).

The index of the lists in force is built once for each set of versions, saved in the data
folder, loaded by whichever process needs it, and kept there for as long as the lists stay the
same. Hashed n-grams keep its size bounded; nothing in the file is code.
"""

import logging
import os
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from scipy import sparse

from kyc.models import VersionState, WatchlistEntry, WatchlistName, WatchlistVersion
from kyc.normalise import name_of

log = logging.getLogger(__name__)
FORM = 1
FEATURES = 2**18
CANDIDATES = 60
CHUNK = 256
_lock = threading.Lock()
_cached: "Index | None" = None


@dataclass(frozen=True)
class Index:
    """Names by row: `entries[row]` is the entry's id, `lists[row]` its list's."""

    signature: str
    matrix: Any  # 3-grams x names
    idf: Any
    entries: Any
    lists: Any

    def near(
        self, names: Sequence[str], *, limit: int = CANDIDATES, lists: set[UUID] | None = None
    ) -> list[list[UUID]]:
        """For each name the entries of the nearest listed names, best first, each once."""
        found: list[list[UUID]] = []
        wanted = None
        if lists is not None:
            keys = {one.bytes for one in lists}
            wanted = np.array([one.tobytes() in keys for one in self.lists], dtype=bool)
        for start in range(0, len(names), CHUNK):
            found += self._near(names[start : start + CHUNK], limit, wanted)
        return found

    def _near(self, names: Sequence[str], limit: int, wanted: Any) -> list[list[UUID]]:
        if not len(self.entries):
            return [[] for _name in names]
        queries = _weighted([search_text(name) for name in names], self.idf)
        products = (queries @ self.matrix).tocsr()
        found = []
        for row in range(products.shape[0]):
            begin, end = products.indptr[row], products.indptr[row + 1]
            columns, values = products.indices[begin:end], products.data[begin:end]
            if wanted is not None:
                keep = wanted[columns]
                columns, values = columns[keep], values[keep]
            if len(values) > limit:
                top = np.argpartition(-values, limit)[:limit]
                columns, values = columns[top], values[top]
            order = columns[np.argsort(-values, kind="stable")]
            ids = dict.fromkeys(self.entries[one].tobytes() for one in order)
            found.append([UUID(bytes=one) for one in ids])
        return found


def search_text(name: str) -> str:
    """A name as the index holds it: its words without legal form, in alphabetical order."""
    return " ".join(sorted(name_of(name, True).words))


def current() -> Index:
    """The index of the lists in force; built by the first that asks, read by the others."""
    global _cached
    signature = _signature()
    cached = _cached
    if cached is not None and cached.signature == signature:
        return cached
    with _lock:
        if _cached is None or _cached.signature != signature:
            _cached = _load(signature) or _build(signature)
        return _cached


def _signature() -> str:
    versions = WatchlistVersion.objects.filter(standing=VersionState.IN_FORCE)
    text = ",".join(sorted(f"{pk}:{digest}" for pk, digest in versions.values_list("pk", "digest")))
    return sha256(f"{FORM}|{text}".encode()).hexdigest()[:32]


def _folder() -> Path:
    return Path(settings.CLM_DATA_DIR) / "screening"


@cache
def _vectorizer() -> Any:
    # Takes seconds to import: only what screens loads it, never a page.
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 3), n_features=FEATURES, norm=None,
        alternate_sign=False, lowercase=False, dtype=np.float32,
    )  # fmt: skip


def _weighted(texts: list[str], idf: Any) -> Any:
    counts = _vectorizer().transform(texts)
    counts.data = np.log1p(counts.data)
    weighted = counts.multiply(idf).tocsr()
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    norms[norms == 0] = 1
    return (sparse.diags((1 / norms).astype(np.float32)) @ weighted).tocsr()


def _build(signature: str) -> Index:
    # Joined here: right after a load the database knows too little of its tables to do it well.
    listed = {
        entry.bytes: watchlist.bytes
        for entry, watchlist in WatchlistEntry.objects.filter(removed_in=None)
        .order_by()
        .values_list("pk", "watchlist_id")
        .iterator(chunk_size=10_000)
    }
    rows = WatchlistName.objects.order_by("entry_id", "id").values_list("name", "entry_id")
    texts, entries, lists = [], [], []
    for name, entry in rows.iterator(chunk_size=10_000):
        if watchlist := listed.get(entry.bytes):
            texts.append(search_text(name))
            entries.append(entry.bytes)
            lists.append(watchlist)
    counts = _vectorizer().transform(texts or [""])
    seen = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
    matrix = _weighted(texts, idf).T.tocsr() if texts else sparse.csr_matrix((FEATURES, 0))
    index = Index(
        signature, matrix, idf, np.array(entries, dtype="V16"), np.array(lists, dtype="V16")
    )
    _save(index)
    return index


def _save(index: Index) -> None:
    """Written aside and renamed, so that nobody reads half an index; older ones go."""
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file, data=index.matrix.data, indices=index.matrix.indices,
                indptr=index.matrix.indptr, shape=np.array(index.matrix.shape), idf=index.idf,
                entries=index.entries.view("u1"), lists=index.lists.view("u1"),
            )  # fmt: skip
        Path(path).replace(folder / f"{index.signature}.npz")
        saved = sorted(folder.glob("*.npz"), key=lambda one: one.stat().st_mtime)
        for old in saved[:-3]:
            old.unlink(missing_ok=True)
    except OSError:
        # Without a place to keep it, the index still works; the next process builds its own.
        log.warning("The screening index could not be saved in %s", folder)


def _load(signature: str) -> Index | None:
    path = _folder() / f"{signature}.npz"
    try:
        with np.load(path, allow_pickle=False) as saved:
            matrix = sparse.csr_matrix(
                (saved["data"], saved["indices"], saved["indptr"]), shape=tuple(saved["shape"])
            )
            return Index(
                signature, matrix, saved["idf"], saved["entries"].view("V16"),
                saved["lists"].view("V16"),
            )  # fmt: skip
    except (OSError, ValueError, KeyError):
        return None
