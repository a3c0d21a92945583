"""
Reading save cases.

What is known of the customer comes from the commercial view only: no risk level, restriction
or KYC fact is read here (AMLR art. 76); a test looks at the SQL.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from clm.core.models import User
from customers import reasons as churn
from customers import selectors as customers
from customers.models import CustomerInsight, Offer
from customers.selectors.commercial import with_commercial_customer
from retention.lifecycle import OPEN_STATES, SaveCaseFacts, SaveCaseState
from retention.models import Playbook, Reason, SaveCase


@dataclass
class Column:
    """A state with its cases: the most pressing ones, and how many there are."""

    state: SaveCaseState
    count: int = 0
    cases: list[SaveCase] = field(default_factory=list)


@dataclass(frozen=True)
class Results:
    """How cases ended, and what it cost."""

    open: int
    value_at_stake: Decimal
    unassigned: int
    saved: int
    lost: int


def save_case_facts(*, records: Sequence[SaveCase], at: datetime) -> Mapping[UUID, SaveCaseFacts]:
    """The facts of the guards for many cases, in one query."""
    costs = dict(
        Offer.objects.filter(pk__in=[one.offer_id for one in records if one.offer_id]).values_list(
            "pk", "cost"
        )
    )
    return {
        one.pk: SaveCaseFacts(offer_cost=costs.get(one.offer_id) if one.offer_id else None)
        for one in records
    }


def visible_cases(*, actor: User) -> QuerySet[SaveCase]:
    """Cases of customers within the actor's reach, and those the actor owns."""
    reach = customers.reach_q(actor=actor, prefix="customer__")
    # No condition means everything; joined by "or" Django would drop it.
    found = SaveCase.objects.filter(reach | Q(owner=actor) if reach else reach)
    return with_commercial_customer(queryset=found).select_related("owner", "playbook", "offer")


def cases_of(*, customer_id: UUID, actor: User) -> QuerySet[SaveCase]:
    """One customer's cases, if the actor reaches them; the customer is at hand already."""
    found = visible_cases(actor=actor).filter(customer_id=customer_id)
    return found.defer(None).select_related(None).select_related("owner", "playbook").order_by("pk")


def open_case_of(*, customer_id: UUID, actor: User) -> SaveCase | None:
    """The customer's open case, if the actor reaches it."""
    found = visible_cases(actor=actor).filter(customer_id=customer_id, state__in=OPEN_STATES)
    return found.first()


def queue(*, actor: User) -> QuerySet[SaveCase]:
    """Open cases, the most pressing first."""
    return visible_cases(actor=actor).filter(state__in=OPEN_STATES).order_by("due_at", "id")


def waiting_for(*, actor: User) -> int:
    """Open cases that the actor owns, and those within reach that nobody has taken."""
    found = visible_cases(actor=actor).filter(state__in=OPEN_STATES)
    return found.filter(Q(owner=actor) | Q(state=SaveCaseState.FLAGGED)).count()


def board(*, actor: User, limit: int = 20) -> list[Column]:
    """The open states and the last outcomes as columns."""
    visible = visible_cases(actor=actor)
    counts = dict(visible.order_by().values_list("state").annotate(Count("pk")))
    columns = []
    for state in SaveCaseState:
        order = ("due_at", "id") if state in OPEN_STATES else ("-state_since", "-id")
        columns.append(
            Column(
                state=state,
                count=counts.get(str(state), 0),
                cases=list(visible.filter(state=state).order_by(*order)[:limit]),
            )
        )
    return columns


def results(*, actor: User) -> Results:
    """Figures for the top of the page, from what the actor reaches."""
    visible = visible_cases(actor=actor).order_by()
    is_open = Q(state__in=OPEN_STATES)
    found = visible.aggregate(
        open=Count("pk", filter=is_open),
        value=Sum("value", filter=is_open),
        unassigned=Count("pk", filter=Q(state=SaveCaseState.FLAGGED)),
        saved=Count("pk", filter=Q(state=SaveCaseState.SAVED)),
        lost=Count("pk", filter=Q(state=SaveCaseState.LOST)),
    )
    return Results(
        open=found["open"],
        value_at_stake=found["value"] or Decimal(0),
        unassigned=found["unassigned"],
        saved=found["saved"],
        lost=found["lost"],
    )


def playbook_for(*, reasons: Iterable[Any]) -> Playbook:
    """The playbook of the weightiest reason that one knows; else the general one."""
    playbooks = list(Playbook.objects.all())
    for reason in churn.speaking(reasons=reasons):
        for playbook in playbooks:
            if any(word in reason.code for word in playbook.features):
                return playbook
    return next(one for one in playbooks if one.reason == Reason.OTHER)


def insight_of(*, customer_id: UUID) -> CustomerInsight | None:
    return CustomerInsight.objects.filter(customer_id=customer_id).first()


def due_for_review(*, on: date, limit: int = 500) -> list[SaveCase]:
    """Closed cases whose 30 or 90 days are over and whose outcome nobody has written down."""
    found = SaveCase.objects.filter(
        Q(review_30_on__lte=on, outcome_30="") | Q(review_90_on__lte=on, outcome_90="")
    )
    return list(found.annotate(stage_now=F("customer__stage")).order_by("id")[:limit])
