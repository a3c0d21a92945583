"""What a customer who has shown who they are may see of themself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from clm.core import crypto
from clm.core.models import Event, Job, Task
from customers.identification import (
    IdentifierKind,
    InvalidIdentifier,
    check_identifier,
    index_purpose,
)
from customers.lifecycle import Stage
from customers.models import Customer, Identifier, PartyKind, Relation

#: Records that are nobody's page: erased, or imported and not released yet.
NO_PAGE = (Stage.ERASED, Stage.UNADMITTED)
CORRECTION = "ask_correction"


@dataclass(frozen=True)
class OwnRelation:
    """A relation from the customer's end; a person at the other end stays unnamed."""

    relation: Relation
    from_me: bool
    company: str


@dataclass(frozen=True)
class Correction:
    """What the customer asked to have put right, and whether somebody has looked at it."""

    field: str
    at: datetime
    done_at: datetime | None


def person_with_number(*, number: str) -> Identifier | None:
    """
    The CPR number of a person the bank knows, found by its blind index and by nothing else.

    A number that was moved by a merge is found at the record that stays.
    """
    try:
        checked = check_identifier(kind=IdentifierKind.CPR, value=number)
    except InvalidIdentifier:
        return None
    index = crypto.blind_index(
        value=checked.value, purpose=index_purpose(kind=checked.kind, country=checked.country)
    )
    found = Identifier.objects.filter(kind=checked.kind, country=checked.country, index=index)
    return found.filter(_has_a_page("customer__")).select_related("customer").first()


def signed_in(*, customer_id: UUID, identifier_id: UUID) -> Customer | None:
    """
    The customer of a session, as long as the number it began with is still theirs.

    After a merge, its undoing, an erasure or a corrected number it may not be: then nobody.
    """
    return (
        Customer.objects.filter(_has_a_page(), pk=customer_id, identifiers__pk=identifier_id)
        .select_related("adviser", "branch")
        .first()
    )


def own_packs(*, customer: Customer) -> QuerySet[Job]:
    """The packs that the customer ordered, newest first."""
    return Job.objects.filter(
        kind="customers.subject_access",
        parameters__customer_id=str(customer.pk),
        parameters__own=True,
    ).order_by("-created_at")


def own_relations(*, customer: Customer) -> list[OwnRelation]:
    """The customer's relations in force; of the other end no more than a company's name."""
    found = (
        Relation.objects.filter(Q(customer=customer) | Q(other=customer), valid_to=None)
        .select_related("customer", "other")
        .order_by("kind", "valid_from", "id")
    )
    return [_seen_from(customer, relation) for relation in found]


def corrections(*, customer: Customer) -> list[Correction]:
    """What the customer asked to have put right, newest first."""
    asked = Event.objects.filter(
        record_type=Customer._meta.label, record_id=customer.pk, action=CORRECTION
    ).order_by("-sequence")[:20]
    done = dict(
        Task.objects.filter(pk__in=[one.payload["task_id"] for one in asked]).values_list(
            "pk", "done_at"
        )
    )
    return [
        Correction(one.payload["field"], one.at, done.get(UUID(one.payload["task_id"])))
        for one in asked
    ]


def _has_a_page(prefix: str = "") -> Q:
    return Q(**{f"{prefix}kind": PartyKind.PERSON, f"{prefix}merged_into": None}) & ~Q(
        **{f"{prefix}stage__in": NO_PAGE}
    )


def _seen_from(customer: Customer, relation: Relation) -> OwnRelation:
    from_me = relation.customer_id == customer.pk
    other = relation.other if from_me else relation.customer
    company = str(other) if other.kind == PartyKind.ORGANISATION else ""
    return OwnRelation(relation, from_me, company)
