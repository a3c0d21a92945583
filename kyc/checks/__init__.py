"""
Checks of a case, one module each, found by themselves.

A check is a pure function of a `Subject`; what it finds is a code with facts, and its docstring
is what people read about it.
"""

import pkgutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class OwnershipFacts:
    """
    Who is behind an organisation, as `kyc.ownership` finds it.

    :param basis: `ownership`, `management` or `none`; empty for a person, who has no owners
    :param problems: codes of what cannot be true in the record
    :param unknown: share of the capital, in words, whose owners are not recorded, where it is so
        large that a beneficial owner may hide in it
    :param listed: rules by which confirmed listed parties own the organisation
    :param maybe_listed: the same, if the matches nobody decided yet are true
    """

    basis: str = ""
    count: int = 0
    problems: tuple[str, ...] = ()
    unknown: str = ""
    listed: tuple[str, ...] = ()
    maybe_listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Papers:
    """
    The identity documents that somebody handed in, or was asked for.

    :param valid_until: the last day of the accepted one that is good longest; None where it has
        no end
    :param expired_on: the last day of those that have run out
    :param rejected: one was turned down
    :param waiting: one is here that nobody has looked at yet
    :param asked: one is asked for that is not here
    """

    accepted: bool = False
    valid_until: date | None = None
    expired_on: date | None = None
    rejected: bool = False
    waiting: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """
    What checks, factors and requirements may know of a customer and of the screening just done.

    :param true_hits: confirmed matches, without those by which the customer is only politically
        exposed or written about: those are `pep_hits` and `media_hits`
    :param products: codes and categories of the open holdings
    :param channel: how the customer was won; empty where that is not known
    :param turnover: bookings in and out of the last 365 days, by currency
    :param has_owners: whether an owner or a director is on record
    :param discrepancies: differences from a company register that stand open
    :param asked: what the due diligence of this level asks to be on record; empty where it is
        simplified
    :param funds_shown: an accepted document says where the funds come from
    :param needs_paper: the risk model asks this level for an accepted identity document
    """

    kind: str
    today: date
    born_on: date | None = None
    nationalities: tuple[str, ...] = ()
    residence_country: str = ""
    tax_countries: tuple[str, ...] = ()
    has_identifier: bool = False
    has_address: bool = False
    screenable: bool = True
    open_hits: int = 0
    known_hits: int = 0
    true_hits: int = 0
    pep_hits: int = 0
    media_hits: int = 0
    top_score: float = 0.0
    high_risk_countries: frozenset[str] = frozenset()
    owners: OwnershipFacts = OwnershipFacts()
    alerts: int = 0
    discrepancies: int = 0
    occupation: str = ""
    legal_form: str = ""
    has_contact: bool = False
    has_owners: bool = False
    products: tuple[str, ...] = ()
    channel: str = ""
    turnover: tuple[tuple[str, Decimal], ...] = ()
    papers: Papers = Papers()
    asked: frozenset[str] = frozenset()
    funds_shown: bool = False
    needs_funds: bool = False
    needs_paper: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """
    :param passed: nothing for a person to look at
    :param code: what was found, shown by `words.finding`
    """

    passed: bool
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckKind:
    """A check under its name; `kinds` are the customers it is about."""

    name: str
    label: Any
    run: Callable[[Subject], Finding]
    kinds: tuple[str, ...]

    @property
    def doc(self) -> str:
        return (self.run.__doc__ or "").strip()


_checks: dict[str, CheckKind] = {}


def register(
    name: str, *, label: Any, kinds: tuple[str, ...] = ("person", "organisation")
) -> Callable[[Callable[[Subject], Finding]], Callable[[Subject], Finding]]:
    """Declare a function as a check."""

    def declare(run: Callable[[Subject], Finding]) -> Callable[[Subject], Finding]:
        _checks[name] = CheckKind(name, label, run, kinds)
        return run

    return declare


def registered() -> dict[str, CheckKind]:
    """Every check, found in this folder."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_checks.items()))


def for_kind(kind: str, *, asked: Collection[str] = ()) -> list[CheckKind]:
    """The checks for a person or an organisation; of those asked for, where some are named."""
    return [
        one
        for one in registered().values()
        if kind in one.kinds and (not asked or one.name in asked)
    ]
