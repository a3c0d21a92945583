"""Acquisition's pieces of other pages: Home, timeline, search, the number in the menu."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
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


def timeline(
    *, customer_id: UUID, actor: User, before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    """How the customer came: the steps of their lead."""
    if not actors.may(actor=actor, permission="acquisition.view_lead"):
        return []
    leads = {lead.pk: lead for lead in Lead.objects.filter(customer_id=customer_id)}
    if not leads:
        return []
    words = {
        "create": _("Lead captured"),
        "contact": _("Contacted"),
        "qualify": _("Lead qualified"),
        "offer": _("Offer made"),
        "convert": _("Lead converted to customer"),
    }
    younger = Q(at__lt=before) if before else Q()
    events = (
        Event.objects.filter(younger, record_id__in=list(leads), action__in=list(words))
        .select_related("actor")
        .order_by("-at", "-sequence")[:limit]
    )
    return [
        TimelineEntry(
            at=event.at,
            title=words[event.action],
            detail=leads[event.record_id].get_channel_display() if event.action == "create" else "",
            icon="magnet",
            who=str(event.actor),
            kind="contact" if event.action in ("contact", "offer") else "system",
            url=reverse("acquisition:lead", args=[event.record_id]),
            important=event.action == "convert",
        )
        for event in events
    ]
