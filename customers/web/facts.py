"""The facts of a customer as the page shows them, each with where it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core import actors
from clm.core.models import User
from clm.core.web.words import dated
from customers import selectors
from customers.contacts import shown_phone
from customers.countries import country_name
from customers.models import Address, Channel, ContactPoint, Customer, Holding, Purpose
from customers.web.values import Origin, origins

Part = TypeVar("Part", Address, ContactPoint)


@dataclass(frozen=True)
class Fact:
    """A label, its value (several lines), its source for hover and focus, and its plain name."""

    label: str
    lines: list[str]
    source: str = ""
    origin: Origin | None = None
    name: str = "other"


def header(*, customer: Customer, actor: User) -> dict[str, Any]:
    """What stands in the header beside the name."""
    address = next(iter(_in_force(customer.addresses.all())), None)
    pills = []
    calls = selectors.may_contact(
        customer=customer, purpose=Purpose.MARKETING, channel=Channel.PHONE, at=timezone.now()
    )
    if not calls.allowed:
        pills.append((_("No marketing calls"), calls.reason, ""))
    if customer.restriction and selectors.may_see_compliance(actor=actor):
        pills.append((_("Restricted"), customer.restriction, "bad"))
    return {
        "identifiers": customer.identifiers.all(),
        "may_reveal": actors.may(actor=actor, permission="customers.reveal_identifier"),
        "insight": getattr(customer, "insight", None),
        "age": _age(customer),
        "city": address.city if address else "",
        "pills": pills,
    }


def rows(*, customer: Customer) -> list[Fact]:
    """The facts column, empty ones left out."""
    told = _source(customer.source, timezone.localtime(customer.created_at).date())
    known = origins(customer=customer)
    found = [
        Fact(label, [value], told, known.get(field), field)
        for field, label, value in (
            ("born_on", _("Born"), _born(customer)),
            ("nationalities", _("Citizen of"), _countries(customer.nationalities)),
            ("residence_country", _("Lives in"), country_name(customer.residence_country)),
            ("tax_countries", _("Tax"), _countries(customer.tax_countries)),
            ("occupation", _("Work"), customer.occupation),
            ("legal_form", _("Form"), customer.legal_form),
            ("language", _("Language"), str(customer.get_language_display())),
        )
    ]
    names = [known[name] for name in ("given_names", "family_name", "name") if name in known]
    if any(one.rivals for one in names):
        rival = next(one for one in names if one.rivals)
        found.insert(0, Fact(_("Name"), [customer.display_name], told, rival, "name"))
    for address in _in_force(customer.addresses.all()):
        lines = [address.line1, address.line2, f"{address.postal_code} {address.city}".strip()]
        if address.country != "DK":
            lines.append(country_name(address.country))
        source = _source(address.source, address.valid_from)
        origin = known.get("address") if address.kind != address.Kind.POSTAL else None
        shown = [line for line in lines if line]
        found.append(Fact(str(address.get_kind_display()), shown, source, origin, "address"))
    for point in _in_force(customer.contact_points.all()):
        value = shown_phone(point.value) if point.kind == "phone" else point.value
        source = _source(point.source, point.valid_from)
        found.append(Fact(str(point.get_kind_display()), [value], source, name=point.kind))
    return [fact for fact in found if any(fact.lines)]


def of_name(customer: Customer) -> Fact:
    """The name, with where it comes from."""
    known = origins(customer=customer)
    told = _source(customer.source, timezone.localtime(customer.created_at).date())
    origin = known.get("family_name") or known.get("name")
    return Fact(_("Name"), [customer.display_name], told, origin, "name")


def open_holdings(*, customer: Customer, actor: User) -> list[Holding]:
    """The largest holdings that are open."""
    if not actors.may(actor=actor, permission="customers.view_holding"):
        return []
    found = (one for one in customer.holdings.all() if one.closed_on is None)
    return sorted(found, key=lambda holding: abs(holding.balance), reverse=True)[:6]


def _in_force(parts: Iterable[Part]) -> list[Part]:
    return sorted((one for one in parts if one.valid_to is None), key=lambda one: one.kind)


def _born(customer: Customer) -> str:
    if customer.born_on is None:
        return ""
    day = dated(customer.born_on, "j F Y")
    return f"{day}, {customer.birth_place}" if customer.birth_place else day


def _age(customer: Customer) -> str:
    born = customer.born_on
    if born is None:
        return ""
    today = timezone.localdate()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


def _countries(codes: list[str]) -> str:
    return ", ".join(country_name(code) for code in codes)


def source_word(source: str) -> str:
    """Where something comes from as people say it; a name that nobody knows stands as it is."""
    known = {
        "adviser": _("adviser"),
        "branch": _("branch"),
        "core-banking": _("core banking"),
        "customer": _("the customer"),
        "cpr": _("the CPR register"),
        "cvr": _("the CVR register"),
        "import": _("import"),
        "referral": _("referral"),
        "web": _("website"),
    }
    return known.get(source, source)


def _source(source: str, day: Any) -> str:
    shown = dated(day, "j F Y")
    return f"{source_word(source)}, {shown}" if source else shown
