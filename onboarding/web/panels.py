"""Onboarding's pieces of other pages: Home, Customer 360, timeline, search, the menu's number."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, reading
from clm.core.models import Event, User
from clm.core.registries import SearchResult, TimelineEntry
from customers import selectors as customers
from customers.lifecycle import Stage
from customers.models import Customer
from onboarding import selectors
from onboarding.lifecycle import OPEN_STATES, PENDING_STATES
from onboarding.models import Application


def badge(request: HttpRequest) -> int | None:
    actor: Any = request.user
    return selectors.waiting_for(actor=actor) or None


def home(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    """The most pressing applications and who carries how much."""
    actor: Any = request.user
    decides = actors.may(actor=actor, permission="onboarding.approve_application")
    if not decides and not actors.may(actor=actor, permission="onboarding.submit_application"):
        return None
    view = "review" if decides else "waiting"
    return {
        "applications": list(selectors.queue(actor=actor, view=view)[:6]),
        "view": view,
        "load": selectors.load(actor=actor, at=timezone.now()) if decides else [],
        "mine": selectors.queue(actor=actor, view="mine").count(),
    }


def of_customer(request: HttpRequest, customer: Customer | None) -> Mapping[str, Any] | None:
    """The customer's open applications with what is missing; the way to open one."""
    actor: Any = request.user
    if customer is None:
        return None
    mine = [one for one in _applications(customer, actor) if one.state in OPEN_STATES]
    prefetch_related_objects(mine, "tasks")
    shown = []
    for one in mine:
        one.customer = customer  # with the parts that the page has read
        missing = selectors.missing(views=selectors.steps(application=one))
        pending = one.state in PENDING_STATES
        shown.append({"application": one, "missing": missing, "pending": pending})
    may_open = actors.may(
        actor=actor, permission="onboarding.add_application"
    ) and customer.stage in (Stage.PROSPECT, Stage.ONBOARDING, Stage.ACTIVE)
    if not shown and not may_open:
        return None
    return {"applications": shown, "customer": customer, "may_open": may_open}


def of_customer_reads(request: HttpRequest, customer: Customer) -> list[QuerySet[Application]]:
    actor: Any = request.user
    return [_applications(customer, actor)]


def search(*, query: str, actor: User, limit: int) -> Sequence[SearchResult]:
    """Open applications of the customers that the words find."""
    found = customers.search(query=query, actor=actor, limit=limit)
    applications = selectors.queue(actor=actor).filter(customer__in=found)[:limit]
    return [
        SearchResult(
            title=str(one.customer),
            url=reverse("onboarding:application", args=[one.pk]),
            subtitle=f"{one.product or one.template} · {one.get_state_display()}",
            icon="user-plus",
        )
        for one in applications
    ]


def applications_of(
    *, customer: Customer, actor: User, **_span: Any
) -> list[QuerySet[Application]]:
    if not actors.may(actor=actor, permission="onboarding.view_application"):
        return []
    return [_applications(customer, actor)]


def _applications(customer: Customer, actor: User) -> QuerySet[Application]:
    """The customer's applications, one reading for the panel and the timeline."""
    return reading.shared(
        customer,
        f"applications-{actor.pk}",
        lambda: selectors.of_customer(customer=customer, actor=actor),
    )


def tell(*, event: Event, record: Application, actor: User) -> TimelineEntry | None:
    """The steps of an application."""
    words = event_words()
    if event.action not in words:
        return None
    return TimelineEntry(
        at=event.at,
        title=words[event.action],
        detail=str(record.product or ""),
        icon="user-plus",
        who=str(event.actor),
        url=reverse("onboarding:application", args=[record.pk]),
        important=event.action in ("activate", "decline"),
    )


def event_words() -> dict[str, str]:
    """What an application's events are called, by action."""
    return {
        "create": _("Application opened"),
        "link_made": _("Link made for the customer"),
        "link_revoked": _("Link taken back"),
        "link_opened": _("Customer link opened"),
        "link_returned": _("Customer came back by the link"),
        "link_left": _("Customer goes on later"),
        "identified": _("Customer showed who they are"),
        "link_abandoned": _("Customer stayed away for a day"),
        "question_asked": _("Customer asked a question"),
        "question_answered": _("Customer’s question answered"),
        "submit": _("Application submitted"),
        "begin_verification": _("Verification began"),
        "refer": _("Referred to an officer"),
        "request_information": _("Customer asked for more"),
        "resume": _("Verification resumed"),
        "reopened": _("Tasks opened again"),
        "contest": _("Decision contested"),
        "review": _("Contested decision answered"),
        "approve": _("Application approved"),
        "activate": _("Application activated"),
        "decline": _("Application declined"),
        "withdraw": _("Application withdrawn"),
        "expire": _("Application expired"),
        "welcome_sent": _("Welcome message sent"),
        "welcome_skipped": _("Welcome message left out"),
        "welcome_failed": _("Welcome message could not be sent"),
    }
