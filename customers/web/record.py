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

from clm.core import access, actors, lifecycle, reading, registries
from clm.core.timeline import Timeline
from clm.core.web import menu
from clm.core.web.transitions import url_of
from clm.core.web.views import StaffMixin, StaffRequest, StaffView
from clm.core.web.views.home import Placed
from customers import selectors, services
from customers.models import Customer
from customers.selectors import golden
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
        customer, request = self.customer, self.request
        access.note_read(records=customer)
        # The parts before anything looks at them: then each is read once.
        parts = selectors.hold_parts(customer=customer)
        if self._partial():
            return super().get_context_data(**kwargs, customer=customer, **self._timeline())
        tab = self._tab()
        tabs = [one for one in registries.panels_at("customer-tab") if self._sees(one)]
        shown = [] if tab else registries.panels_at("customer")
        reading.together(
            *parts,
            *(one for panel in tabs for one in panel.reads(request, customer)),
            *([] if tab else self._story.reads()),
            *([] if tab else golden.Sources(customer=customer).reads()),
            *(
                one
                for panel in shown
                if self._sees(panel)
                for one in panel.reads(request, customer)
            ),
        )
        return {
            **super().get_context_data(**kwargs),
            **self._frame(tab, tabs),
            **(self._overview() if tab is None else {}),
        }

    def _frame(self, tab: Placed | None, tabs: list[registries.Panel]) -> dict[str, Any]:
        """What stands above the overview and above every tab."""
        customer, actor = self.customer, self.request.user
        offers = lifecycle.available(record=customer, actor=actor, at=timezone.now())
        return {
            "customer": customer,
            **facts.header(customer=customer, actor=actor),
            "path": path.steps(customer=customer),
            "next_step": path.next_step(customer=customer, offers=offers),
            "tab": tab,
            "tabs": self._links(tab, tabs),
            "may_change": actors.may(actor=actor, permission="customers.change_customer"),
            "here": url_of(customer),
        }

    def _overview(self) -> dict[str, Any]:
        customer = self.customer
        return {
            **self._timeline(),
            "facts": facts.rows(customer=customer),
            "holdings": facts.open_holdings(customer=customer, actor=self.request.user),
            "next_panels": placed(self.request, customer, "customer"),
        }

    @cached_property
    def _story(self) -> Timeline:
        get = self.request.GET.get
        return Timeline(
            customer=self.customer,
            actor=self.request.user,
            before=_instant(get("before", "")),
            limit=A_PAGE,
            kind=kind if (kind := get("kind", "")) in {"contact", "money", "system"} else "",
        )

    def _timeline(self) -> dict[str, Any]:
        story = self._story
        page = story.page()
        return {
            "entries": page.entries,
            "kind": story.kind,
            "before": story.before,
            "earlier": page.earlier.isoformat() if page.earlier else "",
        }

    def _sees(self, panel: registries.Panel) -> bool:
        return menu.may_open(actor=self.request.user, permission=panel.permission)

    def _tab(self) -> Placed | None:
        """The tab that the address names, where the person may see it."""
        wanted = self.request.GET.get("tab", "")
        for panel in registries.panels_at("customer-tab"):
            if _key(panel) == wanted and self._sees(panel):
                content = panel.context(self.request, self.customer)
                return Placed(panel, dict(content)) if content is not None else None
        return None

    def _links(self, chosen: Placed | None, tabs: list[registries.Panel]) -> list[dict[str, Any]]:
        address = reverse("customers:customer", args=[self.customer.pk])
        overview = {"label": _("Overview"), "url": address, "count": None, "active": chosen is None}
        return [
            overview,
            *(
                {
                    "label": panel.title,
                    "url": f"{address}?tab={_key(panel)}",
                    "count": panel.badge(self.request, self.customer) if panel.badge else None,
                    "active": chosen is not None and chosen.panel is panel,
                }
                for panel in tabs
            ),
        ]


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


def _key(panel: registries.Panel) -> str:
    """What the address calls a tab."""
    app, _dot, key = panel.name.rpartition(".")
    return app if key == "customer" else key


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None
