"""Pairs that may be one customer, and who a new record may be already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from clm.core.models import User
from customers.models import Customer, CustomerMerge, DuplicatePair, MatchKey
from customers.selectors.customers import reach_q
from customers.single_view import facts as compared
from customers.single_view import keys, score
from customers.single_view.facts import Facts
from customers.single_view.lifecycle import UNDECIDED, PairFacts
from customers.single_view.score import THRESHOLD, Score

#: Records looked at under one key; a key with more is too common to tell anything.
LOOKED_AT = 200


@dataclass(frozen=True)
class Possible:
    """A customer whom a record may be, with the score and its reasons."""

    customer: Customer
    score: Score


def visible_pairs(*, actor: User) -> QuerySet[DuplicatePair]:
    """Pairs of which the actor reaches both records, neither merged elsewhere."""
    apart = Q(first__merged_into=None, second__merged_into=None)
    both = reach_q(actor=actor, prefix="first__") & reach_q(actor=actor, prefix="second__")
    return DuplicatePair.objects.filter(both).filter(apart | ~Q(state__in=UNDECIDED))


def waiting_pairs(*, actor: User) -> QuerySet[DuplicatePair]:
    """What somebody is to decide, the likeliest first."""
    return visible_pairs(actor=actor).filter(state__in=UNDECIDED).order_by("-score", "id")


def visible_merges(*, actor: User) -> QuerySet[CustomerMerge]:
    """Merges whose surviving record the actor reaches."""
    return CustomerMerge.objects.filter(reach_q(actor=actor, prefix="survivor__"))


def pair_facts(*, records: Sequence[DuplicatePair], at: datetime) -> Mapping[UUID, PairFacts]:
    """Whether the two records of each pair are one, in one query."""
    ids = {pk for pair in records for pk in (pair.first_id, pair.second_id)}
    into = dict(Customer.everyone.filter(pk__in=ids).values_list("pk", "merged_into_id"))
    return {
        pair.pk: PairFacts(
            merged=into.get(pair.first_id) == pair.second_id
            or into.get(pair.second_id) == pair.first_id
        )
        for pair in records
    }


def surviving(*, customer_id: UUID) -> UUID | None:
    """The record that a merged one became, at the end of the chain; None when it is not merged."""
    into = Customer.everyone.filter(pk=customer_id).values_list("merged_into_id", flat=True).first()
    found = None
    while into is not None:
        found = into
        into = Customer.everyone.filter(pk=into).values_list("merged_into_id", flat=True).first()
    return found


def customer_now(*, customer_id: UUID) -> Customer:
    """
    The customer whose record this is; where it was merged, the one that it became.

    :raises Customer.DoesNotExist: there never was such a record
    """
    found = Customer.objects.filter(pk=customer_id).first()
    return found or Customer.objects.get(pk=surviving(customer_id=customer_id) or customer_id)


def merged_records(*, customer_id: UUID) -> list[UUID]:
    """The records merged into this one, and those merged into them."""
    found: list[UUID] = []
    front = [customer_id]
    while front:
        front = list(Customer.everyone.filter(merged_into__in=front).values_list("pk", flat=True))
        found += front
    return found


def records_of(*, customer: Customer) -> list[UUID]:
    """The customer's record, and those that were merged into it."""
    return [customer.pk, *merged_records(customer_id=customer.pk)]


def possible_duplicates(
    *, facts: Facts, threshold: int = THRESHOLD, limit: int = 10
) -> list[Possible]:
    """
    Customers that this record may be, the likeliest first, whoever may see them.

    Ask before a second record is born: `facts` are made by `customers.single_view.facts.make`,
    or of a customer by `of_customers`. A look-up by key; the number of customers does not count.
    """
    wanted = keys.keys(facts)
    ids: set[UUID] = set()
    for kind, key in wanted:
        met = MatchKey.objects.filter(kind=kind, key=key)
        if facts.id is not None:
            met = met.exclude(customer_id=facts.id)
        ids |= set(met.values_list("customer_id", flat=True)[:LOOKED_AT])
    others = compared.of_customers(list(ids))
    scored = [
        (score.compare(facts, other), pk)
        for pk, other in others.items()
        if other.kind == facts.kind
    ]
    best = sorted(
        ((found, pk) for found, pk in scored if found.points >= threshold),
        key=lambda one: (-one[0].points, one[1]),
    )[:limit]
    customers = Customer.objects.in_bulk([pk for _found, pk in best])
    return [Possible(customers[pk], found) for found, pk in best if pk in customers]


def facts_of(*, customer: Customer) -> Facts | None:
    """A customer's compared facts as they are now."""
    return compared.of_customers([customer.pk]).get(customer.pk)


def as_reasons(found: Score) -> list[dict[str, Any]]:
    """The score's parts as they are stored and answered."""
    return [
        {"feature": one.feature, "state": one.state, "points": one.points} for one in found.reasons
    ]
