"""
Rules of transaction monitoring, one module each, found by themselves.

A rule is a pure function of a customer's movements in order and of its parameters; what it finds
is a behaviour: from when to when, which transactions, how strong, and facts that its sentence is
filled with. Its docstring is what people read about it. Parameters are data: each version of a
rule has its own (`kyc.models.MonitoringRule`).
"""

import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import Any, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Movement(NamedTuple):
    """
    One booking on an account with us, as rules see it.

    `day` is `date.toordinal()`; `amount` and `value` are whole øre, signed as the customer sees
    them: `amount` in the account's own currency (hundredths), `value` in Danish kroner.
    """

    id: str
    day: int
    amount: int
    value: int
    kind: str
    country: str
    other: str


@dataclass(frozen=True, slots=True)
class History:
    """
    A customer's movements in the order of their days.

    :param opens: the first day from which the movements are complete
    :param known_since: the day on which the customer became one, if it is known
    """

    movements: Sequence[Movement]
    opens: int
    known_since: int | None = None


class Finding(NamedTuple):
    """
    A behaviour.

    :param strength: how far it goes beyond what the parameters allow; 1 is just reached
    :param transactions: the ids of the movements that make it, in their order
    """

    first: int
    last: int
    strength: float
    transactions: tuple[str, ...]
    facts: Mapping[str, Any]


#: What a parameter is measured in.
KRONER, DAYS, COUNT, PERCENT, TIMES, COUNTRIES = (
    "kroner", "days", "count", "percent", "times", "countries",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number, or one list of countries, that a version of a rule sets."""

    name: str
    label: Any
    unit: str
    default: Any
    least: int = 1
    most: int = 1_000_000_000


#: What every rule has besides its own.
CASE_FROM = Parameter(
    "case_from", _("Opens a case from this score on"), COUNT, 70, least=1, most=101
)
Parameters = Mapping[str, Any]
Run = Callable[[History, Parameters], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class RuleKind:
    """
    A rule under its name.

    :param sentence: what was found, filled with a finding's facts
    :param window: over how many days a behaviour hangs together, by its parameters
    :param look_back: how many days before a transaction the rule has to know
    """

    name: str
    label: Any
    sentence: Any
    parameters: tuple[Parameter, ...]
    window: Callable[[Parameters], int]
    look_back: Callable[[Parameters], int]
    run: Run = field(repr=False)

    @property
    def doc(self) -> str:
        """Its docstring, in the reader's language where the catalogue has it."""
        written = " ".join((self.run.__doc__ or "").split())
        return gettext(written) if written else ""

    @property
    def every_parameter(self) -> tuple[Parameter, ...]:
        return (*self.parameters, CASE_FROM)

    def defaults(self) -> dict[str, Any]:
        return {one.name: one.default for one in self.every_parameter}


_rules: dict[str, RuleKind] = {}


def register(
    name: str,
    *,
    label: Any,
    sentence: Any,
    parameters: Sequence[Parameter],
    window: Callable[[Parameters], int] = lambda p: int(p["days"]),
    look_back: Callable[[Parameters], int] | None = None,
) -> Callable[[Run], Run]:
    """Declare a function as a rule."""

    def declare(run: Run) -> Run:
        _rules[name] = RuleKind(
            name, label, sentence, tuple(parameters), window, look_back or window, run
        )
        return run

    return declare


def registered() -> dict[str, RuleKind]:
    """Every rule, found in this folder."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_rules.items()))


def day_of(ordinal: int) -> date:
    return date.fromordinal(ordinal)


def kroner(value: int) -> int:
    """Whole kroner of øre, as facts have them."""
    return round(value / 100)
