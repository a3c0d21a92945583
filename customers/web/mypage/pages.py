"""The pages of My page that tell: the front page, own data, accounts, relations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clm.core import registries
from clm.core.web.refusals import spread
from clm.core.web.words import dated
from customers import selectors, services
from customers.lifecycle import Stage
from customers.models import Customer
from customers.selectors import mypage
from customers.services.mypage import CORRECTABLE
from customers.web import facts
from customers.web.mypage.base import OwnView
from customers.web.mypage.forms import CorrectionForm

SHOWN = 30


@dataclass(frozen=True)
class Entry:
    """A line of the front page."""

    title: Any
    note: str
    icon: str
    url: str


@dataclass(frozen=True)
class Own:
    """One fact with where it comes from, and the name by which it can be put right."""

    name: str
    label: str
    lines: list[str]
    source: str


def standing(customer: Customer) -> tuple[str, str]:
    """
    Where the customer stands, in words that are theirs: what the bank fears or hopes of them
    (at risk, dormant, declined by whom and why) or is about to end is not among them.
    """
    if customer.stage == Stage.PROSPECT:
        return _("You are not a customer yet"), ""
    if customer.stage == Stage.ONBOARDING:
        return _("We are working on your application"), ""
    if customer.stage in (Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN):
        kept = customer.retention_until
        note = _("We keep what the law asks us to keep until %(day)s.") if kept else ""
        return _("You are not a customer"), note % {"day": _day(kept)} if kept else ""
    since = customer.customer_since
    note = _("Since %(day)s") % {"day": _day(since)} if since else ""
    return _("You are a customer"), note


class HomeView(OwnView):
    """The front page: where one stands, and the way to everything else."""

    template_name = "mypage/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = sorted(registries.own_pages, key=lambda one: one.order)
        entries = [
            Entry(one.title, str(note), one.icon, reverse(f"my:{one.name}"))
            for one in pages
            if (note := one.note(self.customer)) is not None
        ]
        status, since = standing(self.customer)
        return super().get_context_data(entries=entries, status=status, since=since, **kwargs)


class DetailsView(OwnView):
    """What the bank knows of the customer, and from whom."""

    template_name = "mypage/details.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = mypage.corrections(customer=self.customer)
        return super().get_context_data(
            facts=own_facts(self.customer),
            numbers=list(self.customer.identifiers.defer("ciphertext").order_by("added_at", "id")),
            waiting={one.field for one in asked if one.done_at is None},
            corrections=[(one, labels().get(one.field, one.field)) for one in asked],
            **kwargs,
        )


class CorrectionView(OwnView):
    """Say that a value is wrong, and what is right."""

    template_name = "mypage/correction.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = self.kwargs["field"]
        if name not in CORRECTABLE:
            raise Http404
        kwargs.setdefault("form", CorrectionForm())
        return super().get_context_data(
            label=labels()[name],
            facts=[one for one in own_facts(self.customer) if one.name == name],
            **kwargs,
        )

    def post(self, request: Any, field: str) -> HttpResponse:
        form = CorrectionForm(request.POST)
        if not form.is_valid():
            return self.refused(form)
        try:
            services.mypage.ask_correction(
                customer=self.customer,
                field=field,
                says=form.cleaned_data["says"],
                actor=self.request.user,
                at=self.at,
            )
        except ValidationError as error:
            spread(form, error)
            return self.refused(form)
        return HttpResponseRedirect(reverse("my:details") + "#asked")


class AccountsView(OwnView):
    """What the customer has with the bank, and the latest transactions."""

    template_name = "mypage/accounts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = self.customer.holdings.filter(closed_on=None).select_related("product")
        moved = selectors.transactions_of(customer_id=self.customer.pk).select_related(
            "holding__product", "other_account__bank"
        )
        return super().get_context_data(
            holdings=held.order_by("product__category", "opened_on", "id"),
            elsewhere=self.customer.other_accounts.select_related("bank").order_by(
                "bank", "masked"
            ),
            transactions=moved.order_by("-booked_on", "-id")[:SHOWN],
            **kwargs,
        )


class RelationsView(OwnView):
    """Who the customer is to others."""

    template_name = "mypage/relations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            relations=mypage.own_relations(customer=self.customer), **kwargs
        )


def own_facts(customer: Customer) -> list[Own]:
    """The facts that staff see, without what other sources say instead."""
    told = facts.rows(customer=customer)
    found = [Own("name", _("Name"), [customer.display_name], _origin(facts.of_name(customer)))]
    found += [
        Own(one.name, one.label, one.lines, _origin(one)) for one in told if one.name != "name"
    ]
    return found


def labels() -> Mapping[str, str]:
    """What can be put right, in words."""
    return {
        "name": _("Name"),
        "born_on": _("Born"),
        "nationalities": _("Citizen of"),
        "residence_country": _("Lives in"),
        "tax_countries": _("Tax"),
        "occupation": _("Work"),
        "language": _("Language"),
        "address": _("Address"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "other": _("Something else"),
    }


def _origin(fact: facts.Fact) -> str:
    origin = fact.origin
    return f"{origin.source}, {origin.day}" if origin else fact.source


def _day(day: Any) -> str:
    return dated(day, "j F Y")
