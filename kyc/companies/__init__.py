"""
Company registers that are asked for their statement, one module each, found by themselves.

A register's module reads one company by its number and says what it found as an `Extract`.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from customers.models import Customer, Identifier
from kyc.registers import Extract


class RegisterTrouble(Exception):
    """A register does not answer, or not as agreed; worth another try later."""


class NotInRegister(Exception):
    """A register knows no company of the number."""


@dataclass(frozen=True, slots=True)
class RegisterKind:
    """
    A register under its code.

    :param identifier: the kind of identifier by which it knows companies
    :param is_open: whether this installation may ask it
    :param read: what it says of a number
    """

    code: str
    label: Any
    identifier: str
    is_open: Callable[[], bool]
    read: Callable[[str], Extract]

    @property
    def doc(self) -> str:
        return (self.read.__doc__ or "").strip()


_registers: dict[str, RegisterKind] = {}


def register(
    code: str, *, label: Any, identifier: str, is_open: Callable[[], bool]
) -> Callable[[Callable[[str], Extract]], Callable[[str], Extract]]:
    """Declare a function as the reader of a register."""

    def declare(read: Callable[[str], Extract]) -> Callable[[str], Extract]:
        _registers[code] = RegisterKind(code, label, identifier, is_open, read)
        return read

    return declare


def registered() -> dict[str, RegisterKind]:
    """Every register, found in this folder."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_registers.items()))


def number_of(*, customer: Customer, kind: RegisterKind) -> str:
    """The number by which a register knows a customer; empty where it is not on record."""
    found = Identifier.objects.filter(customer=customer, kind=kind.identifier).first()
    # Public numbers stand whole where others are masked.
    return found.masked if found else ""


def open_to(*, customer: Customer) -> list[RegisterKind]:
    """The registers that can be asked about a customer here."""
    return [
        kind
        for kind in registered().values()
        if kind.is_open() and number_of(customer=customer, kind=kind)
    ]
