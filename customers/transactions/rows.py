"""
One transaction on its way in: what it must hold, and the sentence when it does not.

Plain functions and no serializer: a batch has up to 10,000 of these, a file a million.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from babel import Locale
from django.utils.translation import gettext as _

from customers.identification import HIDDEN
from customers.models.transactions import TransactionKind

_AMOUNT = re.compile(r"[+-]?[0-9]{1,16}(?:\.[0-9]{1,2})?", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_KINDS = frozenset(TransactionKind.values)
#: The longest text of each member.
LENGTHS = {
    "id": 200,
    "account": 60,
    "text": 500,
    "counterparty_name": 200,
    "counterparty_account": 60,
}
MEMBERS = frozenset(
    {*LENGTHS, "booked_on", "valued_on", "amount", "currency", "kind", "counterparty_country"}
)
_REQUIRED = ("id", "account", "booked_on", "amount", "currency")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be used; `place` is its line or its index."""

    place: int
    member: str
    code: str
    sentence: str


class NewTransaction(NamedTuple):
    """A transaction before anybody knows whose it is; `account` names a holding."""

    place: int
    external_id: str
    account: str
    booked_on: date
    amount: Decimal
    currency: str
    valued_on: date | None = None
    kind: str = TransactionKind.OTHER.value
    text: str = ""
    counterparty_name: str = ""
    counterparty_account: str = ""
    counterparty_country: str = ""


class _Unfit(Exception):
    def __init__(self, member: str, code: str, sentence: str) -> None:
        self.member, self.code, self.sentence = member, code, sentence
        super().__init__(sentence)


def understand(*, values: Mapping[str, Any], place: int) -> NewTransaction | Fault:
    """
    The transaction that a row's values say, or the first thing wrong with it.

    :param values: texts by member; an empty one is as good as none
    """
    try:
        for name in _REQUIRED:
            if not values.get(name):
                raise _Unfit(name, "required", _("This is missing."))
        texts = {name: _text(values, name) for name in LENGTHS}
        valued = values.get("valued_on")
        kind = values.get("kind") or TransactionKind.OTHER.value
        if kind not in _KINDS:
            raise _Unfit(
                "kind",
                "invalid_choice",
                _("One of %(names)s.") % {"names": ", ".join(sorted(_KINDS))},
            )
        return NewTransaction(
            place=place,
            external_id=texts.pop("id"),
            booked_on=_day("booked_on", values["booked_on"]),
            valued_on=_day("valued_on", valued) if valued else None,
            amount=_amount(values["amount"]),
            currency=_currency(values["currency"]),
            kind=kind,
            counterparty_country=_country(values.get("counterparty_country") or ""),
            **texts,
        )
    except _Unfit as unfit:
        return Fault(place, unfit.member, unfit.code, unfit.sentence)


def masked_account(account: str) -> str:
    """The last four characters of an account number, the country of an IBAN before them."""
    compact = "".join(one for one in account if one.isalnum())
    if len(compact) <= 4:
        return HIDDEN * len(compact)
    country = compact[:2] if compact[:2].isalpha() and len(compact) > 14 else ""
    return f"{country}{HIDDEN * 4}{compact[-4:]}"


@lru_cache(maxsize=1)
def currencies() -> frozenset[str]:
    """ISO 4217, past ones with them: old statements carry them."""
    return frozenset(Locale.parse("en").currencies)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale.parse("en").territories) if len(code) == 2)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name) or ""
    if not isinstance(value, str):
        raise _Unfit(name, "invalid", _("This must be a text."))
    if len(value) > LENGTHS[name]:
        sentence = _("At most %(most)d characters.") % {"most": LENGTHS[name]}
        raise _Unfit(name, "max_length", sentence)
    if not value.isprintable() and _UNSTORABLE.search(value):
        raise _Unfit(name, "invalid", _("A text contains characters that cannot be stored."))
    return value.strip()


def _day(name: str, value: Any) -> date:
    try:
        # An instant in a file is a day to a booking.
        return (
            date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value).date()
        )
    except (ValueError, TypeError):
        raise _Unfit(name, "invalid", _("A day as in 2026-01-31.")) from None


def _amount(value: Any) -> Decimal:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise _Unfit("amount", "invalid", _("An amount as in -1234.50, with at most two decimals."))
    return Decimal(value)


def _currency(value: Any) -> str:
    if not isinstance(value, str) or value not in currencies():
        raise _Unfit("currency", "invalid", _("A currency by its three letters (ISO 4217)."))
    return value


def _country(value: Any) -> str:
    if value and (not isinstance(value, str) or value.upper() not in _countries()):
        raise _Unfit("counterparty_country", "invalid", _("There is no such country."))
    return str(value).upper()
