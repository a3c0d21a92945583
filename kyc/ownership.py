"""What due diligence asks about who is behind an organisation; kyc adds who of them is listed."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction
from uuid import UUID

from django.conf import settings

from customers import owner_words
from customers import selectors as customers
from customers.law import Law
from customers.models import Customer, PartyKind
from customers.ownership import listed_ownership
from customers.selectors.relations import Above
from kyc.checks import OwnershipFacts
from kyc.models import Hit, HitState


def ownership_facts(*, customer: Customer, on: date) -> OwnershipFacts:
    """Who is behind a customer on a day, by the law of that day."""
    if customer.kind != PartyKind.ORGANISATION:
        return OwnershipFacts()
    law = customers.law_on(country=settings.CLM_COUNTRY, on=on)
    found = customers.above(customer=customer, on=on)
    outcome = customers.owners_under(found=found, law=law)
    unknown = sum((part.high for _key, part in outcome.gaps), Fraction(0))
    true, undecided = _listed(found.parties)
    return OwnershipFacts(
        basis=outcome.basis,
        count=len(outcome.owners) or len(outcome.managers),
        problems=tuple(sorted({one.code for one in outcome.problems})),
        unknown=owner_words.percent(unknown, 2) if law.ownership.interest.met_by(unknown) else "",
        listed=_rules(found, law, true),
        maybe_listed=_rules(found, law, true | undecided),
    )


def _listed(parties: Collection[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Of these customers, those confirmed as listed, and those with a match nobody decided yet."""
    rows = Hit.objects.filter(
        customer_id__in=list(parties), status__in=[HitState.TRUE_MATCH, HitState.OPEN]
    ).values_list("customer_id", "status")
    true = {pk for pk, status in rows if status == HitState.TRUE_MATCH}
    return true, {pk for pk, status in rows if status == HitState.OPEN} - true


def _rules(found: Above, law: Law, listed: Collection[UUID]) -> tuple[str, ...]:
    if not listed:
        return ()
    return tuple(
        rule.name
        for rule in law.sanctions
        if listed_ownership(
            found.structure,
            found.target.pk,
            listed=listed,
            rule=rule,
            control=law.ownership.control,
        ).met
    )
