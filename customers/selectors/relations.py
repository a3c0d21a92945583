"""Reading relations, and the structure of owners above an organisation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from clm.core.models import User
from customers.law import Law
from customers.models import Customer, PartyKind, Relation, RelationKind
from customers.ownership import Key, Outcome, Stake, Structure, beneficial_owners
from customers.selectors.customers import visible_customers

_ABOVE = """
WITH RECURSIVE above (id) AS (
    SELECT %(target)s::uuid
  UNION
    SELECT step.id FROM above CROSS JOIN LATERAL (
        SELECT customer_id AS id FROM customers_relation
         WHERE other_id = above.id AND kind = 'ownership'
           AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
      UNION ALL
        SELECT other_id FROM customers_relation
         WHERE customer_id = above.id AND kind = 'nominee'
           AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
    ) AS step
)
SELECT id FROM above
"""


@dataclass(frozen=True)
class Above:
    """Everybody above an organisation on a day, its directors, and the rows they come from."""

    target: Customer
    on: date
    structure: Structure
    directors: tuple[UUID, ...]
    relations: tuple[Relation, ...]
    parties: dict[UUID, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """A party as one person may see it: without a name when it is outside their reach."""

    id: UUID
    kind: str
    name: str

    @property
    def known(self) -> bool:
        return bool(self.name)


def holds_on(on: date) -> Q:
    """In force on a day; `valid_to` is the first day on which it is not."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def relations_of(*, customer: Customer, on: date | None = None) -> QuerySet[Relation]:
    """
    Relations in which the customer is either end; those in force on a day, or all that ever were.
    """
    found = Relation.objects.filter(Q(customer=customer) | Q(other=customer))
    # A row left behind by a merge says what the survivor's says already.
    found = found.filter(customer__merged_into=None, other__merged_into=None)
    if on is not None:
        found = found.filter(holds_on(on))
    return found.select_related("customer", "other").order_by("valid_from", "id")


def above(*, customer: Customer, on: date) -> Above:
    """The structure of owners above an organisation on a day, however deep, in four queries."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"target": customer.pk, "on": on})
        ids = [row[0] for row in cursor.fetchall()]
    kinds = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "kind"))
    kinds[customer.pk] = customer.kind
    rows = list(
        Relation.objects.filter(holds_on(on))
        .filter(
            Q(kind=RelationKind.OWNERSHIP, other_id__in=ids)
            | Q(kind=RelationKind.NOMINEE, customer_id__in=ids)
            | Q(kind=RelationKind.DIRECTOR, other=customer)
        )
        .order_by("valid_from", "id")
    )
    stakes: list[Stake] = []
    nominees: dict[Key, list[Key]] = {}
    directors: list[UUID] = []
    for row in rows:
        if row.kind == RelationKind.DIRECTOR:
            directors.append(row.customer_id)
        elif row.customer_id not in kinds or row.other_id not in kinds:
            continue
        elif row.kind == RelationKind.NOMINEE:
            nominees.setdefault(row.customer_id, []).append(row.other_id)
        else:
            stakes.append(_stake(row))
    natural = set(
        Customer.objects.filter(pk__in=directors, kind=PartyKind.PERSON).values_list(
            "pk", flat=True
        )
    )
    persons = {pk for pk, kind in kinds.items() if kind == PartyKind.PERSON}
    return Above(
        target=customer,
        on=on,
        structure=Structure(stakes, persons, nominees),
        directors=tuple(dict.fromkeys(pk for pk in directors if pk in natural)),
        relations=tuple(rows),
        parties={**kinds, **dict.fromkeys(natural, PartyKind.PERSON)},
    )


def owners_under(*, found: Above, law: Law) -> Outcome:
    """The beneficial owners in a structure by a law's rule."""
    return beneficial_owners(
        found.structure, found.target.pk, law.ownership, directors=found.directors
    )


def owned_share(*, company: Customer, on: date) -> Fraction:
    """How much of a company's capital is held on a day, of 1; over 1 the record contradicts itself."""
    total = Relation.objects.filter(
        holds_on(on), kind=RelationKind.OWNERSHIP, other=company, customer__merged_into=None
    ).aggregate(total=Sum("share"))["total"]
    return Fraction(total or 0) / 100


def seen_by(*, actor: User, parties: Iterable[UUID]) -> dict[UUID, Seen]:
    """What somebody may see of each party: kind always, name within reach only."""
    ids = list(dict.fromkeys(parties))
    names = dict(
        visible_customers(actor=actor).filter(pk__in=ids).values_list("pk", "display_name")
    )
    kinds = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "kind"))
    return {pk: Seen(pk, kinds.get(pk, ""), names.get(pk, "")) for pk in ids}


def _stake(row: Relation) -> Stake:
    share = Fraction(row.share or 0) / 100
    votes = share if row.votes is None else Fraction(row.votes) / 100
    return Stake(row.customer_id, row.other_id, share, votes)


def relation_ends(*, relations: Sequence[Relation]) -> set[UUID]:
    """Both ends of each."""
    return {pk for one in relations for pk in (one.customer_id, one.other_id)}
