"""Customer 360: who it is, where in the life cycle, what happened, what to do next."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clm.core import access, actors, lifecycle, registries
from clm.core.web import menu
from clm.core.web.transitions import url_of
from clm.core.web.views import StaffMixin, StaffRequest, StaffView
from clm.core.web.views.home import Placed
from customers import selectors, services
from customers.models import Customer
from customers.web import facts, path

A_PAGE = 25


class CustomerView(StaffView):
    """Overview or one tab; the timeline's filter and place stand in the address."""

    template_name = "customers/customer.html"
    permission = "customers.view_customer"
    partials = ("timeline",)

    @cached_property
    def customer(self) -> Customer:
        pk: UUID = self.kwargs["pk"]
        visible = selectors.visible_customers(actor=self.request.user)
        return get_object_or_404(visible.select_related("adviser", "branch", "insight"), pk=pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A record that was merged away leads to the one that it became."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            into = selectors.surviving(customer_id=self.kwargs["pk"])
            visible = selectors.visible_customers(actor=self.request.user)
            if into is None or not visible.filter(pk=into).exists():
                raise
        messages.info(request, _("This record was merged into another, which is shown here."))
        return HttpResponseRedirect(reverse("customers:customer", args=[into]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer, actor = self.customer, self.request.user
        access.note_read(records=customer)
        context = {
            **super().get_context_data(**kwargs),
            "customer": customer,
            **timeline(self.request, customer),
        }
        if self._partial():
            return context
        offers = lifecycle.available(record=customer, actor=actor, at=timezone.now())
        tab, tabs = self._tabs(customer)
        return {
            **context,
            **facts.header(customer=customer, actor=actor),
            "path": path.steps(customer=customer),
            "next_step": path.next_step(customer=customer, offers=offers),
            "tab": tab,
            "tabs": tabs,
            "facts": facts.rows(customer=customer) if tab is None else [],
            "holdings": facts.open_holdings(customer=customer, actor=actor) if tab is None else [],
            "next_panels": placed(self.request, customer, "customer") if tab is None else [],
            "may_change": actors.may(actor=actor, permission="customers.change_customer"),
            "here": url_of(customer),
        }

    def _tabs(self, customer: Customer) -> tuple[Placed | None, list[dict[str, Any]]]:
        wanted = self.request.GET.get("tab", "")
        chosen: Placed | None = None
        address = reverse("customers:customer", args=[customer.pk])
        tabs: list[dict[str, Any]] = [{"label": _("Overview"), "url": address, "count": None}]
        for panel in registries.panels_at("customer-tab"):
            if not menu.may_open(actor=self.request.user, permission=panel.permission):
                continue
            app, _dot, key = panel.name.rpartition(".")
            key = app if key == "customer" else key
            if key == wanted:
                content = panel.context(self.request, customer)
                chosen = Placed(panel, dict(content)) if content is not None else None
            tabs.append(
                {
                    "label": panel.title,
                    "url": f"{address}?tab={key}",
                    "count": panel.badge(self.request, customer) if panel.badge else None,
                    "active": key == wanted and chosen is not None,
                }
            )
        tabs[0]["active"] = chosen is None
        return chosen, tabs


class RevealView(StaffMixin):
    """POST `reason`: the number in clear, in place of its mask, for this once."""

    permission = "customers.reveal_identifier"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, pk: UUID, identifier: UUID) -> HttpResponse:
        customer = get_object_or_404(selectors.visible_customers(actor=request.user), pk=pk)
        found = get_object_or_404(customer.identifiers.select_related("customer"), pk=identifier)
        try:
            number = services.reveal_identifier(
                identifier=found,
                actor=request.user,
                reason=request.POST.get("reason", ""),
                at=timezone.now(),
            )
        except ValidationError as exc:
            error = " ".join(exc.messages)
            return render(
                request,
                "customers/_number.html",
                {"customer": customer, "identifier": found, "error": error},
                status=422,
            )
        if len(number) == 10 and found.kind == "cpr":
            number = f"{number[:6]}-{number[6:]}"
        return render(
            request,
            "customers/_number.html",
            {"customer": customer, "identifier": found, "number": number},
        )


class ConsentView(StaffMixin):
    """
    POST `purpose`, `channel`, `decision`, and for a consent `wording` (`purpose:name`, as the
    wording says what it is about) and `language`: one line for the ledger.
    """

    permission = "customers.record_consent"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        customer = get_object_or_404(selectors.visible_customers(actor=request.user), pk=pk)
        post = request.POST.get
        purpose, _colon, wording = post("wording", "").rpartition(":")
        try:
            services.record_consent(
                customer=customer,
                purpose=post("purpose", "") or purpose,
                channel=post("channel", ""),
                decision=post("decision", ""),
                source=post("source", "").strip() or "adviser",
                wording_version=wording.strip(),
                language=post("language", ""),
                actor=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("The consent is recorded."))
        except (ValidationError, PermissionDenied) as exc:
            messages.error(request, " ".join(getattr(exc, "messages", [str(exc)])))
        return HttpResponseRedirect(
            f"{reverse('customers:customer', args=[customer.pk])}?tab=consents"
        )


def placed(request: StaffRequest, customer: Customer, place: str) -> list[Placed]:
    """The panels of a place that the person may see, in their order, empty ones left out."""
    found = []
    for panel in registries.panels_at(place):
        if menu.may_open(actor=request.user, permission=panel.permission):
            content = panel.context(request, customer)
            if content is not None:
                found.append(Placed(panel, dict(content)))
    return found


def timeline(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    """One page of every app's entries, newest first, by kind."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in {"contact", "money", "system"} else ""
    before = _instant(request.GET.get("before", ""))
    # A kind is chosen after the sources have answered, so they are asked for more.
    limit = A_PAGE + 1 if not kind else A_PAGE * 8
    entries = [
        entry
        for source in registries.timeline_sources
        for entry in source.fetch(
            customer_id=customer.pk, actor=request.user, before=before, limit=limit
        )
        if not kind or entry.kind == kind
    ]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    shown = entries[:A_PAGE]
    return {
        "entries": shown,
        "kind": kind,
        "before": before,
        "earlier": shown[-1].at.isoformat() if len(entries) > A_PAGE else "",
    }


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None
