"""Reading contacts with customers, and who was left alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from clm.core.models import User
from customers import reasons as churn
from customers import selectors as customers
from customers.lifecycle import RELATIONSHIP, Stage
from customers.models import CustomerInsight
from customers.selectors.commercial import with_commercial_customer
from engagement.models import Interaction, Outcome

#: Without a conversation for so long a customer counts as left alone.
QUIET_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Needing:
    """A customer who needs the adviser, and why."""

    customer_id: UUID
    name: str
    stage: str
    last_contact_at: datetime | None
    churn: float | None
    churn_band: str
    reasons: tuple[str, ...]


def visible_interactions(*, actor: User) -> QuerySet[Interaction]:
    """Contacts with customers within the actor's reach."""
    found = Interaction.objects.filter(customers.reach_q(actor=actor, prefix="customer__"))
    return with_commercial_customer(queryset=found).select_related("by")


def of_customer(
    *, customer_id: UUID, actor: User, before: datetime | None = None, limit: int = 50
) -> QuerySet[Interaction]:
    """One customer's contacts older than `before`, newest first; the customer is at hand already."""
    found = Interaction.objects.filter(customers.reach_q(actor=actor, prefix="customer__"))
    found = found.filter(customer_id=customer_id).select_related("by")
    if before is not None:
        found = found.filter(at__lt=before)
    return found.order_by("-at", "-id")[:limit]


def left_alone(*, actor: User, at: datetime) -> QuerySet[Any, dict[str, Any]]:
    """
    Customers whom nobody has spoken with for a year, within reach; the longest first.

    Each with `last_contact_at`, None where there never was one. Who has just become a
    customer is not left alone.
    """
    border = at - QUIET_AFTER
    spoken = Interaction.objects.filter(customer_id=OuterRef("id")).exclude(
        outcome=Outcome.NOT_REACHED
    )
    return (
        customers.commercial_view()
        .filter(customers.reach_q(actor=actor), stage__in=RELATIONSHIP)
        .filter(Q(customer_since__isnull=True) | Q(customer_since__lt=border.date()))
        .filter(~Exists(spoken.filter(at__gte=border)))
        .annotate(last_contact_at=Subquery(spoken.order_by("-at").values("at")[:1]))
        .order_by(F("last_contact_at").asc(nulls_first=True), "display_name", "id")
    )


def needing_adviser(*, actor: User, at: datetime, limit: int = 6) -> list[Needing]:
    """The actor's own customers at risk, then those nobody has spoken with for a year."""
    at_risk = list(
        customers.commercial_view()
        .filter(adviser_id=actor.pk, stage=Stage.AT_RISK)
        .annotate(churn=F("insight__churn_probability"))
        .order_by(F("churn").desc(nulls_last=True), "id")[:limit]
    )
    quiet = list(
        left_alone(actor=actor, at=at)
        .filter(adviser_id=actor.pk)
        .exclude(stage=Stage.AT_RISK)[: max(limit - len(at_risk), 0)]
    )
    rows = [*at_risk, *quiet]
    ids = [row["id"] for row in rows]
    insights = {one.customer_id: one for one in CustomerInsight.objects.filter(customer__in=ids)}
    contacts = last_contacts(customer_ids=ids)
    return [_needing(row, insights.get(row["id"]), contacts.get(row["id"])) for row in rows]


def last_contacts(*, customer_ids: list[UUID]) -> dict[UUID, datetime]:
    """When each was last spoken with; who never was is not in it."""
    rows = (
        Interaction.objects.filter(customer_id__in=customer_ids)
        .exclude(outcome=Outcome.NOT_REACHED)
        .order_by("customer_id", "-at")
        .distinct("customer_id")
        .values_list("customer_id", "at")
    )
    return dict(rows)


def reason_words(reasons: Any, count: int = 2) -> tuple[str, ...]:
    """The weightiest reasons of a score that speak for leaving, in words."""
    return tuple(one.told for one in churn.speaking(reasons=reasons)[:count])


def _needing(
    row: dict[str, Any], insight: CustomerInsight | None, last_contact_at: datetime | None
) -> Needing:
    return Needing(
        customer_id=row["id"],
        name=row["display_name"],
        stage=row["stage"],
        last_contact_at=last_contact_at,
        churn=insight.churn_probability if insight else None,
        churn_band=insight.churn_band if insight else "",
        reasons=reason_words(insight.churn_reasons) if insight else (),
    )
