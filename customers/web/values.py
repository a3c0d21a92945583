"""Where a value comes from: the disclosure on the record, and the page on which a person decides."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clm.core import access
from clm.core.web.views import StaffRequest, StaffView
from clm.core.web.words import dated
from customers import selectors, services
from customers.models import Customer
from customers.selectors import golden
from customers.single_view.labels import POLICY_LABELS, field_label, system_label, value_label
from customers.single_view.survivorship import FIELDS, Candidate, Choice, same


@dataclass(frozen=True)
class Said:
    """One source's word: what, who, since when."""

    value: str
    source: str
    day: str
    raw: Any = None
    stands: bool = False


@dataclass(frozen=True)
class Origin:
    """A value's source, date and rule, with what other sources say."""

    source: str
    day: str
    policy: str
    rivals: list[Said]
    agreeing: list[str]
    conflict: bool
    url: str


def origins(*, customer: Customer) -> dict[str, Origin]:
    """The origin of each field that a source gives."""
    sources = golden.Sources(customer=customer)
    names = sources.system_names
    found = golden.provenance(customer=customer, rules=sources.rules)
    return {name: _origin(choice, customer, names) for name, choice in found.items()}


class ValueView(StaffView):
    """What each source says of one field; POST `choice` (its number), `comment`: keep or replace."""

    template_name = "customers/value.html"
    permission = "customers.change_customer"

    @cached_property
    def customer(self) -> Customer:
        pk: UUID = self.kwargs["pk"]
        return get_object_or_404(selectors.visible_customers(actor=self.request.user), pk=pk)

    @cached_property
    def choice(self) -> Choice:
        found = golden.provenance(customer=self.customer).get(self.kwargs["field"])
        if self.kwargs["field"] not in FIELDS or found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        access.note_read(records=self.customer)
        field = self.choice.field
        names = golden.system_names()
        return {
            **super().get_context_data(**kwargs),
            "customer": self.customer,
            "label": field_label(field),
            "policy": POLICY_LABELS.get(self.choice.policy, ""),
            "conflict": self.choice.conflict,
            "options": [_said(field, one, names, self.choice) for one in _options(self.choice)],
        }

    def post(self, request: StaffRequest, pk: UUID, field: str) -> HttpResponse:
        options = _options(self.choice)
        number = request.POST.get("decision", "")
        version = request.POST.get("version", "")
        if not number.isdigit() or int(number) >= len(options):
            messages.error(request, _("Choose one of the values."))
            return HttpResponseRedirect(request.path)
        try:
            services.decide_value(
                customer=self.customer,
                field=field,
                value=options[int(number)].value,
                actor=request.user,
                at=timezone.now(),
                reason=request.POST.get("comment", ""),
                version=int(version) if version.isdigit() and len(version) < 10 else None,
            )
        except ValidationError as exc:
            messages.error(request, " ".join(exc.messages))
            return HttpResponseRedirect(request.path)
        messages.success(request, _("The decision is recorded."))
        return HttpResponseRedirect(reverse("customers:customer", args=[pk]))


def _options(choice: Choice) -> list[Candidate]:
    """The value that stands, then each other value once."""
    found: list[Candidate] = [choice.winner]
    for one in choice.rivals:
        if not any(same(one.value, known.value) for known in found):
            found.append(one)
    return found


def _origin(choice: Choice, customer: Customer, names: dict[str, str]) -> Origin:
    return Origin(
        source=system_label(choice.winner.system, names),
        day=_day(choice.winner),
        policy=str(POLICY_LABELS.get(choice.policy, "")),
        rivals=[_said(choice.field, one, names, choice) for one in choice.rivals],
        agreeing=list(dict.fromkeys(system_label(one.system, names) for one in choice.agreeing)),
        conflict=choice.conflict,
        url=reverse("customers:value", args=[customer.pk, choice.field]),
    )


def _said(field: str, one: Candidate, names: dict[str, str], choice: Choice) -> Said:
    return Said(
        value=value_label(field, one.value),
        source=system_label(one.system, names),
        day=_day(one),
        stands=one is choice.winner,
    )


def _day(one: Candidate) -> str:
    return dated(timezone.localtime(one.since).date(), "j F Y")
