"""
Screening: candidates from the index, compared one by one, each with its explained score.

Whatever lists are in force is what is screened against; nothing is remembered that could hide
a new entry.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from kyc import index
from kyc.countries import codes
from kyc.features import Birth, Party
from kyc.index import Index
from kyc.matching import THRESHOLD, Comparison, compare, compare_names
from kyc.models import WatchlistEntry
from kyc.normalise import can_be_screened, spellings

#: What `customer_party` reads of a customer.
ASKED = (
    "pk", "kind", "name", "given_names", "family_name", "born_on", "nationalities",
    "residence_country",
)  # fmt: skip
#: Characters of the longest name that is compared, and years of the oldest person.
LONGEST = 1_000
MOST_YEARS = 150
#: Entries of other names that are compared, until no nearer one is to be expected.
IN_VAIN = 8
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
    gender: str = "",
) -> Party:
    """The side that is asked about."""
    births = (Birth(born_on, born_on),) if born_on else ()
    firm = kind == "organisation"
    told = [name for name in names if name.strip()]
    return Party(
        names=tuple(
            dict.fromkeys(one for name in told for one in spellings(name, organisation=firm))
        ),
        kind=kind,
        births=births,
        countries=frozenset(one for one in countries if one),
        gender=gender,
    )


def check_name(name: str) -> str:
    """
    The name, if there is something in it to compare.

    :raises ValidationError: there is not, or more than any name has
    """
    if len(name) > LONGEST:
        raise ValidationError(
            _("The name cannot be compared: it has more than %(most)d characters.")
            % {"most": LONGEST}
        )
    if not can_be_screened(name):
        raise ValidationError(_("The name cannot be compared: it has fewer than two letters."))
    return name


def check_birth(born_on: date | None, *, today: date | None = None) -> date | None:
    """
    A day of birth that can be one: no day to come, and none of somebody older than anybody was.

    :raises ValidationError: it cannot
    """
    today = today or timezone.localdate()
    if born_on is not None and not today.year - MOST_YEARS <= born_on.year <= today.year:
        raise ValidationError(_("Nobody who lives was born that day."))
    if born_on is not None and born_on > today:
        raise ValidationError(_("Nobody who lives was born that day."))
    return born_on


def check_country(code: str) -> str:
    """
    The code in capitals, if a country has it.

    :raises ValidationError: none has
    """
    if code and code.upper() not in codes():
        raise ValidationError(_("There is no country with the letters %(code)s.") % {"code": code})
    return code.upper()


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
    held = index.part(lists=lists, entries=entries)
    asked = [(position, name) for position, one in enumerate(parties) for name in one.names]
    near = held.near([name for _position, name in asked])
    wanted: list[list[tuple[str, list[int]]]] = [[] for _party in parties]
    for (position, name), numbers in zip(asked, near, strict=True):
        wanted[position].append((name, numbers))
    found = [
        _compared(one, names, held, threshold) for one, names in zip(parties, wanted, strict=True)
    ]
    known = _entries({key for one in found for key, _comparison in one})
    return [
        sorted(
            (Candidate(known[key], comparison) for key, comparison in one if key in known),
            key=lambda each: (-each.score, each.entry.key),
        )[:limit]
        for one in found
    ]


def compare_with(
    *, party: Party, entries: Collection[UUID], threshold: float = THRESHOLD
) -> list[Candidate]:
    """These entries alone, each compared in full, as far as they are in force and reach the threshold."""
    found = []
    for entry in _entries(entries).values():
        names = list(entry.names.all())
        listed = replace(
            index.party_of(entry),
            names=tuple(one.name for one in names),
            weak=frozenset(one.name for one in names if one.weak),
        )
        comparison = compare(party, listed)
        if comparison.score >= threshold:
            found.append(Candidate(entry, comparison))
    return found


def _compared(
    asked: Party, near: Sequence[tuple[str, Sequence[int]]], held: Index, threshold: float
) -> list[tuple[UUID, Comparison]]:
    """
    The entries that reach the threshold, those that look best compared first.

    It ends after so many whose names are others: neither what was found before nor a namesake of
    another age takes the place of what comes.
    """
    rows: dict[int, list[tuple[str, int]]] = {}
    for place in range(max((len(numbers) for _name, numbers in near), default=0)):
        for name, numbers in near:
            if place < len(numbers):
                row = int(held.owners[numbers[place]])
                rows.setdefault(row, []).append((name, numbers[place]))
    found: list[tuple[UUID, Comparison]] = []
    vain = 0
    for row, pairs in rows.items():
        comparison = compare_names(
            asked,
            held.party(row),
            [(name, held.names[number]) for name, number in pairs],
            weak=[held.names[number] for _name, number in pairs if held.weak[number]],
        )
        if comparison.score >= threshold:
            found.append((held.entry(row), comparison))
        vain += comparison.named < threshold
        if vain == IN_VAIN * len(near):
            break
    return found


def _entries(keys: Collection[UUID]) -> dict[UUID, WatchlistEntry]:
    if not keys:
        return {}
    listed = WatchlistEntry.objects.filter(pk__in=keys, removed_in=None)
    return {entry.pk: entry for entry in listed.select_related("watchlist")}


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


def is_screenable(customer: Any) -> bool:
    """Whether a customer's name can be compared with a list."""
    return any(
        len(name) <= LONGEST and can_be_screened(name) for name in customer_party(customer).names
    )


def age_on(born_on: date, day: date | None = None) -> int:
    """Whole years of age; one born on 29 February has a birthday on 1 March."""
    day = day or timezone.localdate()
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
