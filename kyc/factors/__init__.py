"""
Factors of the risk rating, one module each, found by themselves.

A factor is a pure function of a `Subject` and of its own entry in the model (`{"code", "points",
"level"?, …parameters}`): the facts by which it applies, or None. What it says of itself is what
people read on the model's page, in their language.
"""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject

Run = Callable[[Subject, Mapping[str, Any]], dict[str, Any] | None]

GROUPS = {
    "customer": _("Customer"),
    "geography": _("Geography"),
    "product": _("Products"),
    "channel": _("Channel"),
    "behaviour": _("Behaviour"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    What a factor's entry carries besides its points.

    :param kind: `countries` (codes of two letters), `words` (a list of codes), `amount` or
        `currency`
    """

    name: str
    label: Any
    kind: str
    initial: Any


@dataclass(frozen=True, slots=True)
class FactorKind:
    """A factor under its code; `basis` is the law by which it makes the risk high."""

    code: str
    label: Any
    group: str
    says: Any
    run: Run
    parameters: tuple[Parameter, ...] = ()
    basis: str = ""


_factors: dict[str, FactorKind] = {}


def register(
    code: str,
    *,
    label: Any,
    group: str,
    says: Any,
    parameters: tuple[Parameter, ...] = (),
    basis: str = "",
) -> Callable[[Run], Run]:
    """Declare a function as a factor."""

    def declare(run: Run) -> Run:
        _factors[code] = FactorKind(code, label, group, says, run, parameters, basis)
        return run

    return declare


@cache
def registered() -> dict[str, FactorKind]:
    """Every factor, found in this folder, in the order of the groups."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    places = list(GROUPS)
    return dict(sorted(_factors.items(), key=lambda item: (places.index(item[1].group), item[0])))
