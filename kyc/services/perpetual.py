"""Perpetual KYC: what happens to a customer opens or refreshes a case with the checks it concerns."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clm.core import jobs
from clm.core.models import Event, Job, User
from customers.models import Customer, PartyKind, Relation, RelationKind
from customers.selectors.relations import holds_on
from kyc import checks, risk
from kyc.models import Trigger
from kyc.rating.selectors import PORTFOLIO, STOCKTAKE, risk_model_in_force
from kyc.rating.subjects import subjects
from kyc.services.cases import rescreen_customer
from kyc.services.opening import ask

#: Checks that a change of these fields (or parts) of a customer may turn.
CONCERNED: Mapping[str, tuple[str, ...]] = {
    "born_on": ("age", "identity"),
    "identifiers": ("identity",),
    "nationalities": ("high_risk_country",),
    "residence_country": ("high_risk_country",),
    "tax_countries": ("high_risk_country",),
}
OWNERSHIP = ("beneficial_owners", "sanctioned_ownership")
#: Relations by which somebody is behind an organisation.
BEHIND = frozenset({RelationKind.OWNERSHIP, RelationKind.DIRECTOR, RelationKind.NOMINEE})


def customer_changed(*, event: Event, at: datetime) -> None:
    """
    What a change of a customer's record asks of KYC: the lists, the checks that it concerns, and
    who is behind. One reaction, as most changes concern none of them.
    """
    rescreen_customer(event=event, at=at)
    review_after_change(event=event, at=at)
    review_after_ownership(event=event, at=at)


def review_after_change(*, event: Event, at: datetime) -> None:
    """
    A customer of the bank changed: where a check that the change concerns is not passed now, or
    the model rates the risk higher than it stands, a case asks those checks.
    """
    fields = set(event.payload.get("fields", ()))
    concerned = {name for field in fields for name in CONCERNED.get(field, ())}
    if not concerned:
        return
    customer = Customer.objects.filter(pk=event.record_id, stage__in=PORTFOLIO).first()
    if customer is None:
        return
    model = risk_model_in_force()
    today = timezone.localdate(at)
    subject = subjects(customers=[customer], on=today, factors=[model.factors])[customer.pk]
    kinds = checks.for_kind(customer.kind, asked=concerned)
    failed = [kind.name for kind in kinds if not kind.run(subject).passed]
    level = risk.rate(subject=subject, factors=model.factors, levels=model.levels).level
    recorded = customer.risk_level or "low"
    rises = risk.LEVELS.index(level) > risk.LEVELS.index(recorded)
    if not failed and not rises:
        return
    ask(
        customer=customer,
        trigger=Trigger.CUSTOMER_CHANGED,
        asked=[kind.name for kind in kinds],
        reason={"code": "customer_changed", "facts": {"fields": sorted(fields & set(CONCERNED))}},
        cause=event.pk,
        at=at,
    )


def review_after_ownership(*, event: Event, at: datetime) -> None:
    """
    Who is behind an organisation changed: a case on it, and on every organisation of the bank
    that it owns a part of, asks who the owners are and whether they are listed.
    """
    payload = event.payload
    if payload.get("relation_kind") not in BEHIND:
        return
    relation = Relation.objects.filter(pk=payload.get("relation_id")).first()
    if relation is None:
        return
    nominee = relation.kind == RelationKind.NOMINEE
    # Both ends are told; the one that others stand behind is looked at, once.
    if event.record_id != (relation.customer_id if nominee else relation.other_id):
        return
    found = {event.record_id}
    if relation.kind != RelationKind.DIRECTOR:
        found = below(root=event.record_id, on=timezone.localdate(at))
    organisations = Customer.objects.filter(
        pk__in=found, kind=PartyKind.ORGANISATION, stage__in=PORTFOLIO, merged_into=None
    )
    for one in organisations.order_by("pk"):
        ask(
            customer=one,
            trigger=Trigger.OWNERSHIP_CHANGED,
            asked=OWNERSHIP,
            reason={
                "code": "ownership_changed",
                "facts": {"kind": relation.kind, "relation": payload.get("relation", "")},
            },
            cause=event.pk,
            at=at,
        )


def review_after_sleep(*, event: Event, at: datetime) -> None:
    """A dormant customer is back: what may have changed meanwhile is asked again."""
    customer = Customer.objects.get(pk=event.record_id)
    ask(
        customer=customer,
        trigger=Trigger.REACTIVATED,
        asked=("identity", "sanctions", "high_risk_country", *OWNERSHIP),
        reason={"code": "reactivated", "facts": {}},
        cause=event.pk,
        at=at,
    )


def below(*, root: UUID, on: date) -> set[UUID]:
    """A party and everything it owns a part of on a day, however deep; one query a level."""
    found, level = {root}, {root}
    while level:
        owned = Relation.objects.filter(
            holds_on(on), kind=RelationKind.OWNERSHIP, customer_id__in=level
        ).values_list("other_id", flat=True)
        level = set(owned) - found
        found |= level
    return found


def start_stocktake(*, actor: User, at: datetime) -> Job:
    """Go through all files by the rules in force, as a job; one that runs already is it."""
    with transaction.atomic():
        running = Job.objects.filter(kind=STOCKTAKE, state__in=Job.OPEN).order_by("created_at")
        return running.first() or jobs.start(kind=STOCKTAKE, parameters={}, actor=actor, at=at)
