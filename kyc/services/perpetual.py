"""Perpetual KYC: what happens to a customer opens or refreshes a case with the checks it concerns."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from clm.core import actors, events, jobs, records
from clm.core.models import Event, Job, User
from customers.models import Customer, Document, PartyKind, Relation, RelationKind
from customers.models.documents import EXPIRING as IDENTITY_PAPERS
from customers.models.documents import DocumentKind
from customers.selectors.duplicates import customer_now
from customers.selectors.relations import holds_on
from kyc import checks, risk
from kyc.lifecycle import AT_WORK
from kyc.models import Case, Check, CheckResult, Trigger
from kyc.rating.selectors import PORTFOLIO, STOCKTAKE, risk_model_in_force
from kyc.rating.subjects import papers_of, subjects
from kyc.services.cases import rescreen_customer
from kyc.services.opening import ask

#: Checks that a change of these fields (or parts) of a customer may turn.
CONCERNED: Mapping[str, tuple[str, ...]] = {
    "born_on": ("age", "identity"),
    "identifiers": ("identity",),
    "nationalities": ("high_risk_country", "tax_residence"),
    "residence_country": ("high_risk_country", "tax_residence"),
    "tax_countries": ("high_risk_country", "tax_residence"),
}
PAPER = "document_validity"
#: Which check waits for a document of a kind.
WAITS_FOR: Mapping[str, str] = {
    **dict.fromkeys(IDENTITY_PAPERS, PAPER),
    DocumentKind.FUNDS: "source_of_funds",
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


def review_after_document(*, event: Event, at: datetime) -> None:
    """
    An identity document runs out within two months, ran out, or was turned down: where the
    customer has no other good one, a case asks for it, due by its last day.
    """
    document = Document.objects.filter(pk=event.record_id, kind__in=IDENTITY_PAPERS).first()
    if document is None:
        return
    customer = Customer.objects.filter(pk=document.customer_id, stage__in=PORTFOLIO).first()
    today = timezone.localdate(at)
    if customer is None or customer.kind != PartyKind.PERSON:
        return
    papers = papers_of(keys=[customer.pk], on=today).get(customer.pk, checks.Papers())
    kind = checks.registered()[PAPER]
    subject = checks.Subject(kind=customer.kind, today=today, papers=papers)
    if kind.run(subject).passed:
        return
    on = document.expires_on
    ask(
        customer=customer,
        trigger=Trigger.DOCUMENT_EXPIRY,
        asked=[PAPER] if customer.kyc_cleared_at else (),
        reason={
            "code": f"document_{event.action}",
            "facts": {"kind": document.kind, "on": on.isoformat() if on else ""},
        },
        cause=event.pk,
        at=at,
    )


def document_accepted(*, event: Event, at: datetime) -> None:
    """A document was accepted that a check waits for: the case checks again."""
    document = Document.objects.filter(pk=event.record_id, kind__in=WAITS_FOR).first()
    if document is None:
        return
    failed = Check.objects.filter(
        case__customer=document.customer_id, case__state__in=AT_WORK,
        kind=WAITS_FOR[document.kind],
        round=F("case__round"), result=CheckResult.FAILED,
    )  # fmt: skip
    for case in Case.objects.filter(pk__in=failed.values("case")).order_by("pk"):
        if events.for_record(case).filter(action="ask_again", cause_id=event.pk).exists():
            continue
        records.note(
            record=case, action="ask_again", actor=actors.system_user(), at=at,
            payload={"trigger": str(Trigger.DOCUMENT_EXPIRY)},
        )  # fmt: skip


def review_after_sleep(*, event: Event, at: datetime) -> None:
    """A dormant customer is back: what may have changed meanwhile is asked again."""
    customer = customer_now(customer_id=event.record_id)
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
