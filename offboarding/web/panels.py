"""Offboarding's pieces of other pages: Customer 360, Home, timeline, search, the menu's number."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors
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
    closure = selectors.latest_closure_of(customer_id=customer.pk, actor=actor)
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


def timeline(
    *, customer_id: UUID, actor: User, before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    """The steps of the customer's closures."""
    if not actors.may(actor=actor, permission="offboarding.view_closure"):
        return []
    closures = {
        one.pk: one
        for one in selectors.visible_closures(actor=actor).filter(customer_id=customer_id)
    }
    words = {
        "create": _("Closure requested"),
        "propose": _("Closure sent to a second person"),
        "settle": _("Closure confirmed by a second person"),
        "close": _("Closed"),
        "cancel": _("Closure cancelled: the customer stays"),
        "block": _("Closure blocked"),
        selectors.ASKED_TOO: _("Customer asks to leave as well"),
    }
    events = Event.objects.filter(record_id__in=list(closures), action__in=list(words))
    if before is not None:
        events = events.filter(at__lt=before)
    found = events.select_related("actor").order_by("-at", "-sequence")[:limit]
    return [_entry(event, words[event.action], closures[event.record_id]) for event in found]


def _entry(event: Event, words: str, closure: Closure) -> TimelineEntry:
    return TimelineEntry(
        at=event.at,
        title=words,
        detail=closure.get_ground_display() if event.action == "create" else "",
        icon="door-exit",
        who=str(event.actor),
        kind="system",
        url=reverse("offboarding:closure", args=[closure.pk]),
        important=event.action in ("create", "close"),
    )
