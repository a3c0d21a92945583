"""Reading documents: who sees which, which stand for a customer, what is to be known of one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from clm.core.models import Event, EventDetail, User
from customers.document_lifecycle import STANDING, DocumentFacts, DocumentState
from customers.models import Customer, Document
from customers.selectors.customers import reach_q

#: How long before its end a document is said to be expiring: time to have a passport made.
EXPIRING_DAYS = 60


def visible_documents(*, actor: User) -> QuerySet[Document]:
    return Document.objects.filter(reach_q(actor=actor, prefix="customer__"))


def documents_of(*, customer: Customer) -> QuerySet[Document]:
    """The customer's documents, the newest first; `is_elsewhere` where the same file is another's."""
    elsewhere = Document.objects.filter(digest=OuterRef("digest")).exclude(
        customer=OuterRef("customer")
    )
    return (
        Document.objects.filter(customer=customer)
        .annotate(is_elsewhere=Exists(elsewhere))
        .order_by("-created_at", "-id")
    )


def document_facts(*, records: Sequence[Document], at: datetime) -> Mapping[UUID, DocumentFacts]:
    facts = DocumentFacts(today=timezone.localdate(at))
    return {one.pk: facts for one in records}


def standing(*, customer: Customer, kinds: Iterable[str], on: date) -> QuerySet[Document]:
    """What the customer handed in of these kinds and can still be relied upon or looked at."""
    return Document.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=on),
        customer=customer,
        kind__in=list(kinds),
        state__in=STANDING,
    ).order_by("-uploaded_at", "-id")


def asked_again(*, customer: Customer, kinds: Iterable[str]) -> list[tuple[Document, str]]:
    """What the customer is asked for once more, of these kinds, each with why the last was not right."""
    waiting = list(
        Document.objects.filter(
            customer=customer, kind__in=list(kinds), state=DocumentState.REQUESTED
        )
        .exclude(again_of=None)
        .order_by("-created_at", "-id")
    )
    why = rejection_reasons(documents=waiting)
    return [(one, why.get(one.again_of_id, "")) for one in waiting if one.again_of_id]


def rejection_reasons(*, documents: Iterable[Document]) -> dict[UUID, str]:
    """Why documents were rejected, in the officer's words, by document."""
    ids = [one.pk for one in documents if one.state == DocumentState.REJECTED]
    ids += [one.again_of_id for one in documents if one.again_of_id]
    if not ids:
        return {}
    told = Event.objects.filter(
        record_type=Document._meta.label, record_id__in=ids, action="reject"
    ).values_list("pk", "record_id")
    details = dict(
        EventDetail.objects.filter(event_id__in=[pk for pk, _record in told]).values_list(
            "event_id", "content"
        )
    )
    return {record: str(details.get(pk, {}).get("reason", "")) for pk, record in told}


def is_expiring(*, document: Document, on: date) -> bool:
    """Whether an accepted document ends soon."""
    return (
        document.state == DocumentState.ACCEPTED
        and document.expires_on is not None
        and document.expires_on <= on + timedelta(days=EXPIRING_DAYS)
    )
