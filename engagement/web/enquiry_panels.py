"""Enquiries on other pages: Customer 360, Home, timeline, search, the menu's number."""

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
from engagement import selectors
from engagement.lifecycle import OPEN_STATES
from engagement.models import Enquiry, RootCause
from engagement.selectors.enquiries import HANDLES

SHOWN = 5


def badge(request: HttpRequest) -> int | None:
    actor: Any = request.user
    if not actors.may(actor=actor, permission="engagement.answer_enquiry"):
        return None
    return selectors.waiting_for(actor=actor) or None


def customer(request: HttpRequest, customer: Customer) -> Mapping[str, Any] | None:
    """The customer's open enquiries, and the way to a new one."""
    actor: Any = request.user
    found = [one for one in _enquiries(customer, actor) if one.state in OPEN_STATES]
    may_add = actors.may(actor=actor, permission="engagement.add_enquiry")
    if not found and not may_add:
        return None
    return {"customer": customer, "enquiries": found[:SHOWN], "may_add": may_add}


def customer_reads(request: HttpRequest, customer: Customer) -> list[QuerySet[Enquiry]]:
    actor: Any = request.user
    return [_enquiries(customer, actor)]


def home(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    """What the actor is to answer, the most pressing first; complaints for who handles them."""
    actor: Any = request.user
    complaints = actors.may(actor=actor, permission=HANDLES)
    tab = "complaints" if complaints else "mine"
    found = list(selectors.enquiry_queue(actor=actor, tab=tab).order_by("due_at", "id")[:SHOWN])
    return {"enquiries": found, "tab": tab} if found else None


def search(*, query: str, actor: User, limit: int) -> Sequence[SearchResult]:
    """Open enquiries of the customers whom the query finds."""
    people = customers.search(query=query, actor=actor, limit=limit)
    found = selectors.visible_enquiries(actor=actor).filter(
        customer__in=[one.pk for one in people], state__in=OPEN_STATES
    )
    return [
        SearchResult(
            title=str(one.customer),
            url=reverse("engagement:enquiry", args=[one.pk]),
            subtitle=f"{one.get_kind_display()} · {one.get_state_display()}",
            icon="message-2",
        )
        for one in found[:limit]
    ]


def enquiries_of(*, customer: Customer, actor: User, **_span: Any) -> list[QuerySet[Enquiry]]:
    if not actors.may(actor=actor, permission="engagement.view_enquiry"):
        return []
    return [_enquiries(customer, actor)]


def _enquiries(customer: Customer, actor: User) -> QuerySet[Enquiry]:
    return reading.shared(
        customer,
        f"enquiries-{actor.pk}",
        lambda: selectors.enquiries_of(customer_id=customer.pk, actor=actor),
    )


def tell(*, event: Event, record: Enquiry, actor: User) -> TimelineEntry | None:
    """The steps of an enquiry."""
    words = {
        "create": _("Complaint received") if record.is_complaint else _("Question received"),
        "assign": _("Enquiry taken up"),
        "ask_customer": _("Customer asked"),
        "resume": _("Enquiry gone on with"),
        "answer": _("Customer answered by the bank"),
        "close": _("Enquiry closed"),
        "reopen": _("Enquiry reopened"),
    }
    cause = event.action.removeprefix("complaint_")
    if cause != event.action and cause in RootCause.values:
        title = _("Cause of the complaint: %(cause)s") % {"cause": RootCause(cause).label}
    elif event.action in words:
        title = words[event.action]
    else:
        return None
    return TimelineEntry(
        at=event.at,
        title=title,
        detail=record.subject if event.action == "create" else "",
        icon="message-2",
        who=str(event.actor),
        kind="contact",
        url=reverse("engagement:enquiry", args=[record.pk]),
        important=event.action == "reopen" or (event.action == "create" and record.is_complaint),
    )
