"""
Candidates: listed names near a name, by character 3-grams weighted by rarity (TF-IDF).

The index of the lists in force is built once for each set of versions, saved in the data
folder, mapped into memory by whichever process needs it, and kept for as long as the lists stay
the same. Hashed n-grams keep its size bounded; nothing in the files is code.
"""

import json
import logging
import shutil
import tempfile
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from rapidfuzz import fuzz, process

from kyc.features import Birth, Party
from kyc.features.identifiers import bare
from kyc.models import VersionState, WatchlistEntry, WatchlistName, WatchlistVersion
from kyc.normalise import bones_text, search_text
from kyc.scripts import written_without_vowels

log = logging.getLogger(__name__)
#: Raised with every change of what the files hold or how texts are cut.
FORM = 6
FEATURES = 2**18
#: The names that share 3-grams up to this cosine are looked at, so many at most; beyond that many
#: all those as near as this, so that people of one name never hide each other.
NEAREST, COSINE, CLOSE = 50, 0.25, 0.75
#: A quick look gives points (0 to 100 for the text, so many for a cosine of 1); from here on an
#: entry is worth comparing in full.
QUICK, COSINE_COUNTS = 74.0, 20.0
#: What words on one side alone cost in the quick look.
EXTRA = 10.0
CHUNK = 512
_lock = threading.Lock()
_cached: "Index | None" = None


@dataclass(frozen=True)
class Look:
    """One way of looking for names: a search text for each, and its weighted 3-grams."""

    keys: list[str]
    idf: Any
    grams: Any  # 3-grams x names

    @classmethod
    def of(cls, keys: list[str]) -> "Look":
        from scipy import sparse

        counts = _vectorizer().transform(keys or [""])
        seen = np.bincount(counts.indices, minlength=FEATURES)
        idf = (np.log((1 + len(keys)) / (1 + seen)) + 1).astype(np.float32)
        grams = _weighted(keys, idf).T.tocsr() if keys else sparse.csr_matrix((FEATURES, 0))
        return cls(keys, idf, grams)

    def only(self, numbers: Any) -> "Look":
        return Look([self.keys[one] for one in numbers], self.idf, self.grams[:, numbers])

    def near(self, keys: Sequence[str]) -> list[list[int]]:
        """For each search text the numbers of the names worth comparing, best first."""
        if not self.keys or not keys:
            return [[] for _key in keys]
        products = self._products(keys)
        asked = np.repeat(np.arange(len(keys)), np.diff(products.indptr)).tolist()
        left = [keys[one] for one in asked]
        right = [self.keys[one] for one in products.indices.tolist()]
        looks = np.maximum(
            process.cpdist(left, right, scorer=fuzz.ratio, dtype=np.float32),
            process.cpdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float32) - EXTRA,
        )
        looks = looks + COSINE_COUNTS * products.data
        found: list[list[int]] = []
        for begin, end in zip(products.indptr[:-1], products.indptr[1:], strict=True):
            places = np.argsort(-looks[begin:end], kind="stable") + begin
            worth = places[looks[places] >= QUICK]
            found.append(products.indices[worth].tolist())
        return found

    def _products(self, keys: Sequence[str]) -> Any:
        """The nearest names of each search text, and every one that is close."""
        from scipy import sparse

        texts = _weighted(keys, self.idf)
        products = _product(texts, self.grams, NEAREST, COSINE)
        full = np.flatnonzero(np.diff(products.indptr) == NEAREST)
        places = products.indptr[full][:, None] + np.arange(NEAREST)
        crowded = full[(products.data[places] >= CLOSE).all(axis=1)]
        if not len(crowded):
            return products
        others = np.setdiff1d(np.arange(len(keys)), crowded)
        close = _product(texts[crowded], self.grams, len(self.keys), CLOSE)
        order = np.argsort(np.concatenate([others, crowded]))
        return sparse.vstack([products[others], close], format="csr")[order]


