"""What two records are compared by, read in bulk or made from what somebody types."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clm.core import crypto
from customers import danish
from customers.models import Address, ContactPoint, Customer, Identifier

#: Words that tell a company's form and nothing of who it is.
LEGAL_FORMS = frozenset(
    {"a", "s", "as", "aps", "amba", "is", "ivs", "ks", "p", "ps", "smba", "fmba", "holding", "ltd",
     "gmbh", "ab", "inc", "llc", "ag", "oy", "bv", "the", "og", "and"}
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """The compared facts of one record, in one spelling each."""

    kind: str
    given: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    born_on: date | None = None
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    #: `(street and number, postal code)`
    addresses: frozenset[tuple[str, str]] = frozenset()
    #: `(kind and country, blind index)`
    identifiers: frozenset[tuple[str, bytes]] = frozenset()
    id: UUID | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return self.given + self.family

    def digest(self) -> bytes:
        """Equal for records that compare equally; tells nothing of them."""
        plain = repr(
            (
                self.kind, self.given, self.family, self.born_on, sorted(self.phones),
                sorted(self.emails), sorted(self.addresses), sorted(self.identifiers),
            )
        )  # fmt: skip
        return crypto.blind_index(value=plain, purpose="customers.match.facts")


def make(
    *,
    kind: str,
    given_names: str = "",
    family_name: str = "",
    name: str = "",
    born_on: date | None = None,
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    addresses: Iterable[Mapping[str, Any]] = (),
    identifiers: Iterable[tuple[str, bytes]] = (),
    customer_id: UUID | None = None,
) -> Facts:
    """Facts from values in the record's own spelling."""
    if kind == "person":
        given, family = tuple(danish.words(given_names)), tuple(danish.words(family_name))
    else:
        words = danish.words(name)
        telling = [word for word in words if word not in LEGAL_FORMS] or words
        given, family = (), tuple(telling)
    return Facts(
        kind=kind,
        given=given,
        family=family,
        born_on=born_on,
        phones=frozenset(phones),
        emails=frozenset(emails),
        addresses=frozenset(place for one in addresses if any(place := _place(one))),
        identifiers=frozenset(identifiers),
        id=customer_id,
    )


def of_customers(ids: Sequence[UUID]) -> dict[UUID, Facts]:
    """The facts of many customers in four statements; merged and erased ones are left out."""
    rows = list(
        Customer.objects.filter(pk__in=ids)
        .exclude(stage="ERASED")
        .values_list("pk", "kind", "given_names", "family_name", "name", "born_on")
    )
    phones: dict[UUID, list[str]] = defaultdict(list)
    emails: dict[UUID, list[str]] = defaultdict(list)
    for pk, kind, value in ContactPoint.objects.filter(
        customer_id__in=ids, valid_to=None
    ).values_list("customer_id", "kind", "value"):
        (emails if kind == "email" else phones)[pk].append(value)
    places: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for pk, line1, postal_code in Address.objects.filter(
        customer_id__in=ids, valid_to=None
    ).values_list("customer_id", "line1", "postal_code"):
        places[pk].append({"line1": line1, "postal_code": postal_code})
    numbers: dict[UUID, list[tuple[str, bytes]]] = defaultdict(list)
    for pk, kind, country, index in Identifier.objects.filter(customer_id__in=ids).values_list(
        "customer_id", "kind", "country", "index"
    ):
        numbers[pk].append((f"{kind}.{country}", bytes(index)))
    return {
        pk: make(
            kind=kind, given_names=given, family_name=family, name=name, born_on=born_on,
            phones=phones[pk], emails=emails[pk], addresses=places[pk], identifiers=numbers[pk],
            customer_id=pk,
        )
        for pk, kind, given, family, name, born_on in rows
    }  # fmt: skip


def _place(address: Mapping[str, Any]) -> tuple[str, str]:
    """Street and house number without floor and door, and the postal code."""
    kept: list[str] = []
    for word in danish.words(str(address.get("line1", ""))):
        kept.append(word)
        if word[0].isdigit():
            break
    return " ".join(kept), "".join(str(address.get("postal_code", "")).split())
