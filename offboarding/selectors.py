"""Reading closures, their obligations, and the facts that guards ask for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from clm.core.models import Event, User
from customers import selectors as customers
from customers.models import Holding
from offboarding import obligations
from offboarding.lifecycle import OPEN_STATES, ClosureFacts, ClosureState
from offboarding.models import OWN_GROUNDS, Closure, ClosureObligation, ObligationStatus

#: The customer asks to leave while the bank is ending it already.
ASKED_TOO = "ask_to_leave"


@dataclass(frozen=True)
class StateCount:
    state: ClosureState
    count: int


@dataclass(frozen=True)
class ToldClosure:
    """
    A closure as its customer knows it.

    :param due_at: None where the day says when the bank began
    """

    closure: Closure
    asked_at: datetime
    due_at: datetime | None


def visible_closures(*, actor: User) -> QuerySet[Closure]:
    """Closures of customers within the actor's reach."""
    found = Closure.objects.filter(customers.reach_q(actor=actor, prefix="customer__"))
    return found.select_related("customer", "customer__adviser")


def visible_obligations(*, actor: User) -> QuerySet[ClosureObligation]:
    """The obligations of closures within the actor's reach."""
    return ClosureObligation.objects.filter(
        customers.reach_q(actor=actor, prefix="closure__customer__")
    )


def open_closure_of(*, customer_id: UUID, actor: User) -> Closure | None:
    found = visible_closures(actor=actor).filter(customer_id=customer_id)
    return found.filter(state__in=OPEN_STATES).first()


def told_closure_of(*, customer_id: UUID, actor: User) -> ToldClosure | None:
    """
    The open closure that the customer asked for themself.

    What the bank ends is told by the bank, in person and when it may be (tipping-off): until then
    nothing here differs from what every customer sees.
    """
    closure = open_closure_of(customer_id=customer_id, actor=actor)
    if closure is None:
        return None
    if closure.ground in OWN_GROUNDS:
        return ToldClosure(closure, closure.requested_at, closure.due_at)
    asked = Event.objects.filter(
        record_type=Closure._meta.label, record_id=closure.pk, action=ASKED_TOO
    )
    first = asked.order_by("sequence").first()
    return ToldClosure(closure, first.at, None) if first else None


def closures_of(*, customer_id: UUID, actor: User) -> QuerySet[Closure]:
    """One customer's closures, the latest first; the customer is at hand already."""
    found = visible_closures(actor=actor).filter(customer_id=customer_id)
    return found.select_related(None).order_by("-id")


def waiting_for(*, actor: User) -> int:
    """Closures within reach that wait for a person."""
    return (
        visible_closures(actor=actor)
        .filter(state__in=(ClosureState.CHECKING, ClosureState.PENDING_APPROVAL))
        .count()
    )


def counts(*, actor: User) -> list[StateCount]:
    """How many closures stand in each state, in the order of the machine."""
    found = dict(
        visible_closures(actor=actor).order_by().values_list("state").annotate(Count("pk"))
    )
    return [StateCount(state, found.get(str(state), 0)) for state in ClosureState]


def checklist(*, closure: Closure) -> list[ClosureObligation]:
    """The obligations of a closure, open ones first."""
    rows = closure.obligations.select_related("holding", "holding__product", "decided_by")
    return sorted(rows, key=lambda one: (one.status != ObligationStatus.OPEN, str(one.pk)))


def closure_facts(*, records: Sequence[Closure], at: datetime) -> Mapping[UUID, ClosureFacts]:
    """
    How holdings and checklists stand now, for many closures in two queries.

    A holding that is open and not on the list counts as unmet, and so does one whose balance
    is no longer nought: what was checked yesterday is checked again here.
    """
    rows: dict[UUID, dict[UUID, ClosureObligation]] = defaultdict(dict)
    for row in ClosureObligation.objects.filter(closure__in=[one.pk for one in records]):
        rows[row.closure_id][row.holding_id] = row
    holdings: dict[UUID, list[Holding]] = defaultdict(list)
    for holding in Holding.objects.filter(
        customer__in=[one.customer_id for one in records], closed_on=None
    ).select_related("product"):
        holdings[holding.customer_id].append(holding)
    facts = {}
    for closure in records:
        listed, there = rows[closure.pk], holdings[closure.customer_id]
        facts[closure.pk] = ClosureFacts(
            listed=len(listed),
            unmet=sum(not holding_is_free(one, listed.get(one.pk)) for one in there),
            open_holdings=len(there),
        )
    return facts


def holding_is_free(holding: Holding, row: ClosureObligation | None) -> bool:
    """Whether nothing on this holding stands in the way of closing."""
    if row is not None and row.status == ObligationStatus.WAIVED:
        return True
    return obligations.is_met(
        kind=obligations.kind_of(category=holding.product.category, balance=holding.balance),
        balance=holding.balance,
        closed=holding.closed_on is not None,
        confirmed=row is not None and row.confirmed_at is not None,
    )
