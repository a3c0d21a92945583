"""From an entry of a statement (camt.053, `Ntry`) to the transactions that it books."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from customers.models.transactions import TransactionKind
from customers.transactions.rows import LENGTHS, currencies

_AMOUNT = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,5})?", re.ASCII)
#: What is read of an entry, and of each of its transactions (`TxDtls`).
ENTRY_VALUES = frozenset(
    {
        "NtryRef", "Amt", "CdtDbtInd", "Sts", "Sts/Cd", "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt",
        "ValDt/DtTm", "AcctSvcrRef", "BkTxCd/Domn/Cd", "BkTxCd/Domn/Fmly/Cd",
        "BkTxCd/Domn/Fmly/SubFmlyCd", "BkTxCd/Prtry/Cd", "AddtlNtryInf",
    }
)  # fmt: skip
DETAIL_VALUES = frozenset(
    {
        "Refs/AcctSvcrRef", "Refs/TxId", "Amt", "AmtDtls/TxAmt/Amt", "CdtDbtInd",
        "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm", "RltdPties/Cdtr/Nm", "RltdPties/Cdtr/Pty/Nm",
        "RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id",
        "RltdPties/CdtrAcct/Id/IBAN", "RltdPties/CdtrAcct/Id/Othr/Id",
        "RltdPties/Dbtr/PstlAdr/Ctry", "RltdPties/Dbtr/Pty/PstlAdr/Ctry",
        "RltdPties/Cdtr/PstlAdr/Ctry", "RltdPties/Cdtr/Pty/PstlAdr/Ctry",
        "RmtInf/Ustrd", "AddtlTxInf", "BkTxCd/Domn/Cd", "BkTxCd/Domn/Fmly/Cd",
        "BkTxCd/Domn/Fmly/SubFmlyCd",
    }
)  # fmt: skip
#: ISO 20022 bank transaction codes: a domain's family, and sub-families that say more.
_FAMILIES = {
    "CCRD": TransactionKind.CARD,
    "MCRD": TransactionKind.CARD,
    "RDDT": TransactionKind.DIRECT_DEBIT,
    "IDDT": TransactionKind.DIRECT_DEBIT,
    "CNTR": TransactionKind.CASH,
    "RCDT": TransactionKind.TRANSFER,
    "ICDT": TransactionKind.TRANSFER,
    "IRCT": TransactionKind.TRANSFER,
    "RRCT": TransactionKind.TRANSFER,
}
_SUB_FAMILIES = {
    "SALA": TransactionKind.SALARY,
    "STDO": TransactionKind.STANDING_ORDER,
    "CHRG": TransactionKind.FEE,
    "COMM": TransactionKind.FEE,
    "FEES": TransactionKind.FEE,
    "INTR": TransactionKind.INTEREST,
    "CWDL": TransactionKind.CASH,
    "CDPT": TransactionKind.CASH,
}
_OTHER = TransactionKind.OTHER.value
_DOMAINS = {"LDAS": TransactionKind.LOAN, "SECU": TransactionKind.SECURITIES}

Values = dict[str, tuple[str, int]]


class Unfit(Exception):
    """A value that an entry or balance needs is missing or unreadable."""

    def __init__(self, element: str, line: int, code: str, sentence: str) -> None:
        self.element, self.line, self.code, self.sentence = element, line, code, sentence
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Moved:
    """One transaction of an entry; the sign is the customer's: money in is positive."""

    reference: str
    amount: Decimal
    kind: str
    text: str
    counterparty_name: str
    counterparty_account: str
    counterparty_country: str


@dataclass
class Entry:
    """
    The values of one `Ntry`, each with its line; `number` counts within the statement.

    :ivar total: what it books, with its sign; its transactions come to that
    """

    number: int
    line: int
    values: Values = field(default_factory=dict)
    details: list[Values] = field(default_factory=list)
    total: Decimal = Decimal(0)
    transactions: Sequence[Moved] = ()

    def put(self, name: str, text: str, line: int, currency: str, *, inner: bool) -> None:
        """Keep a value of the entry, or (`inner`) of its transaction that is being read."""
        into = self.details[-1] if inner else self.values
        if name == "RmtInf/Ustrd" and name in into:
            text = f"{into[name][0]} {text}"
        into[name] = (text, line)
        if currency:
            into[f"{name}@Ccy"] = (currency, line)

    def status(self) -> str:
        """`BOOK`, `PDNG`, …; as a code of its own since version 08."""
        return (self.values.get("Sts/Cd") or self.values.get("Sts") or ("", 0))[0]

    @property
    def booked_on(self) -> date:
        found = day_of(self.values, "BookgDt", required=True)
        assert found is not None
        return found

    @property
    def valued_on(self) -> date | None:
        return day_of(self.values, "ValDt", required=False)


def total_of(entry: Entry, *, currency: str) -> Decimal:
    """
    What an entry books, with its sign.

    :param currency: of the account; an entry in another one is unfit
    :raises Unfit: the amount, its sign, its currency or the day of booking cannot be read
    """
    total = amount_of(entry.values, "Amt", "CdtDbtInd")
    told = entry.values.get("Amt@Ccy", ("", entry.line))
    if told[0] not in currencies() or (currency and told[0] != currency):
        raise Unfit("Amt", told[1], "currency", _("The currency is not that of the account."))
    _days = entry.booked_on, entry.valued_on
    return total


