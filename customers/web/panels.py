"""Pieces of pages that customers bring: tabs of the record, what to do next, the adviser's Home."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import actors, reading
from clm.core.models import Task
from clm.core.registries import Panel, panels
from clm.core.web.charts import Part, bars
from clm.core.web.views import StaffRequest
from clm.core.web.words import number
from customers import reasons, selectors
from customers.lifecycle import OfferState
from customers.models import Channel, ConsentEntry, Customer, Purpose
from customers.web import documents, money, portfolio, privacy


def register() -> None:
    for entry in PANELS:
        panels.register(entry)


def holdings(request: StaffRequest, customer: Customer) -> Mapping[str, Any]:
    """Holdings, what can be had besides, transactions, and accounts at other banks."""
    held = sorted(
        customer.holdings.all(),
        key=lambda one: (one.closed_on is not None, one.closed_on or date.min, one.product.code),
    )
    return {
        "customer": customer,
        "holdings": money.with_maturity(holdings=held, today=timezone.localdate()),
        "may_renew": actors.may(actor=request.user, permission="customers.change_holding"),
        **money.catalogue(customer=customer, actor=request.user),
        **money.transactions(request=request, customer=customer, holdings=held),
        **money.elsewhere(customer=customer, actor=request.user),
    }


def consents(request: StaffRequest, customer: Customer) -> Mapping[str, Any]:
    now = timezone.now()
    channels = [Channel.EMAIL, Channel.PHONE, Channel.SMS, Channel.PUSH, Channel.POST]
    purposes = [Purpose.MARKETING, Purpose.SURVEY, Purpose.PROFILING]
    answers = selectors.contact_answers(
        customer=customer, purposes=purposes, channels=channels, at=now
    )
    return {
        "customer": customer,
        "channels": [channel.label for channel in channels],
        "matrix": [
            (purpose.label, [answers[purpose, channel] for channel in channels])
            for purpose in purposes
        ],
        "standing": selectors.consents_in_force(customer=customer, at=now),
        "ledger": ConsentEntry.objects.filter(customer=customer)
        .select_related("recorded_by")
        .order_by("-at", "-id")[:200],
        "wordings": [
            (one, one.text_in(customer.language)) for one in selectors.wordings_in_force(at=now)
        ],
        "purposes": Purpose.choices,
        "all_channels": Channel.choices,
    }


def churn(request: StaffRequest, customer: Customer) -> Mapping[str, Any] | None:
    """Why the churn risk is what it is; nothing without a score."""
    insight = getattr(customer, "insight", None)
    if insight is None or insight.churn_probability is None or not insight.churn_reasons:
        return None
    told = reasons.told(reasons=insight.churn_reasons[:6])
    # Points are small where the risk is: a bar that says “+0” says nothing.
    places = 0 if max((abs(one.points) for one in told), default=0) >= 3 else 1
    alarming = insight.churn_band == "high"
    chart = bars(
        [
            Part(
                one.told,
                one.points,
                text=("+" if one.points > 0 else "") + number(one.points, places),
                kind="soft" if one.points <= 0 else "bad" if alarming else "data",
            )
            for one in told
        ],
        title=_("What raises and lowers the churn risk"),
        width=302,
        unit=_("Points"),
    )
    return {"insight": insight, "chart": chart}


def offers(request: StaffRequest, customer: Customer) -> Mapping[str, Any] | None:
    """Open offers, each with where it may be made and where not."""
    open_offers = [one for one in customer.offers.all() if one.state == OfferState.OFFERED][:3]
    if not open_offers:
        return None
    channels = (Channel.PHONE, Channel.EMAIL, Channel.MEETING)
    told = selectors.contact_answers(
        customer=customer, purposes=[Purpose.MARKETING], channels=channels, at=timezone.now()
    )
    answers = [(one.label, told[Purpose.MARKETING, one]) for one in channels]
    return {
        "offers": open_offers,
        "allowed": [label for label, answer in answers if answer.allowed],
        "refused": [(label, answer.reason) for label, answer in answers if not answer.allowed],
    }


def tasks(request: StaffRequest, customer: Customer) -> Mapping[str, Any] | None:
    found = _open_tasks(customer)
    return {"tasks": found} if found else None


def _open_tasks(customer: Customer) -> QuerySet[Task]:
    found = Task.objects.filter(record_id=customer.pk, done_at=None).order_by("due_at", "id")
    return reading.shared(customer, "open-tasks", lambda: found[:8])


PANELS = (
    Panel(
        "customers.churn", gettext_lazy("Why this churn risk"), "customer",
        "customers/panel_churn.html", churn, "customers.view_customer", order=60,
    ),
    Panel(
        "customers.offers", gettext_lazy("Open offers"), "customer",
        "customers/panel_offers.html", offers, "customers.view_offer", order=40,
    ),
    Panel(
        "customers.tasks", gettext_lazy("Open tasks"), "customer",
        "customers/panel_tasks.html", tasks, "customers.view_customer", order=80,
        reads=lambda _request, customer: [_open_tasks(customer)],
    ),
    Panel(
        "customers.holdings", gettext_lazy("Holdings"), "customer-tab",
        "customers/tab_holdings.html", holdings, "customers.view_holding", order=10,
        badge=lambda _request, customer: sum(
            one.closed_on is None for one in customer.holdings.all()
        ),
    ),
    Panel(
        "customers.consents", gettext_lazy("Consents"), "customer-tab",
        "customers/tab_consents.html", consents, "customers.view_consententry", order=30,
    ),
    Panel(
        "customers.documents", gettext_lazy("Documents"), "customer-tab",
        "customers/tab_documents.html", documents.tab, "customers.view_document", order=25,
        badge=documents.badge,
    ),
    Panel(
        "customers.privacy", gettext_lazy("Privacy"), "customer-tab",
        "customers/tab_privacy.html", privacy.tab, "customers.give_access", order=90,
    ),
    Panel(
        "customers.portfolio", gettext_lazy("My customers"), "home",
        "customers/home_portfolio.html", portfolio.panel, "customers.view_customer", order=20,
    ),
)  # fmt: skip
