"""What a customer's file has to hold: one line a fact, asked by the levels of the risk model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject


@dataclass(frozen=True, slots=True)
class Requirement:
    """A fact and how it is seen on a `Subject`; `kinds` are the customers it is about."""

    label: Any
    met: Callable[[Subject], bool]
    kinds: tuple[str, ...] = ("person", "organisation")


_PERSON, _ORGANISATION = ("person",), ("organisation",)

#: AMLR art. 22 asks for the first of them; the rest is what deeper due diligence adds.
REQUIREMENTS: dict[str, Requirement] = {
    "identifier": Requirement(_("Identity number"), lambda one: one.has_identifier),
    "born_on": Requirement(_("Date of birth"), lambda one: one.born_on is not None, _PERSON),
    "nationality": Requirement(_("Nationality"), lambda one: bool(one.nationalities), _PERSON),
    "residence": Requirement(_("Country of residence"), lambda one: bool(one.residence_country)),
    "identity_document": Requirement(
        _("Accepted identity document"), lambda one: one.papers.accepted, _PERSON
    ),
    "address": Requirement(_("Address"), lambda one: one.has_address),
    "contact": Requirement(_("E-mail or telephone"), lambda one: one.has_contact),
    "tax_country": Requirement(_("Tax residence"), lambda one: bool(one.tax_countries)),
    "occupation": Requirement(_("Occupation"), lambda one: bool(one.occupation), _PERSON),
    "legal_form": Requirement(_("Legal form"), lambda one: bool(one.legal_form), _ORGANISATION),
    "owners": Requirement(_("Owners or directors"), lambda one: one.has_owners, _ORGANISATION),
}


def missing(*, subject: Subject, asked: list[str]) -> list[str]:
    """Of the facts asked for, those that concern the customer and are not on record."""
    return [
        code
        for code in asked
        if subject.kind in REQUIREMENTS[code].kinds and not REQUIREMENTS[code].met(subject)
    ]
