"""Taking in transactions: idempotent, partial, parked, and what follows for the customer."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from clm.core.models import Event, User
from customers import selectors, services
from customers.lifecycle import Stage
from customers.models import (
    Customer,
    Holding,
    ParkedTransaction,
    Transaction,
    TransactionBatch,
    TransactionKey,
)
from customers.services.transactions import add_transactions
from customers.transactions.rows import Fault, NewTransaction, masked_account, understand
from tests.factories import customers as make

Row = Callable[..., NewTransaction]


@pytest.fixture
def customer(ada: User, now: datetime) -> Customer:
    return make.customer(stage=Stage.ACTIVE, adviser=ada, branch=ada.branch, at=now)


@pytest.fixture
def holding(customer: Customer, now: datetime) -> Holding:
    return make.holding(of=customer, reference="6400-0001234567", at=now)


@pytest.fixture
def row(holding: Holding, now: datetime) -> Row:
    def make_row(number: int = 1, **fields: Any) -> NewTransaction:
        given: dict[str, Any] = {
            "place": number,
            "external_id": f"t-{number}",
            "account": holding.reference,
            "booked_on": now.date() - timedelta(days=1),
            "amount": Decimal("-125.50"),
            "currency": "DKK",
            "kind": "card",
            "text": "Købmand",
        }
        return NewTransaction(**given | fields)

    return make_row


@pytest.fixture
def take(system: User, now: datetime) -> Callable[..., Any]:
    def run(*rows: NewTransaction, actor: User = system, source: str = "core") -> Any:
        return services.receive_batch(rows=rows, source=source, refused=0, actor=actor, at=now)[0]

    return run


def test_a_transaction_goes_in_once(take: Any, row: Row, customer: Customer) -> None:
    first, second = take(row()), take(row())
    assert (first.added, first.known) == (1, 0)
    assert (second.added, second.known) == (0, 1)
    kept = Transaction.objects.get()
    assert kept.amount == Decimal("-125.50")
    assert kept.customer_id == customer.pk
    assert TransactionBatch.objects.count() == 1, "nothing new leaves no batch"


def test_the_same_id_of_another_source_is_another_transaction(take: Any, row: Row) -> None:
    take(row(), source="core")
    take(row(), source="cards")
    assert Transaction.objects.count() == 2


def test_a_known_id_with_other_content_is_told_and_overwrites_nothing(take: Any, row: Row) -> None:
    take(row())
    outcome = take(row(amount=Decimal("-999.00")))
    assert [(fault.code, fault.place) for fault in outcome.faults] == [("conflict", 1)]
    assert Transaction.objects.get().amount == Decimal("-125.50")


def test_twice_in_one_batch_is_once(take: Any, row: Row) -> None:
    outcome = take(row(), row(), row(amount=Decimal(7)))
    assert (outcome.added, outcome.known, len(outcome.faults)) == (1, 1, 1)


def test_a_corrected_date_does_not_slip_through_into_another_partition(
    take: Any, row: Row, now: datetime
) -> None:
    take(row())
    outcome = take(row(booked_on=now.date() - timedelta(days=60)))
    assert outcome.added == 0
    assert outcome.faults[0].code == "conflict"
    assert Transaction.objects.count() == TransactionKey.objects.count() == 1


def test_each_month_has_its_partition(take: Any, row: Row, now: datetime) -> None:
    day = date(now.year - 3, 2, 28)
    take(row(1, booked_on=day), row(2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM customers_transaction")
        found = {name for (name,) in cursor.fetchall()}
    yesterday = now.date() - timedelta(days=1)
    assert found == {
        f"customers_transaction_p{day:%Y_%m}",
        f"customers_transaction_p{yesterday:%Y_%m}",
    }


def test_an_unknown_holding_is_parked_seen_and_goes_in_later(
    take: Any, row: Row, customer: Customer, now: datetime, ola: User, ada: User
) -> None:
    stranger = row(account="9999-1", counterparty_name="Hemmelig Person")
    outcome = take(stranger)
    assert outcome.parked == {1: "unknown-holding"}
    parked = ParkedTransaction.objects.get()
    assert "Hemmelig" not in parked.content, "what it says of people is sealed"
    assert list(selectors.visible_parked(actor=ola)) == [parked]
    assert not selectors.visible_parked(actor=ada), "reach of one branch sees none"
    assert take(stranger).newly_parked == 0
    assert services.retry_parked(at=now) == 0
    make.holding(of=customer, reference="9999-1", at=now)
    assert services.retry_parked(at=now) == 1
    assert not ParkedTransaction.objects.exists()
    assert Transaction.objects.get().counterparty_name == "Hemmelig Person"


def test_a_parked_one_that_comes_again_after_its_holding_waits_no_longer(
    take: Any, row: Row, customer: Customer, now: datetime
) -> None:
    take(row(account="9999-1"))
    make.holding(of=customer, reference="9999-1", at=now)
    assert take(row(account="9999-1")).added == 1
    assert not ParkedTransaction.objects.exists()


@pytest.mark.parametrize("days", [-365 * 12, 30, 365 * 100])
def test_an_implausible_day_is_parked(take: Any, row: Row, now: datetime, days: int) -> None:
    outcome = take(row(booked_on=now.date() + timedelta(days=days)))
    assert outcome.parked == {1: "implausible-date"}
    assert not Transaction.objects.exists()


def test_the_good_ones_of_a_mixed_batch_go_in(take: Any, row: Row) -> None:
    outcome = take(row(1), row(2, currency="EUR"), row(3, account="nobody"), row(4))
    assert outcome.added == 2
    assert [(fault.place, fault.member) for fault in outcome.faults] == [(2, "currency")]
    assert outcome.parked == {3: "unknown-holding"}


def test_who_reaches_a_branch_cannot_write_beyond_it_nor_park(
    take: Any, row: Row, bo: User, now: datetime
) -> None:
    outcome = take(row(), actor=bo)
    assert outcome.added == 0
    assert not outcome.parked
    assert [fault.member for fault in outcome.faults] == ["account"]


def test_the_last_day_is_noted_and_never_goes_back(
    take: Any, row: Row, customer: Customer, now: datetime
) -> None:
    version = customer.version
    recent = now.date() - timedelta(days=3)
    take(row(1, booked_on=recent))
    take(row(2, booked_on=recent - timedelta(days=90)))
    customer.refresh_from_db()
    assert customer.last_transaction_on == recent
    assert customer.version == version


@pytest.mark.parametrize("kind", ["fee", "interest"])
def test_what_the_bank_books_itself_is_no_sign_of_life(
    take: Any, row: Row, customer: Customer, kind: str
) -> None:
    before = customer.last_transaction_on
    take(row(kind=kind))
    customer.refresh_from_db()
    assert customer.last_transaction_on == before


def test_one_event_a_batch_and_no_personal_data_in_it(take: Any, row: Row, now: datetime) -> None:
    before = set(Event.objects.values_list("pk", flat=True))
    take(*(row(number, counterparty_name="Hemmelig") for number in range(50)))
    fresh = Event.objects.exclude(pk__in=before)
    assert [(event.record_type, event.action) for event in fresh] == [
        ("customers.TransactionBatch", "create")
    ]
    assert "Hemmelig" not in str(fresh[0].payload)


def test_statements_do_not_grow_with_the_rows(
    take: Any, row: Row, django_assert_max_num_queries: Any
) -> None:
    take(row(0))
    with django_assert_max_num_queries(24):
        take(*(row(number) for number in range(1, 400)))


@pytest.mark.parametrize(
    "text",
    ["a\\b", "tab\there", "line\nbreak", "\\N", "\\.", "ære 漢字 🙂", "' ; DROP TABLE x; --"],
)
def test_any_text_survives_the_way_in(take: Any, row: Row, text: str) -> None:
    take(row(text=text, counterparty_name=text))
    kept = Transaction.objects.get()
    assert (kept.text, kept.counterparty_name) == (text, text)


def test_a_counterparty_is_masked_and_still_recognised(take: Any, row: Row) -> None:
    iban = "DK5000400440116243"
    take(row(1, counterparty_account=iban), row(2, counterparty_account="DK50 0040 0440 1162 43"))
    first, second = Transaction.objects.order_by("external_id")
    assert first.counterparty_account == "DK••••6243"
    assert first.counterparty_index is not None
    assert second.counterparty_index is not None
    assert bytes(first.counterparty_index) == bytes(second.counterparty_index)
    assert iban not in str(Transaction.objects.values_list())


def test_a_danish_iban_finds_its_holding(take: Any, row: Row) -> None:
    assert take(row(account="DK5064000001234567")).added == 1
    assert take(row(2, account="DK50 6400 0001 2345 67")).added == 1


def test_reach_over_transactions(take: Any, row: Row, ada: User, bo: User) -> None:
    take(row())
    kept = Transaction.objects.get()
    assert list(selectors.visible_transactions(actor=ada)) == [kept]
    assert not selectors.visible_transactions(actor=bo)
    assert selectors.transaction_named(actor=ada, pk=kept.pk) == kept
    assert selectors.transaction_named(actor=bo, pk=kept.pk) is None


def test_a_discarded_one_leaves_who_and_why(take: Any, row: Row, ola: User, now: datetime) -> None:
    take(row(account="9999-1"))
    parked = ParkedTransaction.objects.get()
    services.discard_parked(parked=parked, actor=ola, at=now, reason="A test of the sender's")
    assert not ParkedTransaction.objects.exists()
    event = Event.objects.get(record_id=parked.batch_id, action="discard")
    assert event.actor_id == ola.pk


def test_two_days_of_balances_the_later_one_stays(holding: Holding, now: datetime) -> None:
    later, earlier = now.date(), now.date() - timedelta(days=1)
    version = holding.version
    services.update_balances(balances={holding.pk: (Decimal("10.25"), later)}, at=now)
    services.update_balances(balances={holding.pk: (Decimal("99.00"), earlier)}, at=now)
    holding.refresh_from_db()
    assert (holding.balance, holding.balance_on) == (Decimal("10.25"), later)
    assert holding.version == version + 1


GOOD = {
    "id": "1", "account": "6400-1", "booked_on": "2026-02-01", "amount": "-12.50",
    "currency": "DKK",
}  # fmt: skip


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("id", "", "required"),
        ("id", "x" * 201, "max_length"),
        ("id", 7, "invalid"),
        ("account", None, "required"),
        ("booked_on", "31-02-2026", "invalid"),
        ("booked_on", "2026-02-30", "invalid"),
        ("booked_on", 20260201, "invalid"),
        ("valued_on", "yesterday", "invalid"),
        ("amount", "1.000,50", "invalid"),
        ("amount", "12.345", "invalid"),
        ("amount", "NaN", "invalid"),
        ("amount", "1e5", "invalid"),
        ("amount", 12.5, "invalid"),
        ("amount", "9" * 17, "invalid"),
        ("currency", "XXY", "invalid"),
        ("currency", "dkk", "invalid"),
        ("kind", "gift", "invalid_choice"),
        ("counterparty_country", "QQ1", "invalid"),
        ("text", "nul\x00", "invalid"),
        ("text", "x" * 501, "max_length"),
        ("text", ["a"], "invalid"),
    ],
)
def test_what_is_wrong_with_a_row_is_named(member: str, value: Any, code: str) -> None:
    found = understand(values=GOOD | {member: value}, place=3)
    assert isinstance(found, Fault)
    assert (found.place, found.member, found.code) == (3, member, code)


def test_a_good_row_is_understood() -> None:
    found = understand(values=GOOD | {"kind": "salary", "text": " Løn "}, place=0)
    assert isinstance(found, NewTransaction)
    assert (found.amount, found.kind, found.text) == (Decimal("-12.50"), "salary", "Løn")


@pytest.mark.parametrize(
    ("account", "shown"),
    [("", ""), ("1234", "••••"), ("DK5000400440116243", "DK••••6243"), ("64001234567", "••••4567")],
)
def test_accounts_are_masked(account: str, shown: str) -> None:
    assert masked_account(account) == shown


def test_a_batch_that_fails_leaves_nothing(
    system: User, now: datetime, row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    from customers.services import ledger

    def fail(**_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(ledger, "note_last_seen", fail)
    with pytest.raises(RuntimeError):
        add_transactions(
            rows=[row()], source="core", batch=TransactionBatch(), actor=system, at=now
        )
    assert not TransactionKey.objects.exists()
    assert not Transaction.objects.exists()
