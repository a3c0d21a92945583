"""The proof of one consent on a page that can be printed."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from clm.core import access, actors
from clm.core.web.views import StaffView
from customers import selectors


class ProofView(StaffView):
    """What was agreed to, by which words, when, how, by whom recorded, and where it is written."""

    template_name = "customers/proof.html"
    permission = "customers.view_consententry"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        customer = get_object_or_404(selectors.visible_customers(actor=actor), pk=self.kwargs["pk"])
        entry = get_object_or_404(
            customer.consents.select_related("wording", "recorded_by", "customer"),
            pk=self.kwargs["entry"],
        )
        access.note_read(records=customer)
        now = timezone.now()
        return {
            **super().get_context_data(**kwargs),
            "customer": customer,
            "identifiers": customer.identifiers.defer("ciphertext", "index").order_by("added_at"),
            "entry": entry,
            "proof": selectors.proof(entry=entry, at=now),
            "looked_at": now,
            "may_verify": actors.may(actor=actor, permission="core.verify_audit"),
        }
