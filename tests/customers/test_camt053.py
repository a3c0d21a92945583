"""Account statements (camt.053, versions 02 and 08): what is read, what is refused, and where."""

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from clm.core import jobs
from clm.core.models import Job, User
from customers import services
from customers.lifecycle import Stage
from customers.models import Holding, Transaction, TransactionBatch
from customers.transactions import camt053
from customers.transactions import job as job_of_files
from customers.transactions.statements import Booked, Ended, StatementRefused, check
from tests.factories import customers as make

V02 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
V08 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
ACCOUNT = "DK5064000001234567"


def entry(
    amount: str = "125.50",
    *,
    sign: str = "DBIT",
    ref: str = "R1",
    day: str = "2026-02-02",
    status: str = "<Sts>BOOK</Sts>",
    currency: str = "DKK",
    details: str = "",
    code: str = "",
) -> str:
    return f"""
      <Ntry>
        <Amt Ccy="{currency}">{amount}</Amt>
        <CdtDbtInd>{sign}</CdtDbtInd>
        {status}
        <BookgDt><Dt>{day}</Dt></BookgDt>
        <ValDt><Dt>{day}</Dt></ValDt>
        <AcctSvcrRef>{ref}</AcctSvcrRef>{code}
        {details}
      </Ntry>"""


def balance(code: str, amount: str, day: str = "2026-02-03") -> str:
    sign = "DBIT" if amount.startswith("-") else "CRDT"
    return f"""
      <Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>
        <Amt Ccy="DKK">{amount.lstrip("-")}</Amt>
        <CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"""


def statement(
    *entries: str, opening: str = "1000.00", closing: str = "874.50", number: int = 1,
    account: str = ACCOUNT,
) -> str:  # fmt: skip
    return f"""
    <Stmt>
      <Id>S{number}</Id>
      <Acct><Id><IBAN>{account}</IBAN></Id><Ccy>DKK</Ccy></Acct>{balance("OPBD", opening)}{
        balance("CLBD", closing)
    }{"".join(entries)}
    </Stmt>"""


def document(*statements: str, version: str = V02) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{version}">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>M1</MsgId></GrpHdr>{"".join(statements)}
  </BkToCstmrStmt>
