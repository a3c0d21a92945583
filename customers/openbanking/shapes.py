"""The bodies of the interface (Berlin Group, AIS 1.3) and what we take from each."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from customers.models.transactions import TransactionKind
from customers.transactions.entries import kind_of
from customers.transactions.rows import LENGTHS, Fault, NewTransaction, currencies, understand

STATUSES = frozenset(
    {"received", "valid", "rejected", "expired", "revokedByPsu", "terminatedByTpp"}
)
MOST_ACCOUNTS = 200


class Misshapen(ValueError):
    """An answer lacks what it must have."""


@dataclass(frozen=True)
class ConsentAnswer:
    external_id: str
    status: str
    authorise_url: str


@dataclass(frozen=True)
class Account:
    resource_id: str
    number: str
    currency: str
    name: str


@dataclass(frozen=True)
class Balance:
    amount: Decimal
    currency: str
    on: date | None


def consent(body: Any) -> ConsentAnswer:
    found = _mapping(body)
    link = _mapping(_mapping(found.get("_links", {})).get("scaRedirect", {})).get("href", "")
    return ConsentAnswer(_text(found, "consentId", 120), status(found), _web_address(link))


def status(body: Any) -> str:
    found = _text(_mapping(body), "consentStatus", 40)
    if found not in STATUSES:
        raise Misshapen("consentStatus")
    return found


def codes(body: Any) -> list[str]:
    """The codes of an answer that refuses."""
    messages = body.get("tppMessages", []) if isinstance(body, dict) else []
    if not isinstance(messages, list):
        return []
    return [str(one.get("code", "")) for one in messages if isinstance(one, dict)]


def accounts(body: Any) -> list[Account]:
    rows = _list(_mapping(body), "accounts")
    if len(rows) > MOST_ACCOUNTS:
        raise Misshapen("accounts")
    found = []
    for row in map(_mapping, rows):
        number = str(row.get("iban") or row.get("bban") or row.get("maskedPan") or "")
        resource = _text(row, "resourceId", 120)
        currency = _text(row, "currency", 3)
        if currency not in currencies():
            raise Misshapen("currency")
        name = str(row.get("name") or row.get("product") or "")[:120]
        found.append(Account(resource, (number or resource)[:60], currency, name))
    return found


def balance(body: Any) -> Balance | None:
    """The booked balance where there is one, else the first that is told."""
    rows = [_mapping(one) for one in _list(_mapping(body), "balances")]
    order = {"closingBooked": 0, "interimBooked": 1, "expected": 2}
    rows.sort(key=lambda one: order.get(str(one.get("balanceType", "")), 9))
    if not rows:
        return None
    told = _mapping(rows[0].get("balanceAmount", {}))
    try:
        amount = round(Decimal(_text(told, "amount", 20)), 2)
        day = rows[0].get("referenceDate")
        on = date.fromisoformat(day) if isinstance(day, str) else None
    except (InvalidOperation, ValueError):
        raise Misshapen("balances") from None
    return Balance(amount, _text(told, "currency", 3), on)


def page(body: Any) -> tuple[list[Mapping[str, Any]], str]:
    """The booked rows of a page, and the link to the next one."""
    inner = _mapping(_mapping(body).get("transactions", {}))
    following = _mapping(_mapping(inner.get("_links", {})).get("next", {})).get("href", "")
    if not isinstance(following, str) or len(following) > 2000:
        raise Misshapen("next")
    return [_mapping(one) for one in _list(inner, "booked")], following


class Reader:
    """
    Rows of one account as transactions.

    A row without an id is known by its content and by how many like it came before, which is
    the same every time because reading begins with a whole day.
    """

    def __init__(self, *, account: str) -> None:
        self._account = account
        self._seen: dict[str, int] = {}
        self._count = 0

    def read(self, rows: list[Mapping[str, Any]]) -> Iterator[NewTransaction | Fault]:
        for row in rows:
            self._count += 1
            yield understand(values=self._values(row), place=self._count)

    def _values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        told = row.get("transactionAmount")
        told = told if isinstance(told, dict) else {}
        other = "creditor" if str(told.get("amount", "")).startswith("-") else "debtor"
        account = row.get(f"{other}Account")
        account = account if isinstance(account, dict) else {}
        number = str(account.get("iban") or account.get("bban") or "")
        country = number[:2] if len(number) > 14 and number[:2].isalpha() else ""
        return {
            "id": self._id(row),
            "account": self._account,
            "booked_on": row.get("bookingDate"),
            "valued_on": row.get("valueDate") or "",
            "amount": told.get("amount"),
            "currency": told.get("currency"),
            "kind": _kind(row),
            "text": _remittance(row)[: LENGTHS["text"]],
            "counterparty_name": str(row.get(f"{other}Name") or "")[: LENGTHS["counterparty_name"]],
            "counterparty_account": number[: LENGTHS["counterparty_account"]],
            "counterparty_country": country,
        }

    def _id(self, row: Mapping[str, Any]) -> str:
        for name in ("transactionId", "entryReference", "internalTransactionId"):
            if isinstance(row.get(name), str) and row[name]:
                return f"{self._account}:{row[name]}"[: LENGTHS["id"]]
        plain = json.dumps(row, sort_keys=True).encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(plain, digest_size=16).hexdigest()
        self._seen[digest] = self._seen.get(digest, 0) + 1
        return f"{self._account}:{digest}:{self._seen[digest]}"


def _remittance(row: Mapping[str, Any]) -> str:
    found = row.get("remittanceInformationUnstructured")
    if not found and isinstance(row.get("remittanceInformationUnstructuredArray"), list):
        found = " ".join(str(one) for one in row["remittanceInformationUnstructuredArray"])
    return " ".join(str(found or row.get("additionalInformation") or "").split())


def _kind(row: Mapping[str, Any]) -> str:
    codes = str(row.get("bankTransactionCode") or "").split("-")
    domain, family, sub = [*codes, "", "", ""][:3]
    return kind_of(domain=domain, family=family, sub_family=sub) or TransactionKind.OTHER.value


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Misshapen(_("an object was expected"))
    return value


def _list(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value.get(name, [])
    if not isinstance(found, list):
        raise Misshapen(name)
    return found


def _text(value: Mapping[str, Any], name: str, most: int) -> str:
    found = value.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= most or not found.isprintable():
        raise Misshapen(name)
    return found


def _web_address(link: Any) -> str:
    """An address that may stand on a page as a link: the customer is sent there."""
    if not isinstance(link, str) or not link:
        return ""
    parts = urlsplit(link)
    if parts.scheme not in {"https", "http"} or not parts.hostname or len(link) > 500:
        raise Misshapen("scaRedirect")
    return link
