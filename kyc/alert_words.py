"""What alerts and the parameters of rules are called on pages and in the API."""

from collections.abc import Mapping
from typing import Any

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clm.core.web import words
from kyc.monitoring import (
    COUNTRIES,
    DAYS,
    KRONER,
    PERCENT,
    TIMES,
    Parameter,
    registered,
)


def label(kind: str) -> str:
    """What a rule is called."""
    known = registered().get(kind)
    return str(known.label) if known else kind


def sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """What was found, in words; facts that end in `_kr` are kroner."""
    known = registered().get(kind)
    if known is None:
        return kind
    values = {
        name: countries(value)
        if name == "countries"
        else words.money(value)
        if name.endswith("_kr")
        else words.number(value, 1 if isinstance(value, float) else 0)
        for name, value in facts.items()
    }
    try:
        return str(known.sentence) % values
    except (KeyError, TypeError):
        # What erasure left of it.
        return str(known.label)


def reason(code: str, facts: Mapping[str, Any]) -> str:
    """A part of a score."""
    found = {
        "reached": _("Limits reached"),
        "beyond": _("%(times)s times the limit"),
        "risk": _("The customer’s risk"),
    }
    values = {**facts, "times": words.number(facts.get("times", 0), 1)}
    return found.get(code, code) % values


def value(parameter: Parameter, given: Any) -> str:
    """A parameter's value with its unit."""
    if parameter.unit == COUNTRIES:
        return countries(given or [])
    if parameter.unit == KRONER:
        return words.money(given)
    number = words.number(given)
    units = {DAYS: _("%(n)s days"), PERCENT: _("%(n)s %%"), TIMES: _("%(n)s times")}
    return units[parameter.unit] % {"n": number} if parameter.unit in units else number


def countries(codes: Any) -> str:
    """Countries in the reader's language."""
    territories = Locale((get_language() or "en")[:2]).territories
    return ", ".join(sorted(str(territories.get(code, code)) for code in codes))
