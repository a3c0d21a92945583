"""What a customer may ask of their own data: the tab, and the pack."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, jobs
from clm.core.web.views import StaffMixin, StaffRequest
from customers import selectors, services
from customers.models import Customer
from customers.privacy.job import PERMISSION
from customers.privacy.resolver import held_about


def tab(request: StaffRequest, customer: Customer) -> Mapping[str, Any]:
    """What is held, until when and why; and the packs that were made."""
    packs = jobs.visible(actor=request.user).filter(
        kind="customers.subject_access", parameters__customer_id=str(customer.pk)
    )
    return {
        "customer": customer,
        "held": held_about(customer=customer, on=timezone.localdate(), reader=request.user),
        "may_give_access": actors.may(actor=request.user, permission=PERMISSION),
        "packs": packs.select_related("created_by").order_by("-created_at")[:5],
    }


class AccessView(StaffMixin):
    """POST: make the pack; its job shows when it is ready."""

    permission = PERMISSION
    http_method_names = ["post"]

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        visible = selectors.visible_customers(actor=request.user)
        customer = get_object_or_404(visible, pk=pk)
        job = services.start_subject_access(
            customer=customer, actor=request.user, at=timezone.now()
        )
        messages.info(request, _("The pack is being made."))
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))
