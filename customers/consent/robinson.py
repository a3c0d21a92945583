"""
Rows of the Robinson list, and which customers they are.

The list is CPR's: natural persons who have refused direct marketing. A row is matched

1. by its CPR number, through the blind index;
2. where no customer holds that number, or the row has none, by name and address: all words of
   the name in the spelling by which customers are filed (`danish.sort_key`: case, accents and
   aa/å do not count, the order of the words does), street and house number (floor and door do
   not count) and postal code, each exactly. A name in one column may be split between given
   and family name at any word. Who holds another CPR number than the row's is not meant.

Two customers of one name at one address are both marked: one letter too few harms nobody.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from clm.core.table_jobs import Fault
from clm.core.tables import Row
from customers import danish
from customers.identification import InvalidIdentifier, check_identifier
from customers.lifecycle import Stage
from customers.models import Customer, Identifier, PartyKind
from customers.services.drafts import index_of
from customers.single_view import facts

ALIASES: dict[str, tuple[str, ...]] = {
    "cpr": ("cpr_number", "cprnr", "cpr-nr", "cpr-nummer", "pnr", "personnummer"),
    "name": ("navn", "adresseringsnavn", "full_name"),
    "given_names": ("fornavn", "fornavne"),
    "family_name": ("efternavn",),
    "address": ("adresse", "line1", "vejadresse"),
    "postal_code": ("postnr", "postnummer", "zip"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One person on the list: number as blind index, name as filing keys, place; what there is."""

    index: bytes | None
    names: tuple[str, ...] = ()
    place: tuple[str, str] | None = None


def enough(names: set[str]) -> bool:
    """Whether a file with these columns can say who is meant."""
    return "cpr" in names or (
        {"address", "postal_code"} <= names and bool({"name", "family_name"} & names)
    )


def understand(row: Row, meaning: Mapping[int, str]) -> Listed | Fault:
    """A row as a person, or what is wrong with it; a fault never says the number."""
    if row.fault:
        return Fault(row.line, "", *row.fault)
    values = {name: " ".join(row.cells[place].split()) for place, name in meaning.items()}
    names, place = _names(values), _place(values)
    number = values.get("cpr", "").replace("-", "")
    if number:
        try:
            # A spreadsheet takes the number for a figure and drops its leading nought.
            checked = check_identifier(kind="cpr", value=number.zfill(10))
        except InvalidIdentifier as exc:
            return Fault(row.line, "cpr", "invalid", str(exc))
        return Listed(index_of(checked), names, place)
    if not names or place is None:
        sentence = _("A row needs a CPR number, or a name with an address and a postal code.")
        return Fault(row.line, "", "incomplete", sentence)
    return Listed(None, names, place)


def match(people: Sequence[Listed]) -> set[UUID]:
    """The customers that these people are, in a handful of statements however many there are."""
    holders = {
        bytes(index): customer_id
        for index, customer_id in Identifier.objects.filter(
            kind="cpr", country="DK", index__in=[one.index for one in people if one.index]
        ).values_list("index", "customer_id")
    }
    found = {holders[one.index] for one in people if one.index in holders}
    rest = [one for one in people if one.place and one.names and one.index not in holders]
    found |= _by_name(rest)
    served = Customer.objects.filter(pk__in=found, kind=PartyKind.PERSON)
    return set(served.exclude(stage=Stage.ERASED).values_list("pk", flat=True))


def _by_name(people: Sequence[Listed]) -> set[UUID]:
    wanted = {name for one in people for name in one.names}
    filed: dict[str, list[UUID]] = defaultdict(list)
    for pk, key in Customer.objects.filter(sort_key__in=wanted).values_list("pk", "sort_key"):
        filed[key].append(pk)
    known = facts.of_customers([pk for held in filed.values() for pk in held])
    return {
        pk
        for one in people
        for name in one.names
        for pk in filed.get(name, ())
        if pk in known
        and one.place in known[pk].addresses
        and (one.index is None or not _has_number(known[pk]))
    }


def _has_number(of: facts.Facts) -> bool:
    return any(kind == "cpr.DK" for kind, _index in of.identifiers)


def _names(values: Mapping[str, str]) -> tuple[str, ...]:
    if family := values.get("family_name"):
        return (_filed(family, values.get("given_names", "")),)
    name = values.get("name", "")
    if "," in name:
        family, _comma, given = name.partition(",")
        return (_filed(family, given),)
    words = name.split()
    splits = range(1, len(words)) if len(words) > 1 else range(len(words))
    return tuple(dict.fromkeys(_filed(" ".join(words[at:]), " ".join(words[:at])) for at in splits))


def _filed(family: str, given: str) -> str:
    return danish.sort_key(f"{family} {given}")[:900]


def _place(values: Mapping[str, str]) -> tuple[str, str] | None:
    line, code = values.get("address", ""), values.get("postal_code", "")
    if not line or not code:
        return None
    made = facts.make(kind=PartyKind.PERSON, addresses=[{"line1": line, "postal_code": code}])
    return next(iter(made.addresses), None)
