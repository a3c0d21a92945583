"""Retention's pieces of other pages: Customer 360, Home, timeline, search, the menu's number."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from clm.core import actors
from clm.core.models import Event, User
from clm.core.registries import SearchResult, TimelineEntry
from customers import selectors as customers
from customers.models import Customer
from retention import selectors
from retention.lifecycle import OPEN_STATES
from retention.models import SaveCase


def badge(request: HttpRequest) -> int | None:
    actor: Any = request.user
    return selectors.waiting_for(actor=actor) or None


def customer(request: HttpRequest, customer: Customer) -> Mapping[str, Any] | None:
    """The customer's open save case; nothing without one."""
    actor: Any = request.user
    case = selectors.open_case_of(customer_id=customer.pk, actor=actor)
    return {"case": case} if case else None


def home(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    """The most pressing save cases, and what is at stake."""
    actor: Any = request.user
    cases = list(selectors.queue(actor=actor)[:6])
    if not cases:
        return None
    return {"cases": cases, "results": selectors.results(actor=actor)}


def search(*, query: str, actor: User, limit: int) -> Sequence[SearchResult]:
    """Open save cases of the customers whom the query finds."""
    found = customers.search(query=query, actor=actor, limit=limit)
    cases = selectors.visible_cases(actor=actor).filter(
        customer__in=[one.pk for one in found], state__in=OPEN_STATES
    )
    return [
        SearchResult(
            title=str(case.customer),
            url=reverse("retention:case", args=[case.pk]),
            subtitle=f"{_('Save case')} · {case.get_state_display()}",
            icon="lifebuoy",
        )
        for case in cases[:limit]
    ]


def timeline(
    *, customer_id: UUID, actor: User, before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    """The steps of the customer's save cases."""
    if not actors.may(actor=actor, permission="retention.view_savecase"):
        return []
    cases = {
        one.pk: one for one in selectors.visible_cases(actor=actor).filter(customer_id=customer_id)
    }
    words = {
        "create": _("Save case opened"),
        "assign": _("Save case assigned"),
        "contact": _("Spoken with in the save case"),
        "offer": _("Offer made to keep the customer"),
        "save": _("Customer saved"),
        "lose": _("Customer lost"),
        "dismiss": _("Save case was a false alarm"),
    }
    events = Event.objects.filter(record_id__in=list(cases), action__in=list(words))
    if before is not None:
        events = events.filter(at__lt=before)
    found = events.select_related("actor").order_by("-at", "-sequence")[:limit]
    return [_entry(event, words[event.action], cases[event.record_id]) for event in found]


def _entry(event: Event, words: str, case: SaveCase) -> TimelineEntry:
    return TimelineEntry(
        at=event.at,
        title=words,
        detail=case.get_reason_code_display() if event.action == "create" else "",
        icon="lifebuoy",
        who=str(event.actor),
        kind="system",
        url=reverse("retention:case", args=[case.pk]),
        important=event.action in ("save", "lose"),
    )
