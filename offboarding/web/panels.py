"""Offboarding's pieces of other pages: Customer 360, Home, timeline, search, the menu's number."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, reading
from clm.core.models import Event, User
from clm.core.registries import SearchResult, TimelineEntry
from customers import selectors as customers
from customers.lifecycle import RELATIONSHIP
from customers.models import Customer
from offboarding import selectors
from offboarding.lifecycle import OPEN_STATES, ClosureState
from offboarding.models import Closure


def badge(request: HttpRequest) -> int | None:
    actor: Any = request.user
    return selectors.waiting_for(actor=actor) or None


def customer(request: HttpRequest, customer: Customer) -> Mapping[str, Any] | None:
    """How the customer's closure stands, or the way to ask for one."""
    actor: Any = request.user
    closure = next(iter(_closures(customer, actor)), None)
    if closure is not None and closure.state == ClosureState.CANCELLED:
        closure = None
    may_ask = customer.stage in RELATIONSHIP and actors.may(
        actor=actor, permission="offboarding.add_closure"
    )
    if closure is None and not may_ask:
        return None
    at = timezone.now()
    facts = selectors.closure_facts(records=[closure], at=at)[closure.pk] if closure else None
    return {"closure": closure, "facts": facts, "customer": customer}


def customer_reads(request: HttpRequest, customer: Customer) -> list[QuerySet[Closure]]:
    actor: Any = request.user
    return [_closures(customer, actor)]


def home(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    """Open closures, the most pressing first; nothing when there are none."""
    actor: Any = request.user
    found = selectors.visible_closures(actor=actor).filter(state__in=OPEN_STATES)
    closures = list(found.order_by("due_at", "id")[:6])
    return {"closures": closures} if closures else None


def search(*, query: str, actor: User, limit: int) -> Sequence[SearchResult]:
    """Closures of the customers whom the query finds."""
    found = customers.search(query=query, actor=actor, limit=limit)
    closures = selectors.visible_closures(actor=actor).filter(
        customer__in=[one.pk for one in found], state__in=OPEN_STATES
    )
    return [
        SearchResult(
            title=str(closure.customer),
            url=reverse("offboarding:closure", args=[closure.pk]),
            subtitle=f"{_('Closure')} · {closure.get_state_display()}",
            icon="door-exit",
        )
        for closure in closures[:limit]
    ]


def closures_of(*, customer: Customer, actor: User, **_span: Any) -> list[QuerySet[Closure]]:
    if not actors.may(actor=actor, permission="offboarding.view_closure"):
        return []
    return [_closures(customer, actor)]


def _closures(customer: Customer, actor: User) -> QuerySet[Closure]:
    """The customer's closures, the latest first; one reading for the panel and the timeline."""
    return reading.shared(
        customer,
        f"closures-{actor.pk}",
        lambda: selectors.closures_of(customer_id=customer.pk, actor=actor),
    )


def tell(*, event: Event, record: Closure, actor: User) -> TimelineEntry | None:
    """The steps of a closure."""
    words = {
        "create": _("Closure requested"),
        "propose": _("Closure sent to a second person"),
        "settle": _("Closure confirmed by a second person"),
        "close": _("Closed"),
        "cancel": _("Closure cancelled: the customer stays"),
        "block": _("Closure blocked"),
        selectors.ASKED_TOO: _("Customer asks to leave as well"),
    }
    if event.action not in words:
        return None
    return TimelineEntry(
        at=event.at,
        title=words[event.action],
        detail=record.get_ground_display() if event.action == "create" else "",
        icon="door-exit",
        who=str(event.actor),
        kind="system",
        url=reverse("offboarding:closure", args=[record.pk]),
        important=event.action in ("create", "close"),
    )
