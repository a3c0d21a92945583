"""Pages of engagement: what passed with customers, who was left alone, a new conversation."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clm.core import access, actors
from clm.core.web.paging import keyset
from clm.core.web.views import StaffFormView, StaffView, safe_next
from customers import selectors as customers
from customers.models import Customer
from engagement import selectors, services
from engagement.models import Channel, Outcome, Purpose
from engagement.web.interaction_forms import InteractionForm
from engagement.web.links import customer_page

QUIET_SHOWN = 12


class IndexView(StaffView):
    """The latest contacts within reach, and the customers whom nobody has spoken with."""

    permission = "engagement.view_interaction"
    template_name = "engagement/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        found = selectors.visible_interactions(actor=actor)
        channel = self.request.GET.get("channel", "")
        outcome = self.request.GET.get("outcome", "")
        if channel in Channel.values:
            found = found.filter(channel=channel)
        if outcome in Outcome.values:
            found = found.filter(outcome=outcome)
        page = keyset(queryset=found, request=self.request, order=("-at", "-id"))
        access.note_read(records=page.items, kind="list")
        quiet = list(selectors.left_alone(actor=actor, at=timezone.now())[: QUIET_SHOWN + 1])
        return super().get_context_data(
            page=page,
            quiet=quiet[:QUIET_SHOWN],
            more_quiet=len(quiet) > QUIET_SHOWN,
            channels=Channel.choices,
            outcomes=Outcome.choices,
            channel=channel,
            outcome=outcome,
            may_add=actors.may(actor=actor, permission="engagement.add_interaction"),
            **kwargs,
        )


class NewInteractionView(StaffFormView):
    """One contact with one customer; from a dialog or as a page of its own."""

    permission = "engagement.add_interaction"
    form_class = InteractionForm
    template_name = "engagement/interaction_form.html"

    prefix = "interaction"

    @cached_property
    def customer(self) -> Customer:
        visible = customers.visible_customers(actor=self.request.user)
        return get_object_or_404(visible, pk=self.kwargs["customer"])

    def get_initial(self) -> dict[str, Any]:
        purpose = self.request.GET.get("purpose", "")
        return {"purpose": purpose} if purpose in Purpose.values else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        access.note_read(records=self.customer)
        back = safe_next(self.request, customer_page(self.customer.pk))
        return super().get_context_data(
            customer=self.customer,
            customer_url=customer_page(self.customer.pk),
            next=back,
            **kwargs,
        )

    def form_valid(self, form: BaseForm) -> HttpResponse:
        values = cast("InteractionForm", form).values()
        try:
            services.record_interaction(
                customer=self.customer, actor=self.request.user, at=timezone.now(), **values
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        messages.success(self.request, _("The conversation is on the record."))
        return HttpResponseRedirect(safe_next(self.request, customer_page(self.customer.pk)))
