"""
`transactions`: account movements from CSV and from camt.053, checked, written once.

Baseline: PostgreSQL's `COPY` of the finished rows into an equally indexed copy of the table of
transactions alone: no accounts looked up, nothing checked, no ids kept apart.
"""

import io
import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import IO

from django.utils import timezone

from benchmarks.kit import Measure, PeakMemory, Result, Say, clock, copy_rate, exponent
from clm.core import actors, jobs
from clm.core.models import Job
from customers import services
from customers.models import PartyKind, Product, Transaction

NAME = "transactions"
PROMISE = "At least 5,000 transactions a second a worker, by either way."
ROWS = (10_000, 100_000, 1_000_000)
ACCOUNTS = 500
_TEXTS = ("Netto Aarhus", "Husleje", "Løn", "MobilePay", "Elregning", "Overførsel")


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Each size by CSV and by camt.053; then the same file once more, which adds nothing."""
    result = Result(NAME, PROMISE)
    at = timezone.now()
    _accounts(at)
    points: dict[str, list[tuple[int, float]]] = {"csv": [], "camt053": []}
    for size in sizes:
        for form, lines in (("csv", _csv), ("camt053", _camt)):
            with tempfile.TemporaryFile() as file:
                file.writelines(lines(size, at.date()))
                say(f"{size} transactions, {form}")
                points[form].append((size, _timed(result, form, "", file, size, added=size)))
                if size == sizes[0]:
                    _timed(result, form, ", the same file again", file, size, known=size)
    for form, found in points.items():
        if (slope := exponent(found)) is not None:
            result.exponents[f"{form}: seconds by rows"] = slope
    return result


def _timed(
    result: Result, form: str, more: str, file: IO[bytes], size: int, **wanted: int
) -> float:
    file.seek(0)
    at = timezone.now()
    with PeakMemory() as memory, clock() as seconds:
        job = services.start_transaction_import(
            file=file, file_name="bench.csv" if form == "csv" else "bench.xml",
            source=f"bench-{form}-{size}", actor=actors.system_user(), at=at,
        )  # fmt: skip
        job = jobs.run(job=job, at=at)
    _check(job, wanted)
    rate, baseline = size / seconds(), copy_rate(Transaction, size)
    result.measures.append(
        Measure(
            f"{form}{more}", size, round(rate, 1), round(baseline, 1), "rows/s",
            "COPY of the transactions alone, same indexes", round(rate / baseline, 3),
            memory.grown_mb,
        )
    )  # fmt: skip
    return seconds()


def _check(job: Job, wanted: dict[str, int]) -> None:
    names = ("added", "known", "parked", "refused")
    found = {name: job.outcome.get(name, 0) for name in names}
    if found != {name: wanted.get(name, 0) for name in names}:
        raise RuntimeError(f"{found} instead of {wanted}: {job.message}")


def _accounts(at: datetime) -> None:
    system = actors.system_user()
    customer = services.create_customer(
        kind=PartyKind.PERSON, given_names="Bench", family_name="Mark", source="bench",
        actor=system, at=at,
    )  # fmt: skip
    product = Product.objects.filter(code="bench").first() or services.add_product(
        code="bench", name_da="Konto", name_en="Account", category="account",
        valid_from=date(2000, 1, 1), actor=system, at=at,
    )  # fmt: skip
    for number in range(ACCOUNTS):
        services.add_holding(
            customer=customer, product=product, reference=_reference(number),
            opened_on=at.date() - timedelta(days=400), actor=system, at=at,
        )  # fmt: skip


def _reference(number: int) -> str:
    return f"5301{number:010d}"


def _iban(number: int) -> str:
    bban = _reference(number)
    return f"DK{98 - int(f'{bban}132000') % 97:02d}{bban}"


def _movement(rng: random.Random, number: int, today: date) -> tuple[date, Decimal, str, str]:
    return (
        today - timedelta(days=number % 360),
        Decimal(rng.randrange(-500_000, 500_000)) / 100 or Decimal(1),
        f"{rng.choice(_TEXTS)} {number}",
        _iban((number + 7) % ACCOUNTS),
    )


def _csv(size: int, today: date) -> Iterator[bytes]:
    rng = random.Random(1)
    yield b"id,account,booked_on,amount,currency,text,counterparty_account\n"
    for number in range(size):
        day, amount, text, other = _movement(rng, number, today)
        yield (f"c{number},{_iban(number % ACCOUNTS)},{day},{amount},DKK,{text},{other}\n").encode()


def _camt(size: int, today: date) -> Iterator[bytes]:
    """One statement an account; each adds up."""
    yield (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<Document'
        b' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        b"<GrpHdr><MsgId>1</MsgId></GrpHdr>\n"
    )
    rng = random.Random(2)
    for account in range(ACCOUNTS):
        count = size // ACCOUNTS + (account < size % ACCOUNTS)
        entries, total = io.StringIO(), Decimal(0)
        for number in range(count):
            day, amount, text, other = _movement(rng, number, today)
            total += amount
            entries.write(_entry(f"{account}-{number}", day, amount, text, other))
        yield (
            f"<Stmt><Id>S{account}</Id><Acct><Id><IBAN>{_iban(account)}</IBAN></Id>"
            f"<Ccy>DKK</Ccy></Acct>{_balance('OPBD', Decimal(0), today)}"
            f"{_balance('CLBD', total, today)}\n{entries.getvalue()}</Stmt>\n"
        ).encode()
    yield b"</BkToCstmrStmt></Document>\n"


def _entry(reference: str, day: date, amount: Decimal, text: str, other: str) -> str:
    party = "Dbtr" if amount > 0 else "Cdtr"
    return (
        f"<Ntry>{_amount(amount)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>"
        "<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><RltdPties>"
        f"<{party}><Pty><Nm>Jens Hansen</Nm></Pty></{party}><{party}Acct><Id><IBAN>{other}</IBAN>"
        f"</Id></{party}Acct></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls>"
        "</Ntry>\n"
    )


def _balance(code: str, amount: Decimal, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _amount(amount: Decimal) -> str:
    sign = "CRDT" if amount >= 0 else "DBIT"
    return f'<Amt Ccy="DKK">{abs(amount):.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
