"""Which customers somebody may see, and the facts that guards ask for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from clm.core import actors
from clm.core.models import User
from customers.lifecycle import BatchState, CustomerFacts, Stage
from customers.models import (
    Customer,
    Holding,
    ImportBatch,
    Offer,
    PartyKind,
    RiskLevel,
    SourceRecord,
)

#: What may be known for commercial ends: nothing of risk, restriction or KYC (AMLR art. 76).
COMMERCIAL_FIELDS = (
    "id",
    "kind",
    "display_name",
    "born_on",
    "residence_country",
    "language",
    "stage",
    "stage_since",
    "adviser_id",
    "branch_id",
    "segment",
    "source",
    "customer_since",
    "closed_on",
    "last_transaction_on",
    "created_at",
)


def reach_q(*, actor: User, prefix: str = "") -> Q:
    """
    The condition that keeps rows within the actor's reach: own portfolio, own branch, or all;
    for a customer on My page themself alone.

    :param prefix: the look-up from the row to its customer, such as `"customer__"`
    """
    if (own_id := actors.only_reach(actor)) is not None:
        return Q(**{f"{prefix}pk": own_id})
    reach = actors.reach(actor=actor)
    if reach == "all":
        return Q()
    own = Q(**{f"{prefix}adviser_id": actor.pk})
    if reach == "branch" and actor.branch_id is not None:
        return own | Q(**{f"{prefix}branch_id": actor.branch_id})
    return own


def visible_customers(*, actor: User) -> QuerySet[Customer]:
    """The customers within the actor's reach, erased ones left out."""
    return Customer.objects.filter(reach_q(actor=actor)).exclude(stage=Stage.ERASED)


def narrowed(
    *, customers: QuerySet[Customer], filters: Mapping[str, str], actor: User
) -> QuerySet[Customer]:
    """
    The customers that the filters of a list leave; an unknown value filters nothing.

    :param filters: `stage`, `risk_level`, `kind`, `branch` and `adviser` (ids), and
        `portfolio` (`own` or `branch`)
    """
    known = {"stage": Stage.values, "risk_level": RiskLevel.values, "kind": PartyKind.values}
    for name, values in known.items():
        if filters.get(name) in values:
            customers = customers.filter(**{name: filters[name]})
    for name in ("branch", "adviser"):
        if (key := _uuid(filters.get(name, ""))) is not None:
            customers = customers.filter(**{f"{name}_id": key})
    portfolio = filters.get("portfolio", "")
    if portfolio == "own":
        customers = customers.filter(adviser=actor)
    elif portfolio == "branch" and actor.branch_id:
        customers = customers.filter(branch_id=actor.branch_id)
    return customers


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def may_see_compliance(*, actor: User) -> bool:
    """Whether the actor may know of risk decisions and restrictions as they happen (tipping-off)."""
    return any(
        actors.may(actor=actor, permission=one)
        for one in ("kyc.view_case", "customers.view_restriction")
    )


def visible_holdings(*, actor: User) -> QuerySet[Holding]:
    return Holding.objects.filter(reach_q(actor=actor, prefix="customer__"))


def visible_offers(*, actor: User) -> QuerySet[Offer]:
    return Offer.objects.filter(reach_q(actor=actor, prefix="customer__"))


def visible_batches(*, actor: User) -> QuerySet[ImportBatch]:
    """Import batches: own ones, and all for those who see all customers."""
    if actors.reach(actor=actor) == "all":
        return ImportBatch.objects.all()
    return ImportBatch.objects.filter(job__created_by=actor)


def commercial_view(
    *, customer_ids: Iterable[UUID] | None = None
) -> QuerySet[Customer, dict[str, Any]]:
    """Customers as engagement, retention and analytics may know them; see `COMMERCIAL_FIELDS`."""
    customers = Customer.objects.exclude(stage__in=[Stage.ERASED, Stage.UNADMITTED])
    if customer_ids is not None:
        customers = customers.filter(pk__in=list(customer_ids))
    rows: QuerySet[Customer, dict[str, Any]] = customers.values(*COMMERCIAL_FIELDS)
    return rows


def customer_facts(*, records: Sequence[Customer], at: datetime) -> Mapping[UUID, CustomerFacts]:
    """The facts of the guards for many customers, in at most two queries."""
    ids = [record.pk for record in records]
    today = timezone.localdate(at)
    ending = [record.pk for record in records if record.stage == Stage.OFFBOARDING]
    arriving = [record.pk for record in records if record.stage == Stage.UNADMITTED]
    open_holdings: dict[UUID, int] = {}
    if ending:
        open_holdings = dict(
            Holding.objects.filter(customer_id__in=ending, closed_on=None)
            .values_list("customer_id")
            .annotate(count=Count("pk"))
        )
    released: set[UUID] = set()
    if arriving:
        released = set(
            SourceRecord.objects.filter(
                customer_id__in=arriving, batch__state=BatchState.RELEASED
            ).values_list("customer_id", flat=True)
        )
    return {
        pk: CustomerFacts(
            today=today, open_holdings=open_holdings.get(pk, 0), import_released=pk in released
        )
        for pk in ids
    }
