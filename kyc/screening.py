"""
Screening: candidates from the index, compared one by one, each with its explained score.

Whatever lists are in force is what is screened against; nothing is remembered that could hide
a new entry.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone

from kyc import index
from kyc.features import Birth, Party
from kyc.matching import THRESHOLD, Comparison, compare
from kyc.models import WatchlistEntry, WatchlistName

#: Shown in a one-off screening though below the threshold.
WORTH_SHOWING = 0.55


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed party and how it compares."""

    entry: WatchlistEntry
    comparison: Comparison

    @property
    def score(self) -> float:
        return self.comparison.score

    @property
    def name(self) -> str:
        return self.comparison.right


def party(
    *,
    names: Iterable[str],
    kind: str = "",
    born_on: date | None = None,
    countries: Iterable[str] = (),
) -> Party:
    """The side that is asked about."""
    births = (Birth(born_on, born_on),) if born_on else ()
    return Party(
        names=tuple(dict.fromkeys(name for name in names if name.strip())),
        kind=kind,
        births=births,
        countries=frozenset(one for one in countries if one),
    )


def screen(
    *,
    parties: Sequence[Party],
    threshold: float = THRESHOLD,
    limit: int | None = None,
    lists: Collection[UUID] | None = None,
    entries: Collection[UUID] | None = None,
) -> list[list[Candidate]]:
    """
    For each party the listed ones at or above the threshold, best first.

    :param lists: these lists alone; without it all that are in force
    :param entries: these entries alone, such as the ones a new version brought
    """
    asked = [(position, name) for position, one in enumerate(parties) for name in one.names]
    near = index.current().near(
        [name for _position, name in asked], lists=set(lists) if lists is not None else None
    )
    wanted: list[dict[UUID, None]] = [{} for _party in parties]
    for (position, _name), found in zip(asked, near, strict=True):
        for one in found:
            if entries is None or one in entries:
                wanted[position][one] = None
    known = _entries({one for ids in wanted for one in ids})
    results = []
    for party, ids in zip(parties, wanted, strict=True):
        candidates = [
            Candidate(entry, compare(party, listed))
            for key in ids
            if key in known
            for entry, listed in [known[key]]
        ]
        candidates = [found for found in candidates if found.score >= threshold]
        candidates.sort(key=lambda found: (-found.score, found.entry.key))
        results.append(candidates[:limit] if limit is not None else candidates)
    return results


def listed_party(entry: WatchlistEntry) -> Party:
    """A listed entry as the engine compares it."""
    names = list(entry.names.all())
    return Party(
        names=tuple(one.name for one in names),
        kind=entry.kind,
        births=tuple(
            Birth(date.fromisoformat(b["first"]), date.fromisoformat(b["last"]), b["circa"])
            for b in entry.births
        ),
        countries=frozenset([*entry.nationalities, *entry.countries]),
        weak=frozenset(one.name for one in names if one.weak),
    )


def _entries(keys: Collection[UUID]) -> dict[UUID, tuple[WatchlistEntry, Party]]:
    found = (
        WatchlistEntry.objects.filter(pk__in=keys, removed_in=None)
        .select_related("watchlist")
        .prefetch_related(
            Prefetch("names", WatchlistName.objects.order_by("-primary", "weak", "id"))
        )
    )
    return {entry.pk: (entry, listed_party(entry)) for entry in found}


def customer_party(customer: Any) -> Party:
    """A customer as the engine compares them."""
    if customer.kind == "organisation":
        names = [customer.name]
    else:
        names = [f"{customer.given_names} {customer.family_name}".strip()]
    countries = {*customer.nationalities, customer.residence_country}
    return party(
        names=names,
        kind=customer.kind,
        born_on=customer.born_on if customer.kind == "person" else None,
        countries=countries,
    )


def age_on(born_on: date, day: date | None = None) -> int:
    """Whole years of age; one born on 29 February has a birthday on 1 March."""
    day = day or timezone.localdate()
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
