"""The kinds of customers that have a template of their own, and which one fits whom."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

ADULT = 18
#: Legal forms as they are written in the Danish company register and its abbreviations.
_SOLE_TRADER = ("enkeltmandsvirksomhed", "personligt ejet", "sole trader", "pmv")
_ASSOCIATION = ("forening", "association", "f.m.b.a", "fmba", "klub")


class TemplateKind(models.TextChoices):
    PRIVATE_PERSON = "private_person", _("Private person")
    YOUNG_PERSON = "young_person", _("Young person with guardian")
    SOLE_TRADER = "sole_trader", _("Sole trader")
    LIMITED_COMPANY = "limited_company", _("Limited company")
    START_UP = "start_up", _("Start-up")
    ASSOCIATION = "association", _("Association")


#: The kinds that a party of a kind may be asked as.
KINDS_OF_PARTY: dict[str, tuple[TemplateKind, ...]] = {
    "person": (TemplateKind.PRIVATE_PERSON, TemplateKind.YOUNG_PERSON, TemplateKind.SOLE_TRADER),
    "organisation": (
        TemplateKind.LIMITED_COMPANY,
        TemplateKind.START_UP,
        TemplateKind.ASSOCIATION,
        TemplateKind.SOLE_TRADER,
    ),
}


def fitting_kind(*, party: str, born_on: date | None, legal_form: str, on: date) -> TemplateKind:
    """
    What a customer is asked as unless somebody says otherwise: a minor with a guardian, a business
    by its legal form. That one is a start-up is said by whoever opens the application.
    """
    form = legal_form.strip().lower()
    if party == "person":
        minor = born_on is not None and age(born_on=born_on, on=on) < ADULT
        return TemplateKind.YOUNG_PERSON if minor else TemplateKind.PRIVATE_PERSON
    if form.startswith(_SOLE_TRADER):
        return TemplateKind.SOLE_TRADER
    if any(word in form for word in _ASSOCIATION):
        return TemplateKind.ASSOCIATION
    return TemplateKind.LIMITED_COMPANY


def age(*, born_on: date, on: date) -> int:
    """Full years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
