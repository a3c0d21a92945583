"""What the screening benchmarks share: real lists, and names made from them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from benchmarks.kit import Say
from clm.core import actors
from clm.demobank.people import people
from kyc import services
from kyc.models import Watchlist, WatchlistEntry, WatchlistName
from kyc.normalise import search_text

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
#: Name, format and file or folder of each list, as they lie beside the project.
LISTS = (
    ("OFAC", "ofac-csv", DATA / "sanctions" / "ofac_newer"),
    ("UN", "un-xml", DATA / "sanctions" / "un" / "UN_consolidated.xml"),
)


@dataclass(frozen=True)
class Query:
    """A name, what kind of party has it, and the entries that it is one of."""

    name: str
    kind: str
    entries: frozenset[UUID]


def load(say: Say) -> str:
    """Load the lists where they are not yet; what was loaded, in words."""
    for name, form, path in LISTS:
        if not path.exists():
            raise SystemExit(f"The benchmark reads {path}, which is not there.")
        if not Watchlist.objects.filter(name=name).exists():
            say(f"Loading {name}")
            services.load_list(
                format=form, path=path, name=name, actor=actors.system_user(), at=timezone.now()
            )
    names = WatchlistName.objects.filter(entry__removed_in=None).count()
    return f"{names:,} names of {', '.join(name for name, *_rest in LISTS)}"


def listed_names(rng: random.Random, count: int, *, watchlist: str) -> list[Query]:
    """Main names of people and organisations on a list."""
    rows = WatchlistName.objects.filter(
        primary=True, entry__removed_in=None, entry__watchlist__name=watchlist,
        entry__kind__in=["person", "organisation"],
    ).order_by("id").values_list("name", "entry__kind", "entry_id")  # fmt: skip
    found = list(rows)
    rng.shuffle(found)
    return [Query(name, kind, frozenset({entry})) for name, kind, entry in found[:count]]


def with_typos(rng: random.Random, queries: Sequence[Query]) -> list[Query]:
    """One letter in eight or so wrong: dropped, doubled, changed or turned with the next."""
    return [Query(_mistyped(rng, one.name), one.kind, one.entries) for one in queries]


def _mistyped(rng: random.Random, name: str) -> str:
    letters = list(name)
    for _ in range(max(1, min(3, len(name) // 10))):
        places = [at for at, letter in enumerate(letters) if letter.isalpha()]
        if len(places) < 4:
            break
        at = rng.choice(places)
        match rng.randrange(4):
            case 0:
                del letters[at]
            case 1:
                letters.insert(at, letters[at])
            case 2:
                letters[at] = rng.choice("abcdefghijklmnopqrstuvwxyz")
            case _:
                if at + 1 < len(letters):
                    letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def reordered(queries: Sequence[Query]) -> list[Query]:
    """The last word first, as forms ask for it."""
    found = []
    for one in queries:
        *first, last = one.name.replace(",", " ").split()
        found.append(Query(" ".join([last, *first]), one.kind, one.entries))
    return found


def other_lists_aliases(rng: random.Random, count: int) -> list[Query]:
    """
    Names that the UN has for somebody whom OFAC lists under other spellings alone.

    Who is who follows from a name in common and births that do not contradict each other.
    """
    ofac: dict[str, set[UUID]] = {}
    births: dict[UUID, set[int]] = {}
    spelt: dict[UUID, set[str]] = {}
    entries = WatchlistEntry.objects.filter(removed_in=None).prefetch_related("names")
    for entry in entries.filter(watchlist__name="OFAC").iterator(chunk_size=2000):
        births[entry.pk] = _years(entry)
        spelt[entry.pk] = {search_text(one.name) for one in entry.names.all()}
        for key in spelt[entry.pk]:
            ofac.setdefault(key, set()).add(entry.pk)
    found = []
    for entry in entries.filter(watchlist__name="UN").order_by("key").iterator(chunk_size=2000):
        keys = {search_text(one.name): one.name for one in entry.names.all() if not one.weak}
        same = {
            pk for key in keys if len(key.split()) > 1 for pk in ofac.get(key, ())
            if not births[pk] or not _years(entry) or births[pk] & _years(entry)
        }  # fmt: skip
        if not same:
            continue
        known = {key for pk in same for key in spelt[pk]}
        found += [
            Query(name, entry.kind, frozenset(same))
            for key, name in keys.items()
            if key not in known and len(key.split()) > 1
        ]
    rng.shuffle(found)
    return found[:count]


def _years(entry: WatchlistEntry) -> set[int]:
    return {
        year
        for birth in entry.births
        for year in range(int(birth["first"][:4]), int(birth["last"][:4]) + 1)
    }


def innocent(rng: random.Random, count: int) -> list[Query]:
    """
    People on no list: half of them Danish, half with a listed person's given names and another's
    family name, which is harder than any bank's customers.
    """
    danes = islice(people(rng, branch="aarhus", today=date(2026, 1, 1)), count // 2)
    found = [Query(f"{one.given_names} {one.family_name}", "person", frozenset()) for one in danes]
    names = [one.name.replace(",", "").split() for one in listed_names(rng, 10_000, watchlist="OFAC")
             if one.kind == "person"]  # fmt: skip
    names = [words for words in names if len(words) > 1]
    listed = {search_text(name) for name in WatchlistName.objects.values_list("name", flat=True)}
    while len(found) < count:
        name = f"{rng.choice(names)[0]} {rng.choice(names)[-1]}"
        if search_text(name) not in listed:
            found.append(Query(name, "person", frozenset()))
    return found
