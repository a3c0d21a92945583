"""Countries by their two letters, named in the reader's language."""

from functools import lru_cache

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def country_name(code: str) -> str:
    """The country's name, or the code where it is not known."""
    return _names(_language()).get(code, code)


def country_choices() -> list[tuple[str, str]]:
    """Every country, the neighbours first."""
    names = _names(_language())
    near = ("DK", "FO", "GL", "SE", "NO", "FI", "IS", "DE", "GB")
    rest = sorted((item for item in names.items() if item[0] not in near), key=lambda item: item[1])
    return [(code, names[code]) for code in near] + rest


def known_country(code: str) -> None:
    """:raises ValidationError: no country has this code"""
    if code.upper() not in _names("en"):
        raise ValidationError(_("There is no such country."))


def _language() -> str:
    return "da" if (get_language() or "").startswith("da") else "en"


@lru_cache(maxsize=2)
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    return {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
