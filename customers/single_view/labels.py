"""What fields, policies and sources are called on pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.countries import country_name

FIELD_LABELS: dict[str, Any] = {
    "given_names": gettext_lazy("Given names"),
    "family_name": gettext_lazy("Family name"),
    "name": gettext_lazy("Name"),
    "born_on": gettext_lazy("Born on"),
    "birth_place": gettext_lazy("Birth place"),
    "nationalities": gettext_lazy("Nationalities"),
    "residence_country": gettext_lazy("Country of residence"),
    "tax_countries": gettext_lazy("Tax residence"),
    "language": gettext_lazy("Language"),
    "occupation": gettext_lazy("Occupation"),
    "legal_form": gettext_lazy("Legal form"),
    "address": gettext_lazy("Address"),
}
POLICY_LABELS: dict[str, Any] = {
    "trusted": gettext_lazy("Most trusted source"),
    "recent": gettext_lazy("Most recent value"),
    "longest": gettext_lazy("Most complete value"),
    "manual": gettext_lazy("A person’s word first"),
}
_OWN_SYSTEMS: dict[str, Any] = {
    "manual": gettext_lazy("Entered by hand"),
    "api": gettext_lazy("API"),
    "branch": gettext_lazy("Recorded in a branch"),
    "": gettext_lazy("The record itself"),
}
_COUNTRIES = {"nationalities", "tax_countries"}


def field_label(name: str) -> str:
    return str(FIELD_LABELS.get(name, name))


def system_label(code: str, names: Mapping[str, str]) -> str:
    """A source system as people know it."""
    named = names.get(code)
    if named and named != code:
        return named
    return str(_OWN_SYSTEMS.get(code, code))


def value_label(name: str, value: Any) -> str:
    """A plain value of a field as the page writes it."""
    if value in (None, "", [], {}):
        return "–"
    if name == "born_on":
        return formats.date_format(date.fromisoformat(str(value)), "j F Y")
    if name in _COUNTRIES:
        return ", ".join(country_name(code) for code in value)
    if name == "residence_country":
        return country_name(str(value))
    if name == "language":
        return {"da": _("Danish"), "en": _("English")}.get(str(value), str(value))
    if isinstance(value, Mapping):
        town = f"{value.get('postal_code', '')} {value.get('city', '')}".strip()
        parts = [value.get("line1"), value.get("line2"), town]
        return ", ".join(str(part) for part in parts if part)
    return str(value)