</Document>
""".encode()


def read(content: bytes) -> list[Any]:
    return list(camt053.read(io.BytesIO(content)))


def booked(content: bytes) -> list[Any]:
    return [one for one in read(content) if isinstance(one, Booked)]


def problems(content: bytes) -> list[tuple[int, str, str]]:
    found = []
    for one in read(content):
        if isinstance(one, Booked):
            one.statement.total += one.amount
        else:
            check(one.statement)
            found += [(p.line, p.element, p.code) for p in one.statement.problems]
    return found


def line_of(content: bytes, text: str) -> int:
    return content[: content.index(text.encode())].count(b"\n") + 1


@pytest.mark.parametrize("version", [V02, V08])
def test_an_entry_is_read_in_both_versions(version: str) -> None:
    status = "<Sts>BOOK</Sts>" if version == V02 else "<Sts><Cd>BOOK</Cd></Sts>"
    party = "<Nm>Nordlys Energi</Nm>" if version == V02 else "<Pty><Nm>Nordlys Energi</Nm></Pty>"
    details = f"""<NtryDtls><TxDtls><RltdPties><Cdtr>{party}</Cdtr>
      <CdtrAcct><Id><IBAN>SE4550000000058398257466</IBAN></Id></CdtrAcct></RltdPties>
      <RmtInf><Ustrd>Faktura 7</Ustrd><Ustrd>Februar</Ustrd></RmtInf></TxDtls></NtryDtls>"""
    code = (
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RDDT</Cd>"
        "<SubFmlyCd>ESDD</SubFmlyCd></Fmly></Domn></BkTxCd>"
    )
    content = document(statement(entry(status=status, details=details, code=code)), version=version)
    (one,) = booked(content)
    (moved,) = one.entry.transactions
    assert moved.amount == Decimal("-125.50")
    assert moved.counterparty_name == "Nordlys Energi"
    assert moved.counterparty_country == "SE"
    assert moved.text == "Faktura 7 Februar"
    assert moved.kind == "direct-debit"
    assert one.entry.booked_on == date(2026, 2, 2)
    assert problems(content) == []


def test_the_payer_stands_against_money_in() -> None:
    details = """<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Arbejdsgiver</Nm></Dbtr>
      <Cdtr><Nm>Mig selv</Nm></Cdtr></RltdPties></TxDtls></NtryDtls>"""
    content = document(statement(entry(sign="CRDT", details=details), closing="1125.50"))
    assert booked(content)[0].entry.transactions[0].counterparty_name == "Arbejdsgiver"
    assert problems(content) == []


def test_a_collected_entry_is_taken_apart_where_its_parts_add_up() -> None:
    parts = "".join(
        f"""<TxDtls><Refs><AcctSvcrRef>P{n}</AcctSvcrRef></Refs>
        <AmtDtls><TxAmt><Amt Ccy="DKK">{amount}</Amt></TxAmt></AmtDtls></TxDtls>"""
        for n, amount in enumerate(["100.00", "25.50"])
    )
    (one,) = booked(document(statement(entry(details=f"<NtryDtls>{parts}</NtryDtls>"))))
    assert [moved.amount for moved in one.entry.transactions] == [Decimal(-100), Decimal("-25.50")]
    assert len({moved.reference for moved in one.entry.transactions}) == 2
    wrong = parts.replace("25.50", "25.40")
    (one,) = booked(document(statement(entry(details=f"<NtryDtls>{wrong}</NtryDtls>"))))
    assert [moved.amount for moved in one.entry.transactions] == [Decimal("-125.50")]


def test_what_is_pending_is_left_out() -> None:
    content = document(statement(entry(), entry("5.00", ref="R2", status="<Sts>PDNG</Sts>")))
    assert len(booked(content)) == 1
    assert problems(content) == []


def test_a_statement_that_does_not_add_up_is_named_with_its_balance() -> None:
    content = document(statement(entry(), closing="874.51"))
    assert problems(content) == [(line_of(content, "874.51"), "Stmt/Bal", "balance")]


@pytest.mark.parametrize(
    ("broken", "element", "code"),
    [
        (entry("12,50"), "Stmt/Ntry/Amt", "invalid"),
        (entry("1.234"), "Stmt/Ntry/Amt", "invalid"),
        (entry(sign="BOTH"), "Stmt/Ntry/CdtDbtInd", "invalid"),
        (entry(day="2026-02-30"), "Stmt/Ntry/BookgDt/Dt", "invalid"),
        (entry(currency="SEK"), "Stmt/Ntry/Amt", "currency"),
    ],
)
def test_a_broken_entry_is_named_with_its_line_and_element(
    broken: str, element: str, code: str
) -> None:
    content = document(statement(entry(), broken))
    found = problems(content)
    assert (element, code) in [(where, what) for _line, where, what in found]
    line = next(line for line, where, _what in found if where == element)
    first = line_of(content, "<Ntry>")
    assert line > first


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "broken"),
        (document(statement(entry()))[:-40], "broken"),
        (document(statement(entry())).replace(b"</Amt>", b"</Amd>", 1), "broken"),
        (document(statement(entry()), version="urn:other"), "urn:other"),
        (document(statement(entry()), version=V02.replace("053", "054")), "camt.054"),
        (
            document(statement(entry())).replace(
                b"<Document", b'<!DOCTYPE x [<!ENTITY a "b">]><Document', 1
            ),
            "DOCTYPE",
        ),
        (document(statement(entry())).replace(b"M1", b"&lol;"), "broken"),
        (document("<a>" * 100 + "</a>" * 100), "deeply"),
        (document(statement(entry(ref="y" * 20_000))), "too long"),
        (document(f"<x>{'y' * 200_000}</x>"), "too long"),
    ],
)
def test_a_file_that_is_no_good_is_refused_with_line_and_element(content: bytes, said: str) -> None:
    with pytest.raises(StatementRefused, match=said) as caught:
        read(content)
    assert "ine " in str(caught.value)


def many(count: int, statements: int = 3) -> bytes:
    made = []
    for number in range(statements):
        entries = [entry("1.00", ref=f"{number}-{n}") for n in range(count)]
        closing = f"{1000 - count}.00"
        made.append(statement(*entries, number=number, closing=closing))
    return document(*made)


def test_reading_goes_on_before_any_entry_as_if_it_had_never_stopped() -> None:
    content = many(7)
    whole = [
        (one.statement.index, one.entry.number, one.entry.line, one.mark) for one in booked(content)
    ]
    assert len(whole) == 21
    for stop, found in enumerate(booked(content)):
        rest = [
            (one.statement.index, one.entry.number, one.entry.line, one.mark)
            for one in camt053.read(io.BytesIO(content), begin=found.mark)
            if isinstance(one, Booked)
        ]
        assert rest == whole[stop:]


def test_the_account_and_balances_are_known_after_going_on() -> None:
    content = many(5)
    found = booked(content)[8]
    ends = [
        one for one in camt053.read(io.BytesIO(content), begin=found.mark) if isinstance(one, Ended)
    ]
    assert [one.statement.account for one in ends] == [ACCOUNT, ACCOUNT]
    assert ends[0].statement.closing == (Decimal(995), date(2026, 2, 3))


# As a job ----------------------------------------------------------------------------------------


@pytest.fixture
def holding(ada: User, now: datetime) -> Holding:
    customer = make.customer(stage=Stage.ACTIVE, adviser=ada, branch=ada.branch, at=now)
    return make.holding(of=customer, reference="6400-1234567", at=now)


@pytest.fixture
def run(ola: User, now: datetime) -> Callable[..., Job]:
    def run_file(content: bytes, name: str = "statement.xml") -> Job:
        job = services.start_transaction_import(
            file=content, file_name=name, source="core", actor=ola, at=now
        )
        return jobs.run(job=job, at=now)

    return run_file


def test_a_statement_goes_in_with_its_balance_once(
    run: Callable[..., Job], holding: Holding
) -> None:
    content = document(statement(entry(), entry("24.50", ref="R2"), closing="850.00"))
    job = run(content)
    assert job.state == "DONE", job.message
    assert {name: job.outcome[name] for name in ("added", "refused", "balances")} == {
        "added": 2, "refused": 0, "balances": 1,
    }  # fmt: skip
    holding.refresh_from_db()
    assert (holding.balance, holding.balance_on) == (Decimal("850.00"), date(2026, 2, 3))
    again = run(content)
    assert (again.outcome["added"], again.outcome["known"], again.outcome["balances"]) == (0, 2, 0)
    assert Transaction.objects.count() == 2


def test_a_statement_that_does_not_add_up_stays_out_whole_and_the_others_go_in(
    run: Callable[..., Job], holding: Holding
) -> None:
    content = document(
        statement(entry(ref="A")),
        statement(entry(ref="B"), closing="1.00", number=2),
        statement(entry(ref="C"), number=3),
    )
    job = run(content)
    assert job.outcome["added"] == 2
    assert job.outcome["refused"] == 1
    assert job.outcome["refused_statements"] == 1
    error = job.errors.get()
    assert (error.code, error.column) == ("balance", "Stmt/Bal")
    kept = set(Transaction.objects.values_list("external_id", flat=True))
    assert {one.rpartition(":")[2] for one in kept} == {"A", "C"}


def test_a_file_that_breaks_at_its_end_leaves_nothing(
    run: Callable[..., Job], holding: Holding
) -> None:
    job = run(document(statement(entry()))[:-30])
    assert job.state == "FAILED"
    assert "Line" in job.message
    assert not Transaction.objects.exists()
    assert not TransactionBatch.objects.exists()


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize(
    ("chunk", "held", "look"), [(4, 100, 5), (4, 5, 3), (3, 2, 1), (50, 6, 50)]
)
def test_steps_cut_anywhere_give_the_same_result(
    run: Callable[..., Job],
    holding: Holding,
    monkeypatch: pytest.MonkeyPatch,
    lines: bool,
    chunk: int,
    held: int,
    look: int,
) -> None:
    monkeypatch.setattr(job_of_files, "CHUNK", chunk)
    monkeypatch.setattr(job_of_files, "MOST_HELD", held)
    monkeypatch.setattr(job_of_files, "LOOK", look)
    good = [entry("1.00", ref=f"g{n}") for n in range(7)]
    broken = [entry(day="2026-02-30"), *good, entry("9,00"), entry("1.00", ref="last")]
    small = [entry("9.00", ref="small")]
    content = many(7).replace(
        b"</BkToCstmrStmt>",
        (
            statement(*broken, number=8, closing="7.00")
            + statement(*small, number=9, closing="7.00")
            + statement(entry("2.00", ref="end"), number=10, closing="998.00")
            + "</BkToCstmrStmt>"
        ).encode(),
    )
    job = run(content if lines else content.replace(b"\n", b""))
    assert job.state == "DONE", job.message
    assert (job.total, job.done) == (31, 31)
    assert (job.outcome["added"], job.outcome["refused"]) == (22, 9)
    assert (job.outcome["statements"], job.outcome["refused_statements"]) == (6, 2)
    assert sorted(job.errors.values_list("column", "code")) == [
        ("Stmt/Bal", "balance"), ("Stmt/Bal", "balance"),
        ("Stmt/Ntry/Amt", "invalid"), ("Stmt/Ntry/BookgDt/Dt", "invalid"),
    ]  # fmt: skip
    assert Transaction.objects.count() == 22


def test_an_account_that_nobody_knows_is_parked(run: Callable[..., Job], db: None) -> None:
    job = run(document(statement(entry())))
    assert (job.outcome["added"], job.outcome["parked"]) == (0, 1)


CSV = "id,account,booked_on,amount,currency,text,kind\n"


def test_a_table_goes_in_row_by_row_and_names_its_faults(
    run: Callable[..., Job], holding: Holding
) -> None:
    content = (
        CSV
        + "1,6400-1234567,2026-02-01,-10.00,DKK,Kaffe,card\n"
        + '2,6400-1234567,2026-02-01,"1.000,50",DKK,Løn,salary\n'
        + "3,6400-1234567,31-02-2026,5.00,DKK,x,card\n"
        + "4,6400-1234567,2026-02-02,5.00,DKK\n"
        + "5,6400-1234567,2026-02-03,2500.00,DKK,Løn,salary\n"
    ).encode()
    job = run(content, "a.csv")
    assert job.state == "DONE", job.message
    assert (job.outcome["added"], job.outcome["refused"]) == (2, 3)
    assert list(job.errors.order_by("line").values_list("line", "column")) == [
        (3, "amount"), (4, "booked_on"), (5, ""),
    ]  # fmt: skip
    assert run(content, "a.csv").outcome["known"] == 2


def test_danish_column_names_are_understood(run: Callable[..., Job], holding: Holding) -> None:
    content = (
        "transaktions_id;konto;dato;beløb;valuta;tekst;modpart\n"
        "1;6400-1234567;2026-02-01;-10.00;DKK;Kaffe;Kaffebaren\n"
    ).encode()
    assert run(content, "a.csv").outcome["added"] == 1
    assert Transaction.objects.get().counterparty_name == "Kaffebaren"


def test_a_table_without_the_columns_fails_in_words(run: Callable[..., Job], db: None) -> None:
    job = run(b"a,b\n1,2\n", "a.csv")
    assert job.state == "FAILED"
    assert "booked_on" in job.message
