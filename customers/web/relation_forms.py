"""The forms of the tab “Relations”: record one, end one."""

from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from clm.core.web.views import StaffMixin, StaffRequest
from customers import selectors, services
from customers.models import Customer


class _Form(StaffMixin):
    """A form of the tab: done or refused with a message, back on the tab."""

    http_method_names = ["post"]

    def customer(self, request: StaffRequest, pk: UUID) -> Customer:
        return get_object_or_404(selectors.visible_customers(actor=request.user), pk=pk)

    def back(self, customer: Customer) -> HttpResponse:
        address = reverse("customers:customer", args=[customer.pk])
        return HttpResponseRedirect(f"{address}?tab=relations")


class AddRelationView(_Form):
    """POST `kind`, `other` (a name or number that fits one customer), `share`, `votes`, `valid_from`."""

    permission = "customers.add_relation"

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        customer = self.customer(request, pk)
        post = request.POST
        try:
            other = _one(request, post.get("other", ""))
            kind, _sep, end = post.get("kind", "").partition(":")
            ends = (customer, other) if end == "of" else (other, customer)
            services.add_relation(
                kind=kind,
                customer=ends[0],
                other=ends[1],
                share=_number(post.get("share", "")),
                votes=_number(post.get("votes", "")),
                valid_from=parse_date(post.get("valid_from", "")),
                source=post.get("source", "").strip()[:60] or "adviser",
                actor=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("The relation is recorded."))
        except (ValidationError, PermissionDenied, ValueError) as exc:
            messages.error(request, " ".join(getattr(exc, "messages", [str(exc)])))
        return self.back(customer)


class EndRelationView(_Form):
    """POST `on`: the relation no longer holds from that day."""

    permission = "customers.change_relation"

    def post(self, request: StaffRequest, pk: UUID, relation: UUID) -> HttpResponse:
        customer = self.customer(request, pk)
        found = get_object_or_404(selectors.relations_of(customer=customer), pk=relation)
        try:
            services.end_relation(
                relation=found,
                on=parse_date(request.POST.get("on", "")) or timezone.localdate(),
                actor=request.user,
                at=timezone.now(),
                reason=request.POST.get("reason", "").strip(),
            )
            messages.success(request, _("The relation has ended."))
        except (ValidationError, PermissionDenied, ValueError) as exc:
            messages.error(request, " ".join(getattr(exc, "messages", [str(exc)])))
        return self.back(customer)


def _one(request: StaffRequest, query: str) -> Customer:
    """The one customer within reach that fits what was typed."""
    found = selectors.search(query=query, actor=request.user, limit=2)
    if not found:
        raise ValidationError(
            _("No customer within your reach fits “%(query)s”.") % {"query": query}
        )
    if len(found) > 1:
        raise ValidationError(
            _("Several customers fit “%(query)s”; give the CPR or CVR number.") % {"query": query}
        )
    return found[0]


def _number(text: str) -> Decimal | None:
    text = text.strip().removesuffix("%").strip().replace(",", ".")
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValidationError(_("“%(text)s” is no percentage.") % {"text": text}) from None
