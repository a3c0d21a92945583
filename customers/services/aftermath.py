"""What follows from a customer's own events; wired in clm/reactions.py, each safe to run twice."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from clm.core import actors, records
from clm.core.models import Event
from customers.lifecycle import ENDED, RELATIONSHIP, Stage
from customers.models import Customer, PartyKind, Relation
from customers.models.relations import OF_ORGANISATIONS
from customers.selectors.duplicates import customer_now, records_of
from customers.services import erasure
from customers.services.documents import drop_documents
from customers.services.forgetting import BLANK, PARTS, blank, forget_merged
from customers.services.stages import retention_end


def note_customer_since(*, event: Event, at: datetime) -> None:
    """After `activate`: the relationship began on that day, unless an earlier one is known."""
    customer = customer_now(customer_id=event.record_id)
    if customer.customer_since is None and customer.stage in RELATIONSHIP:
        records.change(
            record=customer,
            changes={"customer_since": event.at.date()},
            actor=actors.system_user(),
            at=at,
        )


def keep_until(*, event: Event, at: datetime) -> None:
    """After `decline` and `withdraw`: set until when the record is kept."""
    customer = customer_now(customer_id=event.record_id)
    if customer.stage in ENDED and customer.retention_until is None:
        records.change(
            record=customer,
            changes={
                "retention_until": retention_end(stage=customer.stage, ended_on=event.at.date())
            },
            actor=actors.system_user(),
            at=at,
        )


def begin_anew(*, event: Event, at: datetime) -> None:
    """After `win_back`: the old end and the old clearance count no more."""
    customer = Customer.objects.filter(pk=event.record_id).first()
    if customer is not None and customer.stage == Stage.PROSPECT:
        records.change(
            record=customer,
            changes={
                "closed_on": None,
                "retention_until": None,
                "kyc_cleared_at": None,
                "kyc_review_on": None,
            },
            actor=actors.system_user(),
            at=at,
        )


def _forget_relations(customer: Customer) -> None:
    """Nobody's family and powers are left; a stake stays in the file of the company, nameless."""
    about = records_of(customer=customer)
    found = Relation.objects.filter(Q(customer__in=about) | Q(other__in=about))
    if customer.kind == PartyKind.PERSON:
        found = found.exclude(kind__in=OF_ORGANISATIONS)
    found.delete()


def wipe_personal_data(*, event: Event, at: datetime) -> None:
    """After `erase`: names, contacts, addresses and identifiers go; the bare record stays."""
    with transaction.atomic():
        customer = Customer.objects.select_for_update().get(pk=event.record_id)
        if customer.stage != Stage.ERASED:
            return
        for model in PARTS:
            model.objects.filter(customer=customer).delete()
        records_of = erasure.blank_registered(customer=customer)
        merged = forget_merged(customer=customer, at=at)
        records_of += merged
        erasure.drop_packs(customer_ids=[customer.pk, *merged])
        drop_documents(customer_ids=[customer.pk, *merged])
        _forget_relations(customer)
        blank(customer=customer, at=at)
        records.note(
            record=customer, action="wipe", actor=actors.system_user(), at=at,
            payload={"fields": sorted(BLANK)},
        )  # fmt: skip
        erasure.erase_words(record_ids=[customer.pk, *records_of])
