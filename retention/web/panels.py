"""Retention's pieces of other pages: Customer 360, Home, timeline, search, the menu's number."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from clm.core import actors, reading
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
    open_cases = (one for one in _cases(customer, actor) if one.state in OPEN_STATES)
    case = next(open_cases, None)
    return {"case": case} if case else None


def customer_reads(request: HttpRequest, customer: Customer) -> list[QuerySet[SaveCase]]:
    actor: Any = request.user
    return [_cases(customer, actor)]


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


def cases_of(*, customer: Customer, actor: User, **_span: Any) -> list[QuerySet[SaveCase]]:
    if not actors.may(actor=actor, permission="retention.view_savecase"):
        return []
    return [_cases(customer, actor)]


def _cases(customer: Customer, actor: User) -> QuerySet[SaveCase]:
    """The customer's save cases, one reading for the panel and the timeline."""
    return reading.shared(
        customer,
        f"save-cases-{actor.pk}",
        lambda: selectors.cases_of(customer_id=customer.pk, actor=actor),
    )


def tell(*, event: Event, record: SaveCase, actor: User) -> TimelineEntry | None:
    """The steps of a save case."""
    words = {
        "create": _("Save case opened"),
        "assign": _("Save case assigned"),
        "contact": _("Spoken with in the save case"),
        "offer": _("Offer made to keep the customer"),
        "save": _("Customer saved"),
        "lose": _("Customer lost"),
        "dismiss": _("Save case was a false alarm"),
    }
    if event.action not in words:
        return None
    return TimelineEntry(
        at=event.at,
        title=words[event.action],
        detail=record.get_reason_code_display() if event.action == "create" else "",
        icon="lifebuoy",
        who=str(event.actor),
        kind="system",
        url=reverse("retention:case", args=[record.pk]),
        important=event.action in ("save", "lose"),
    )
