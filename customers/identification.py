"""Kinds of identifier: how each is normalised, checked and shown. Pure functions; nothing is stored here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import lei
from stdnum.dk import cpr, cvr
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.util import get_cc_module

HIDDEN = "•"
_TEN_DIGITS = re.compile("[0-9]{10}")


class IdentifierKind(models.TextChoices):
    CPR = "cpr", gettext_lazy("CPR number")
    CVR = "cvr", gettext_lazy("CVR number")
    LEI = "lei", gettext_lazy("LEI code")
    PASSPORT = "passport", gettext_lazy("Passport number")
    ID_CARD = "id_card", gettext_lazy("Identity card number")
    NATIONAL = "national", gettext_lazy("Foreign personal number")
    TAX = "tax", gettext_lazy("Foreign tax number")
    COMPANY = "company", gettext_lazy("Foreign company number")


_KINDS = frozenset(IdentifierKind.values)


class InvalidIdentifier(ValueError):
    """An identifier is not well formed; the message never repeats it, so that it is fit for logs and screens."""


@dataclass(frozen=True)
class CheckedIdentifier:
    """A normalised identifier; only `masked` may be shown."""

    kind: str
    country: str
    value: str
    masked: str


def check_identifier(*, kind: str, value: str, country: str = "DK") -> CheckedIdentifier:
    """
    Normalise and check an identifier.

    CPR: format and date of birth only; modulus 11 has not been enforced since 2007 (CPR-kontoret).
    CVR and LEI (ISO 17442): check digits. Foreign personal numbers: by their country's rule where one is known.

    :raises InvalidIdentifier: with a sentence that does not repeat the value
    """
    if kind not in _KINDS:
        raise InvalidIdentifier(_("This kind of identifier is not known."))
    country = country.upper() if kind not in ("cpr", "cvr", "lei") else _home(kind)
    if kind != "lei" and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise InvalidIdentifier(_("The country must be given by its two letters."))
    normalised = _CHECKS.get(kind, _check_document)(value, country)
    return CheckedIdentifier(kind, country, normalised, mask(kind=kind, value=normalised))


def mask(*, kind: str, value: str) -> str:
    """What may stand on a screen: CPR keeps its birth date (120384-••••), companies' public numbers stay whole."""
    if kind == "cpr":
        return f"{value[:6]}-{HIDDEN * 4}"
    if kind in ("cvr", "lei"):
        return value
    return HIDDEN * max(len(value) - 3, 4) + value[-3:] if len(value) > 5 else HIDDEN * 6


def born_on_of_cpr(value: str) -> date | None:
    """The birth date that a normalised CPR number carries (with its century from the seventh digit)."""
    # Administrative numbers (erstatnings-CPR) add 60 to the day.
    day, month, year = int(value[:2]) % 60 or 60, int(value[2:4]), int(value[4:6])
    try:
        return date(_century(value[6], year) + year, month, day)
    except ValueError:
        return None


def index_purpose(*, kind: str, country: str) -> str:
    """The purpose under which the blind index of such identifiers is made."""
    return f"customers.identifier.{kind}.{country}"


def looks_like(text: str) -> list[tuple[str, str, str]]:
    """The (kind, country, value) that a searched text may be: ten digits a CPR number, eight a CVR number, …"""
    compact = "".join(character for character in text if character.isalnum()).upper()
    candidates = {10: "cpr", 8: "cvr", 20: "lei"}
    kind = candidates.get(len(compact))
    if kind is None or (kind != "lei" and not compact.isdigit()):
        return []
    try:
        checked = check_identifier(kind=kind, value=compact)
    except InvalidIdentifier:
        return []
    return [(checked.kind, checked.country, checked.value)]


def _home(kind: str) -> str:
    return "" if kind == "lei" else "DK"


def _check_cpr(value: str, country: str) -> str:
    number = value.replace("-", "", 1)
    if not _TEN_DIGITS.fullmatch(number):
        number = cpr.compact(value)
    if len(number) != 10 or not (number.isascii() and number.isdigit()):
        raise InvalidIdentifier(_("A CPR number has ten digits."))
    if born_on_of_cpr(number) is None:
        raise InvalidIdentifier(
            _("The first six digits of a CPR number are a date of birth; these are not.")
        )
    return str(number)


def _century(digit: str, year: int) -> int:
    """The century of a birth, from the seventh digit (CPR-kontoret, Personnummeret i CPR)."""
    if digit in "0123" or (digit in "49" and year >= 37):
        return 1900
    return 1800 if digit in "5678" and year >= 58 else 2000


def _check_cvr(value: str, country: str) -> str:
    try:
        return str(cvr.validate(value))
    except StdnumError:
        raise InvalidIdentifier(
            _("A CVR number has eight digits with a check digit; this one does not add up.")
        ) from None


def _check_lei(value: str, country: str) -> str:
    try:
        return str(lei.validate(value))
    except StdnumError:
        raise InvalidIdentifier(
            _("A LEI code has 20 characters with two check digits; this one does not add up.")
        ) from None


def _check_national(value: str, country: str) -> str:
    for name in ("personalid", "vat") if country != "DK" else ():
        module = get_cc_module(country.lower(), name)
        if module is not None and name == "personalid":
            try:
                return str(module.validate(value))
            except StdnumError:
                raise InvalidIdentifier(
                    _("This number does not follow the rule of its country.")
                ) from None
    return _check_document(value, country)


def _check_document(value: str, country: str) -> str:
    compact = "".join(character for character in value if character not in " -./").upper()
    if not (3 <= len(compact) <= 40 and compact.isascii() and compact.isalnum()):
        raise InvalidIdentifier(_("An identifier has 3 to 40 letters and digits."))
    return compact


_CHECKS: dict[str, Callable[[str, str], str]] = {
    "cpr": _check_cpr,
    "cvr": _check_cvr,
    "lei": _check_lei,
    "national": _check_national,
}
