"""Acquisition's pieces of other pages: Home, timeline, search, the number in the menu."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from acquisition import selectors
from acquisition.lifecycle import OPEN_STATES, LeadState
from acquisition.models import Lead
from clm.core import actors
from clm.core.models import Event, User
from clm.core.registries import SearchResult, TimelineEntry
from customers.models import Customer


def badge(request: HttpRequest) -> int | None:
    actor: Any = request.user
    return selectors.waiting_for(actor=actor) or None


def home(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    """The open leads by state, and the newest that wait for a first contact."""
    actor: Any = request.user
    if not actors.may(actor=actor, permission="acquisition.contact_lead"):
        return None
    columns = selectors.board(actor=actor, limit=3)
    return {
        "columns": [one for one in columns if one.state in OPEN_STATES],
        "newest": next((one.leads for one in columns if one.state == LeadState.NEW), []),
    }


def search(*, query: str, actor: User, limit: int) -> Sequence[SearchResult]:
    """Leads by the beginnings of words in their names, or by their whole e-mail or telephone."""
    found = selectors.matching(leads=selectors.visible_leads(actor=actor), query=query)[:limit]
    return [
        SearchResult(
            title=str(lead),
            url=reverse("acquisition:lead", args=[lead.pk]),
            subtitle=lead.get_state_display(),
            icon="magnet",
        )
        for lead in found
    ]


def leads_of(*, customer: Customer, actor: User, **_span: Any) -> list[QuerySet[Lead]]:
    """The leads that became the customer."""
    if not actors.may(actor=actor, permission="acquisition.view_lead"):
        return []
    return [Lead.objects.filter(customer_id=customer.pk).order_by()]


def tell(*, event: Event, record: Lead, actor: User) -> TimelineEntry | None:
    """How the customer came: the steps of their lead."""
    words = {
        "create": _("Lead captured"),
        "contact": _("Contacted"),
        "qualify": _("Lead qualified"),
        "offer": _("Offer made"),
        "convert": _("Lead converted to customer"),
    }
    if event.action not in words:
        return None
    return TimelineEntry(
        at=event.at,
        title=words[event.action],
        detail=record.get_channel_display() if event.action == "create" else "",
        icon="magnet",
        who=str(event.actor),
        kind="contact" if event.action in ("contact", "offer") else "system",
        url=reverse("acquisition:lead", args=[record.pk]),
        important=event.action == "convert",
    )
