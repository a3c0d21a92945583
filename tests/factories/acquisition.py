"""Leads for tests, one trait per state, each reached by walking the real transitions."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from acquisition import services
from acquisition.lifecycle import LeadState
from acquisition.models import Campaign, CaptureForm, Lead
from clm.core import actors, lifecycle
from clm.core.models import Branch
from customers import services as customers
from customers.models import Product

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
_numbers = count(1)

WALKS: dict[str, tuple[str, ...]] = {
    LeadState.NEW: (),
    LeadState.CONTACTED: ("contact",),
    LeadState.QUALIFIED: ("contact", "qualify"),
    LeadState.OFFERED: ("contact", "qualify", "offer"),
    LeadState.CONVERTED: ("contact", "qualify", "convert"),
    LeadState.LOST: ("lose",),
    LeadState.DUPLICATE: ("mark_duplicate",),
}


def product(*, code: str = "loenkonto", at: datetime = NOW, **fields: Any) -> Product:
    """The product of that code, made once."""
    known = Product.objects.filter(code=code).first()
    values: dict[str, Any] = {
        "name_da": "Lønkonto",
        "name_en": "Salary account",
        "category": "account",
        "valid_from": date(2020, 1, 1),
        "customer_kinds": ["person", "organisation"],
        **fields,
    }
    return known or customers.add_product(code=code, actor=actors.system_user(), at=at, **values)


def branch() -> Branch:
    return Branch.objects.get_or_create(code="aarhus", defaults={"name": "Aarhus"})[0]


def campaign(*, at: datetime = NOW, **fields: Any) -> Campaign:
    values: dict[str, Any] = {
        "name": f"Spring {next(_numbers)}",
        "channel": "web",
        "starts_on": date(2026, 1, 1),
        **fields,
    }
    return services.create_campaign(actor=actors.system_user(), at=at, **values)


def capture_form(*, at: datetime = NOW, **fields: Any) -> CaptureForm:
    """An open form of a campaign of its own."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "campaign": fields.pop("campaign", None) or campaign(at=at),
        "code": f"form-{number}",
        "title_da": "Ny studerende",
        "title_en": "New student",
        "branch": branch(),
        "product": product(at=at),
        **fields,
    }
    return services.open_form(actor=actors.system_user(), at=at, **values)


def lead(*, state: str = LeadState.NEW, at: datetime = NOW, **fields: Any) -> Lead:
    """A lead in `state`; `fields` are the lead's own, and `cpr`."""
    number = next(_numbers)
    actor = fields.pop("actor", None) or actors.system_user()
    cpr = fields.pop("cpr", "")
    values: dict[str, Any] = {
        "given_names": "Freja",
        "family_name": f"Holst {number}",
        "email": f"freja{number}@example.dk",
        "channel": "web",
        "product": product(at=at),
        "branch": branch(),
        **fields,
    }
    made = services.create_lead(values=values, cpr=cpr, actor=actor, at=at)
    system = actors.system_user()
    for name in WALKS[state]:
        made = lifecycle.perform(record=made, name=name, actor=system, at=at, reason="test")
    return made