@dataclass(frozen=True)
class Index:
    """
    Listed names by number, and the entries that they belong to by row.

    `names`, `weak` and `owners` (the row of their entry) go by number, as do both looks: `heard`
    for names with vowels, `bones` for those asked in Arabic or Hebrew letters. `entries` and
    `lists` (ids) and `facts` (JSON: kind, births, countries, identifiers, gender) go by row.
    """

    signature: str
    heard: Look
    bones: Look
    names: list[str]
    owners: Any
    weak: Any
    entries: Any
    lists: Any
    facts: list[str]

    def near(self, names: Sequence[str]) -> list[list[int]]:
        """For each name the numbers of the listed names worth comparing, best first."""
        found: list[list[int]] = [[] for _name in names]
        bones = [written_without_vowels(name) for name in names]
        for look, text, without in (
            (self.heard, search_text, False),
            (self.bones, bones_text, True),
        ):
            places = [at for at, one in enumerate(bones) if one is without]
            for start in range(0, len(places), CHUNK):
                part = places[start : start + CHUNK]
                near = look.near([text(names[at]) for at in part])
                for at, numbers in zip(part, near, strict=True):
                    found[at] = numbers
        return found

    def entry(self, row: int) -> UUID:
        return UUID(bytes=self.entries[row].tobytes())

    def party(self, row: int) -> Party:
        """What is known of a listed entry beside its names."""
        held = self._parties.get(row)
        if held is None:
            held = self._parties[row] = _party(json.loads(self.facts[row]))
        return held

    def only(
        self, *, lists: Collection[UUID] | None = None, entries: Collection[UUID] | None = None
    ) -> "Index":
        """The same index with the names of these lists, or of these entries, alone."""
        kept = np.ones(len(self.entries), dtype=bool)
        for wanted, column in ((lists, self.lists), (entries, self.entries)):
            if wanted is not None:
                kept &= np.isin(column, np.array([one.bytes for one in wanted], dtype="V16"))
        numbers = np.flatnonzero(kept[self.owners])
        return replace(
            self, heard=self.heard.only(numbers), bones=self.bones.only(numbers),
            names=[self.names[one] for one in numbers], owners=self.owners[numbers],
            weak=self.weak[numbers],
        )  # fmt: skip

    @cached_property
    def _parties(self) -> dict[int, Party]:
        return {}


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


def part(
    *, lists: Collection[UUID] | None = None, entries: Collection[UUID] | None = None
) -> Index:
    """The index of the lists in force with the names of these lists, or of these entries, alone."""
    whole = current()
    if lists is None and entries is None:
        return whole
    return _part(
        whole.signature,
        None if lists is None else frozenset(lists),
        None if entries is None else frozenset(entries),
    )


@lru_cache(maxsize=4)
def _part(signature: str, lists: frozenset[UUID] | None, entries: frozenset[UUID] | None) -> Index:
    # The next chunk of the same job asks for the same.
    return current().only(lists=lists, entries=entries)


def _signature() -> str:
    versions = WatchlistVersion.objects.filter(standing=VersionState.IN_FORCE)
    text = ",".join(sorted(f"{pk}:{digest}" for pk, digest in versions.values_list("pk", "digest")))
    return sha256(f"{FORM}|{text}".encode()).hexdigest()[:32]


def _product(queries: Any, grams: Any, most: int, cosine: float) -> Any:
    from sparse_dot_topn import sp_matmul_topn

    return sp_matmul_topn(queries, grams, top_n=most, threshold=cosine)


@cache
def _vectorizer() -> Any:
    # Takes seconds to import: only what screens loads it, never a page.
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 3), n_features=FEATURES, norm=None,
        alternate_sign=False, lowercase=False, dtype=np.float32,
    )  # fmt: skip


def _weighted(texts: Sequence[str], idf: Any) -> Any:
    counts = _vectorizer().transform(texts)
    counts.data = np.log1p(counts.data) * idf[counts.indices]
    sizes = np.diff(counts.indptr)
    squares = np.bincount(np.repeat(np.arange(len(sizes)), sizes), counts.data**2, len(sizes))
    counts.data /= np.repeat(np.sqrt(squares), sizes).astype(np.float32)
    return counts


# What a process leaves for the others ------------------------------------------------------------


