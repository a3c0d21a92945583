"""Erased is erased: nothing that names the customer is left in any table, and the audit holds."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from clm.core import audit, files, jobs, lifecycle, records, work
from clm.core.models import Approval, EventDetail, User
from customers import services
from customers.lifecycle import Stage
from customers.models import AccountConsent, Customer, OtherAccount, OtherBank
from customers.transactions.rows import NewTransaction
from tests.factories import acquisition, engagement
from tests.factories import customers as make

NAME, FAMILY, CPR, EMAIL, PHONE = (
    "Zacharias", "Kvistgaard-Ulvedal", "120384-1235", "zku@kvistgaard.example", "+4531415926",
)  # fmt: skip
TOLD = (NAME, FAMILY, "120384", "1203841235", EMAIL, PHONE, "Ulvevej 7")


def traces(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every (table.column, word) of the whole database where a word is left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            " AND (c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY'))"
        )
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s',
                    [f"%{word}%"],
                )
                if cursor.fetchone()[0]:
                    yield f"{table}.{column}", word


def money_of(customer: Customer, about: str, ada: User, system: User, at: datetime) -> None:
    """A payment that names the customer."""
    holding = make.holding(of=customer, at=at, currency="DKK")
    payment = NewTransaction(
        place=1, external_id="1", account=holding.reference, booked_on=at.date(), valued_on=None,
        amount=Decimal(-100), currency="DKK", kind="transfer", text=about[:60],
        counterparty_name=FAMILY, counterparty_account="", counterparty_country="DK",
    )  # fmt: skip
    outcome, _batch = services.receive_batch(
        rows=[payment], source="test", refused=0, actor=system, at=at
    )
    assert outcome.added == 1, outcome
    bank_of(customer, ada, system, at)


def bank_of(customer: Customer, ada: User, system: User, at: datetime) -> None:
    """An account of theirs at another bank, one and the same for whoever has it."""
    bank = OtherBank.objects.first() or records.create(
        record=OtherBank(code="b", name="B", country="DK", address="http://127.0.0.1:1"),
        actor=system, at=at,
    )  # fmt: skip
    consent = records.create(
        record=AccountConsent(
            customer=customer, bank=bank, scopes=["accounts"], asked_on=at.date(),
            valid_until=at.date(), asked_by=ada, trouble=FAMILY,
        ),
        actor=system, at=at,
    )  # fmt: skip
    records.create(
        record=OtherAccount(
            customer=customer, bank=bank, consent=consent, resource_id="r", masked="••",
            index=b"x" * 32, name=f"{NAME}s opsparing", currency="DKK",
        ),
        actor=system, at=at,
    )  # fmt: skip


@pytest.fixture
def told(karen: User, mads: User, ada: User, system: User, now: datetime) -> Customer:
    """A customer of whom something was written wherever something can be."""
    long_ago = now - timedelta(days=3000)
    customer = services.create_customer(
        kind="person", given_names=NAME, family_name=FAMILY, born_on=date(1984, 3, 12),
        emails=[EMAIL], phones=[PHONE], identifiers=[("cpr", CPR)],
        addresses=[{"line1": "Ulvevej 7", "postal_code": "8000", "city": "Aarhus",
                    "country": "DK"}],
        source="test", actor=ada, at=long_ago,
    )  # fmt: skip
    about = f"{NAME} {FAMILY} asked; {EMAIL}"
    customer = services.change_customer(
        customer=customer, changes={"given_names": f"{NAME} Peter"}, actor=ada, at=long_ago
    )
    acquisition.lead(given_names=NAME, family_name=FAMILY, email=EMAIL, note=about, at=long_ago)
    from acquisition.models import Lead

    Lead.objects.update(customer=customer)
    engagement.interaction(customer=customer, text=about, at=long_ago)
    engagement.feedback(customer=customer, text=about, at=long_ago)
    engagement.enquiry(customer=customer, subject=about, text=about, at=long_ago)
    work.add_task(
        title=f"Call {FAMILY}", record=customer, assignee=ada, due_at=None, actor=ada, at=long_ago
    )
    services.make_offer(customer=customer, kind="fee", text=about[:60], given_by=ada, at=long_ago)
    records.note(record=customer, action="talk", actor=ada, at=long_ago, detail={"words": about})
    money_of(customer, about, ada, system, long_ago)
    return lifecycle.perform(
        record=customer, name="withdraw", actor=system, at=long_ago, reason=about,
        changes={"retention_until": long_ago.date() + timedelta(days=1826)},
    )  # fmt: skip


def erase(customer: Customer, karen: User, mads: User, now: datetime) -> None:
    services.ask_erasure(customer=customer, actor=karen, at=now, reason=f"{FAMILY}: time is up")
    customer.refresh_from_db()
    lifecycle.perform(record=customer, name="erase", actor=mads, at=now, reason="agreed")


def test_nothing_that_names_the_customer_is_left(
    told: Customer, karen: User, mads: User, now: datetime, deliver_all: Any, db: None
) -> None:
    before = {place.split(".")[0] for place, _word in traces(TOLD)}
    # What is looked for is really there, or the search would prove nothing.
    assert {
        "customers_customer", "customers_customer_history", "customers_contactpoint",
        "acquisition_lead", "engagement_interaction", "engagement_enquiry", "engagement_enquirymessage", "engagement_feedback",
        "core_eventdetail", "core_task",
        "customers_otheraccount", "customers_accountconsent", "customers_transaction",
    } <= before  # fmt: skip
    erase(told, karen, mads, now)
    deliver_all()
    assert list(traces(TOLD)) == []
    assert not EventDetail.objects.filter(record_id=told.pk).exists()
    assert not told.history.exists()  # type: ignore[attr-defined]


def test_what_stayed_with_the_records_that_were_merged_goes_as_well(
    karen: User, mads: User, ada: User, system: User, now: datetime, deliver_all: Any, db: None
) -> None:
    long_ago = now - timedelta(days=3000)
    first, second, third = (
        services.create_customer(
            kind="person", given_names=NAME, family_name=FAMILY, source="test", actor=ada,
            addresses=[{"line1": "Ulvevej 7", "postal_code": "8000", "city": "Aarhus"}],
            at=long_ago,
        )
        for _ in range(3)
    )  # fmt: skip
    # Of two accounts that are one, the merged record keeps its own.
    bank_of(first, ada, system, long_ago)
    bank_of(second, ada, system, long_ago)
    for survivor, absorbed in ((second, first), (third, second)):
        services.merge_customers(
            survivor=survivor, absorbed=absorbed, actor=karen, at=long_ago,
            reason=f"{FAMILY} is one person",
        )  # fmt: skip
    assert OtherAccount.objects.filter(customer=first, name__contains=NAME).exists()
    last = lifecycle.perform(
        record=Customer.objects.get(pk=third.pk), name="withdraw", actor=system, at=long_ago,
        reason="gone", changes={"retention_until": long_ago.date() + timedelta(days=1826)},
    )  # fmt: skip
    erase(last, karen, mads, now)
    deliver_all()
    assert list(traces(TOLD)) == []
    assert audit.verify().broken == []


def test_the_copies_that_were_made_of_everything_go_as_well(
    told: Customer, karen: User, mads: User, now: datetime, deliver_all: Any, db: None,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    other = make.customer(stage=Stage.ACTIVE, at=now)
    packs = [
        jobs.run(job=services.start_subject_access(customer=one, actor=karen, at=now), at=now)
        for one in (told, other)
    ]
    assert all(one.result_file for one in packs), packs[0].message
    with django_capture_on_commit_callbacks(execute=True):
        erase(told, karen, mads, now)
        deliver_all()
    with pytest.raises(FileNotFoundError):
        files.read(key=packs[0].result_file)
    assert files.read(key=packs[1].result_file)
    packs[0].refresh_from_db()
    assert packs[0].result_file == ""


def test_the_audit_still_holds_afterwards(
    told: Customer, karen: User, mads: User, now: datetime, deliver_all: Any, db: None
) -> None:
    erase(told, karen, mads, now)
    deliver_all()
    assert audit.verify().broken == []
    decided = Approval.objects.get(record_id=told.pk, decision="approved")
    assert (decided.shown, decided.reason, decided.maker) == ({}, "", karen)


def test_others_keep_what_is_theirs(
    told: Customer, karen: User, mads: User, ada: User, now: datetime, deliver_all: Any, db: None
) -> None:
    other = make.customer(stage=Stage.ACTIVE, emails=["other@example.dk"], at=now)
    services.change_customer(customer=other, changes={"occupation": "baker"}, actor=ada, at=now)
    records.note(record=other, action="talk", actor=ada, at=now, detail={"words": "kept"})
    erase(told, karen, mads, now)
    deliver_all()
    assert Customer.objects.get(pk=other.pk).family_name == other.family_name
    assert EventDetail.objects.filter(record_id=other.pk).exists()
    assert other.history.count() >= 1  # type: ignore[attr-defined]