def transactions_of(entry: Entry) -> list[Moved]:
    """What an entry books: its transactions where their amounts come to its total, else itself."""
    if len(entry.details) > 1:
        currency = entry.values["Amt@Ccy"][0]
        parts = [_part(entry, detail, currency) for detail in entry.details]
        amounts = [one for one in parts if one is not None]
        if len(amounts) == len(parts) and sum(amounts, Decimal(0)) == entry.total:
            return [
                _moved(entry, detail, amount, f":{number}")
                for number, (detail, amount) in enumerate(
                    zip(entry.details, amounts, strict=True), start=1
                )
            ]
    return [_moved(entry, entry.details[0] if entry.details else {}, entry.total, "")]


def amount_of(values: Mapping[str, tuple[str, int]], amount: str, sign: str) -> Decimal:
    """
    A signed amount; credit is positive.

    :raises Unfit: either is missing or unreadable
    """
    text, line = values.get(amount, ("", 0))
    if not text:
        raise Unfit(amount, line, "required", _("This is missing."))
    if not _AMOUNT.fullmatch(text):
        raise Unfit(amount, line, "invalid", _("This is not an amount."))
    found = Decimal(text)
    rounded = round(found, 2)
    if found != rounded:
        raise Unfit(amount, line, "invalid", _("An amount has at most two decimals here."))
    word, line = values.get(sign, ("", line))
    if word not in {"CRDT", "DBIT"}:
        raise Unfit(sign, line, "invalid", _("Either CRDT or DBIT."))
    return rounded if word == "CRDT" else -rounded


def day_of(values: Mapping[str, tuple[str, int]], name: str, *, required: bool) -> date | None:
    """
    The day of a choice of `Dt` and `DtTm`.

    :raises Unfit: it cannot be read, or is missing where it is `required`
    """
    for member in ("Dt", "DtTm"):
        text, line = values.get(f"{name}/{member}", ("", 0))
        if text:
            try:
                return _day(text)
            except ValueError:
                raise Unfit(f"{name}/{member}", line, "invalid", _("This is not a day.")) from None
    text, line = values.get(name, ("", 0))
    if text:
        raise Unfit(name, line, "invalid", _("This is not a day."))
    if required:
        raise Unfit(name, 0, "required", _("This is missing."))
    return None


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def _part(entry: Entry, detail: Values, currency: str) -> Decimal | None:
    """The signed amount of one transaction in the entry's currency, where it says so."""
    name = "Amt" if "Amt" in detail else "AmtDtls/TxAmt/Amt"
    if detail.get(f"{name}@Ccy", ("", 0))[0] != currency:
        return None
    signed = {"CdtDbtInd": entry.values["CdtDbtInd"], **detail}
    try:
        return amount_of(signed, name, "CdtDbtInd")
    except Unfit:
        return None


def _moved(entry: Entry, detail: Values, amount: Decimal, suffix: str) -> Moved:
    def said(*names: str) -> str:
        for name in names:
            if name in detail:
                return detail[name][0]
        return ""

    # Who paid stands against money in, who was paid against money out.
    other = "Dbtr" if amount > 0 else "Cdtr"
    party = f"RltdPties/{other}"
    reference = said("Refs/AcctSvcrRef") if suffix else ""
    reference = reference or entry.values.get("AcctSvcrRef", ("", 0))[0]
    text = said("RmtInf/Ustrd", "AddtlTxInf") or entry.values.get("AddtlNtryInf", ("", 0))[0]
    country = said(f"{party}/PstlAdr/Ctry", f"{party}/Pty/PstlAdr/Ctry")
    account = said(f"{party}Acct/Id/IBAN", f"{party}Acct/Id/Othr/Id")
    if not country and account[:2].isalpha() and len(account) > 14:
        country = account[:2].upper()
    return Moved(
        reference=f"{reference or f'#{entry.number}'}{suffix}",
        amount=amount,
        kind=_kind(entry.values, detail),
        text=" ".join(text.split())[: LENGTHS["text"]],
        counterparty_name=said(f"{party}/Nm", f"{party}/Pty/Nm")[: LENGTHS["counterparty_name"]],
        counterparty_account=account[: LENGTHS["counterparty_account"]],
        counterparty_country=country if len(country) == 2 and country.isalpha() else "",
    )


def kind_of(*, domain: str, family: str, sub_family: str) -> str:
    """The kind that a bank transaction code of ISO 20022 says, or an empty text."""
    for table, code in ((_SUB_FAMILIES, sub_family), (_FAMILIES, family), (_DOMAINS, domain)):
        if code in table:
            return table[code]
    return ""


def _kind(values: Values, detail: Values) -> str:
    for found in (detail, values):
        kind = kind_of(
            domain=found.get("BkTxCd/Domn/Cd", ("", 0))[0],
            family=found.get("BkTxCd/Domn/Fmly/Cd", ("", 0))[0],
            sub_family=found.get("BkTxCd/Domn/Fmly/SubFmlyCd", ("", 0))[0],
        )
        if kind:
            return kind
    return _OTHER