def _build(signature: str) -> Index:
    rows: dict[UUID, int] = {}
    entries: list[bytes] = []
    lists: list[bytes] = []
    facts: list[str] = []
    listed = WatchlistEntry.objects.filter(removed_in=None).order_by("pk")
    for entry in listed.iterator(chunk_size=5_000):
        rows[entry.pk] = len(entries)
        entries.append(entry.pk.bytes)
        lists.append(entry.watchlist_id.bytes)
        facts.append(json.dumps(_facts(entry), separators=(",", ":")))
    names, owners, weak = [], [], []
    # Joined here: right after a load the database knows too little of its tables to do it well.
    known = WatchlistName.objects.order_by("entry_id", "id")
    for entry_id, name, is_weak in known.values_list("entry_id", "name", "weak").iterator(
        chunk_size=10_000
    ):
        if entry_id in rows:
            names.append(name)
            owners.append(rows[entry_id])
            weak.append(is_weak)
    index = Index(
        signature=signature,
        heard=Look.of([search_text(name) for name in names]),
        bones=Look.of([bones_text(name) for name in names]),
        names=names,
        owners=np.array(owners, dtype=np.int32),
        weak=np.array(weak, dtype=bool),
        entries=np.array(entries, dtype="V16"),
        lists=np.array(lists, dtype="V16"),
        facts=facts,
    )
    _save(index)
    return index


def _facts(entry: WatchlistEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "births": entry.births,
        "countries": sorted({*entry.nationalities, *entry.countries}),
        "identifiers": sorted({bare(one.get("value", "")) for one in entry.identifiers}),
        "gender": entry.gender,
    }


def party_of(entry: WatchlistEntry) -> Party:
    """What is known of an entry beside its names."""
    return _party(_facts(entry))


def _party(facts: dict[str, Any]) -> Party:
    return Party(
        names=(),
        kind=facts["kind"],
        births=tuple(Birth.stated(one) for one in facts["births"]),
        countries=frozenset(facts["countries"]),
        identifiers=frozenset(facts["identifiers"]),
        gender=facts["gender"],
    )


def _folder() -> Path:
    return Path(settings.CLM_DATA_DIR) / "screening"


def _save(index: Index) -> None:
    """Written aside and renamed, so that nobody reads half an index; older ones go."""
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=folder, suffix=".part"))
        arrays = {"owners": index.owners, "weak": index.weak, "entries": index.entries.view("u1"),
                  "lists": index.lists.view("u1")}  # fmt: skip
        texts = {"names": index.names, "facts": index.facts}
        for look in ("heard", "bones"):
            held: Look = getattr(index, look)
            texts[look] = held.keys
            arrays |= {f"{look}-idf": held.idf, f"{look}-data": held.grams.data,
                       f"{look}-indices": held.grams.indices,
                       f"{look}-indptr": held.grams.indptr}  # fmt: skip
        for name, array in arrays.items():
            np.save(aside / f"{name}.npy", array, allow_pickle=False)
        for name, lines in texts.items():
            # PostgreSQL holds no NUL, so none can stand within a text.
            (aside / f"{name}.txt").write_bytes("\0".join(lines).encode())
        try:
            aside.rename(folder / index.signature)
        except OSError:
            # Another process was first with the same.
            shutil.rmtree(aside, ignore_errors=True)
        saved = sorted(
            (one for one in folder.iterdir() if one.is_dir() and one.suffix != ".part"),
            key=lambda one: one.stat().st_mtime,
        )
        for old in saved[:-3]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        # Without a place to keep it, the index still works; the next process builds its own.
        log.warning("The screening index could not be saved in %s", folder)


def _load(signature: str) -> Index | None:
    from scipy import sparse

    folder = _folder() / signature

    def array(name: str) -> Any:
        # Copy on write: the product takes no array that may not be written, and writes to none.
        return np.load(folder / f"{name}.npy", mmap_mode="c", allow_pickle=False)

    def texts(name: str) -> list[str]:
        text = (folder / f"{name}.txt").read_bytes().decode()
        return text.split("\0") if text or count else []

    try:
        owners = np.array(array("owners"))
        count = len(owners)
        looks = {
            look: Look(
                texts(look),
                array(f"{look}-idf"),
                sparse.csr_matrix(
                    tuple(array(f"{look}-{part}") for part in ("data", "indices", "indptr")),
                    shape=(FEATURES, count),
                    copy=False,
                ),
            )
            for look in ("heard", "bones")
        }
        return Index(
            signature=signature, heard=looks["heard"], bones=looks["bones"], names=texts("names"),
            owners=owners, weak=array("weak"), entries=array("entries").view("V16"),
            lists=array("lists").view("V16"), facts=texts("facts"),
        )  # fmt: skip
    except (OSError, ValueError):
        return None
