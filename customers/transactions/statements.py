"""What stands in a file of account statements, and whether a statement adds up."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _

from clm.core.crypto import blind_index
from customers.transactions.entries import Entry

OPENING = ("OPBD", "PRCD")
CLOSING = ("CLBD",)


class StatementRefused(Exception):
    """The file as a whole cannot be used; the sentence names the line and the element."""


class Mark(NamedTuple):
    """Before which entry to go on; offsets in bytes, `line` from 1."""

    statement: int
    statement_offset: int
    statement_line: int
    first_entry: int
    offset: int
    line: int
    entry: int


@dataclass
class Problem:
    """
    What is wrong in a statement, with the line and the element that say so.

    :ivar entry: the number of the last entry that had begun
    """

    line: int
    element: str
    code: str
    sentence: str
    entry: int


@dataclass
class Statement:
    """What stands before a statement's entries; whoever reads them adds up the `total`."""

    index: int
    offset: int
    line: int
    first_entry: int = 0
    external_id: str = ""
    account: str = ""
    currency: str = ""
    balances: dict[str, tuple[Decimal, date | None, int]] = field(default_factory=dict)
    total: Decimal = Decimal(0)
    entries: int = 0
    booked: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def closing(self) -> tuple[Decimal, date] | None:
        """The closing booked balance and its day, where the statement says both."""
        amount, day, _line = self.balances.get("CLBD", (Decimal(0), None, 0))
        return (amount, day) if day else None

    def problems_after(self, entry: int) -> list[Problem]:
        """Without what reading on there finds again at the statement's beginning."""
        return [one for one in self.problems if one.entry > entry]

    @cached_property
    def key(self) -> str:
        """Stands for the account in ids: equal for equal accounts, and tells nobody which."""
        return blind_index(value=self.account, purpose="customers.statement").hex()[:16]


@dataclass
class Booked:
    """An entry of a statement, with where to go on before it."""

    statement: Statement
    entry: Entry
    mark: Mark

    @property
    def amount(self) -> Decimal:
        return self.entry.total


@dataclass
class Ended:
    """A statement has come to its end."""

    statement: Statement


Found = Booked | Ended


def check(statement: Statement) -> None:
    """Add a problem where opening balance and entries do not give the closing balance."""
    opening = next((statement.balances[c] for c in OPENING if c in statement.balances), None)
    closing = next((statement.balances[c] for c in CLOSING if c in statement.balances), None)
    if not statement.account:
        statement.problems.append(
            Problem(
                statement.line,
                "Stmt/Acct/Id",
                "required",
                _("The statement names no account."),
                statement.entries,
            )
        )
    if opening is None or closing is None:
        return
    reckoned = opening[0] + statement.total
    if reckoned != closing[0]:
        sentence = _(
            "The closing balance is %(closing)s, but the opening balance %(opening)s and the"
            " entries give %(reckoned)s."
        ) % {"closing": closing[0], "opening": opening[0], "reckoned": reckoned}
        statement.problems.append(
            Problem(closing[2], "Stmt/Bal", "balance", sentence, statement.entries)
        )
