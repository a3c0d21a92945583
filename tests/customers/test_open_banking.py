"""Reading accounts at another bank over real HTTP: the good way, and every way it goes wrong."""

import ssl
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from clm.core import records
from clm.core.ids import uuid7
from clm.core.models import Event, Task, User
from customers import services
from customers.lifecycle import Stage
from customers.models import (
    AccountConsent,
    Customer,
    OtherAccount,
    OtherBank,
    SourceRecord,
    Transaction,
    TransactionBatch,
)
from customers.openbanking.addresses import check_address
from customers.openbanking.client import AisClient, BankTrouble, ConsentEnded
from customers.openbanking.standin import StandIn
from customers.openbanking.talk import talk
from customers.services import account_readings as readings
from tests.customers import misbehaviour
from tests.factories import customers as make


@pytest.fixture
def sundbank(now: datetime) -> Iterator[StandIn]:
    with StandIn(today=now.date()) as bank:
        yield bank


@pytest.fixture
def bank(sundbank: StandIn, now: datetime, system: User) -> OtherBank:
    made = OtherBank(code="sundbank", name="Sundbank", address=sundbank.address)
    return records.create(record=made, actor=system, at=now)


@pytest.fixture
def customer(ada: User, now: datetime) -> Customer:
    return make.customer(stage=Stage.ACTIVE, adviser=ada, branch=ada.branch, at=now)


class Conversation:
    """A consent and the clock that its talks run on."""

    def __init__(self, consent: AccountConsent, at: datetime) -> None:
        self.consent = consent
        self.at = at
        self.limits: dict[str, Any] = {}

    def talk(self, *, after: timedelta = timedelta(seconds=20)) -> bool:
        self.at += after
        had = talk(
            consent_id=self.consent.pk,
            clock=lambda: self.at,
            connect=lambda address: AisClient(address=address, **self.limits),
        )
        self.consent.refresh_from_db()
        return had


@pytest.fixture
def conversation(customer: Customer, bank: OtherBank, ada: User, now: datetime) -> Conversation:
    consent = services.ask_account_consent(customer=customer, bank=bank, actor=ada, at=now)
    return Conversation(consent, now)


@pytest.fixture
def in_force(conversation: Conversation, sundbank: StandIn) -> Conversation:
    """Asked for, authorised over there, and heard of here; nothing is read yet."""
    conversation.talk()
    sundbank.set_status(conversation.consent.external_id, "valid")
    conversation.talk()
    assert conversation.consent.state == "VALID"
    return conversation


# The good way ------------------------------------------------------------------------------------


def test_a_consent_is_asked_for_authorised_and_read(
    conversation: Conversation, sundbank: StandIn, customer: Customer
) -> None:
    assert conversation.talk()
    consent = conversation.consent
    assert consent.state == "RECEIVED"
    assert consent.external_id
    assert consent.authorise_url.startswith(sundbank.address)
    assert conversation.talk()
    assert consent.state == "RECEIVED", "the customer has not been there yet"
    sundbank.set_status(consent.external_id, "valid")
    assert conversation.talk()
    assert conversation.talk()
    accounts = list(OtherAccount.objects.order_by("masked"))
    assert [account.balance for account in accounts] == [Decimal("18230.55"), Decimal("142000.00")]
    rows = Transaction.objects.filter(customer=customer)
    assert rows.count() > 15
    assert {row.source.partition(":")[0] for row in rows} == {"open-banking"}
    assert {row.holding_id for row in rows} == {None}
    assert rows.filter(kind="salary")[0].amount == Decimal("27643.00")
    batch = TransactionBatch.objects.get()
    assert (batch.route, batch.added) == ("open-banking", rows.count())
    assert (
        SourceRecord.objects.filter(customer=customer, system="open-banking-sundbank").count() == 2
    )
    assert consent.fetched_at == conversation.at


def test_what_is_read_elsewhere_is_no_sign_of_life_here(
    in_force: Conversation, customer: Customer
) -> None:
    before = customer.last_transaction_on
    in_force.talk()
    customer.refresh_from_db()
    assert Transaction.objects.exists()
    assert customer.last_transaction_on == before


def test_reading_again_adds_nothing_and_begins_where_it_ended(
    in_force: Conversation, sundbank: StandIn
) -> None:
    in_force.talk()
    count = Transaction.objects.count()
    sundbank.requests.clear()
    assert not in_force.talk(), "not before a day has passed"
    assert in_force.talk(after=timedelta(days=1))
    assert Transaction.objects.count() == count
    since = (in_force.at.date() - timedelta(days=1 + readings.OVERLAP_DAYS)).isoformat()
    assert any(f"dateFrom={since}" in one for one in sundbank.requests)


def test_asking_twice_after_a_crash_gives_one_consent_over_there(
    conversation: Conversation, sundbank: StandIn
) -> None:
    call = readings.claim(consent_id=conversation.consent.pk, at=conversation.at)
    assert call is not None
    client = AisClient(address=call.address)
    ask = partial(
        client.ask_consent, scopes=["accounts"], valid_until=call.valid_until, frequency=1
    )
    # The worker dies here, after the bank has answered; the lease lapses.
    ask(request_id=call.consent_id)
    assert not conversation.talk(), "leased to the dead one"
    assert conversation.talk(after=readings.LEASE * 2)
    assert len(sundbank.consents) == 1


def test_nothing_is_open_while_the_bank_is_asked(
    in_force: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No savepoint beyond the test's own transaction, and the talk is leased to nobody else."""
    from django.db import connection

    depth = len(connection.savepoint_ids)
    seen: list[tuple[int, bool]] = []
    exchange = AisClient._exchange

    def watched(self: AisClient, *given: Any) -> Any:
        taken = readings.claim(consent_id=in_force.consent.pk, at=in_force.at) is not None
        seen.append((len(connection.savepoint_ids) - depth, taken))
        return exchange(self, *given)

    monkeypatch.setattr(AisClient, "_exchange", watched)
    in_force.talk()
    assert len(seen) > 3
    assert set(seen) == {(0, False)}


# Consent -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 181, -1])
def test_a_consent_lasts_180_days_at_most(
    customer: Customer, bank: OtherBank, ada: User, now: datetime, days: int
) -> None:
    with pytest.raises(ValidationError):
        services.ask_account_consent(customer=customer, bank=bank, actor=ada, at=now, days=days)


def test_the_database_knows_the_180_days_as_well(conversation: Conversation) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        AccountConsent.objects.update(valid_until=conversation.at.date() + timedelta(days=181))


def test_one_consent_a_bank_at_a_time(conversation: Conversation, ada: User) -> None:
    consent = conversation.consent
    with pytest.raises(ValidationError):
        services.ask_account_consent(
            customer=consent.customer, bank=consent.bank, actor=ada, at=conversation.at
        )


def test_who_may_not_ask_is_told(
    customer: Customer, bank: OtherBank, max_: User, now: datetime
) -> None:
    with pytest.raises(PermissionDenied):
        services.ask_account_consent(customer=customer, bank=bank, actor=max_, at=now)


def test_a_withdrawn_consent_stops_reading_and_the_bank_is_told(
    in_force: Conversation, sundbank: StandIn, ada: User
) -> None:
    services.revoke_account_consent(
        consent=in_force.consent, by="customer", actor=ada, at=in_force.at, reason="Asked to"
    )
    sundbank.requests.clear()
    assert in_force.talk()
    assert [one.split()[0] for one in sundbank.requests] == ["DELETE"]
    assert in_force.consent.told_at == in_force.at
    assert not in_force.talk(after=timedelta(days=3))
    assert not Transaction.objects.exists()
    chain = Event.objects.filter(record_id=in_force.consent.customer_id, action="account_consent")
    assert [one.payload["state"] for one in chain.order_by("sequence")] == [
        "RECEIVED", "VALID", "REVOKED",
    ]  # fmt: skip


def test_what_is_heard_after_a_withdrawal_is_dropped(
    in_force: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = AisClient.accounts

    def meanwhile(self: AisClient, **given: Any) -> Any:
        found = accounts(self, **given)
        services.revoke_account_consent(
            consent=in_force.consent, by="customer", actor=ada, at=in_force.at, reason="Now"
        )
        return found

    monkeypatch.setattr(AisClient, "accounts", meanwhile)
    assert in_force.talk()
    assert not OtherAccount.objects.exists()
    assert not Transaction.objects.exists()


@pytest.mark.parametrize(
    ("status", "state", "by"),
    [("revokedByPsu", "REVOKED", "them"), ("expired", "EXPIRED", "")],
)
def test_an_end_over_there_ends_it_here_and_is_told(
    in_force: Conversation, sundbank: StandIn, ada: User, status: str, state: str, by: str
) -> None:
    sundbank.set_status(in_force.consent.external_id, status)
    in_force.talk()
    assert (in_force.consent.state, in_force.consent.ended_by) == (state, by)
    assert Task.objects.filter(assignee=ada, done_at=None).count() == 1
    assert not in_force.talk(after=timedelta(days=2))


def test_a_refusal_over_there_is_followed(conversation: Conversation, sundbank: StandIn) -> None:
    conversation.talk()
    sundbank.set_status(conversation.consent.external_id, "rejected")
    conversation.talk()
    assert conversation.consent.state == "REJECTED"
    assert not conversation.talk(after=timedelta(days=1))


def test_its_last_day_ends_it(in_force: Conversation, ada: User) -> None:
    last = in_force.consent.valid_until
    noon = in_force.at.replace(year=last.year, month=last.month, day=last.day)
    assert services.expire_account_consents(at=noon) == 0
    assert services.expire_account_consents(at=noon + timedelta(days=1)) == 1
    in_force.consent.refresh_from_db()
    assert in_force.consent.state == "EXPIRED"
    assert Task.objects.filter(assignee=ada).count() == 1
    assert not in_force.talk(after=timedelta(days=400))


def test_a_customer_who_never_authorises_is_not_waited_for(conversation: Conversation) -> None:
    conversation.talk()
    conversation.talk(after=readings.PATIENCE * 2)
    assert conversation.consent.state == "EXPIRED"


# What can go wrong on the wire --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "limits", "said"),
    [
        (misbehaviour.slow, {"connect_seconds": 0.3}, "not answer"),
        (misbehaviour.drip, {"answer_seconds": 0.5}, "not answer"),
        (misbehaviour.malformed, {}, "not valid JSON"),
        (misbehaviour.misshapen, {}, "not shaped"),
        (misbehaviour.huge, {"most_bytes": 200_000}, "too large"),
        (misbehaviour.cut, {}, "not answer"),
        (misbehaviour.html, {}, "something else than JSON"),
        (misbehaviour.status(500), {}, "status 500"),
        (misbehaviour.status(429), {}, "status 429"),
        (misbehaviour.redirect, {}, "another address"),
        (misbehaviour.loop, {}, "do not come to an end"),
        (misbehaviour.elsewhere, {}, "another address"),
    ],
)
def test_trouble_is_told_and_tried_again(
    in_force: Conversation, sundbank: StandIn, behaviour: Any, limits: dict[str, Any], said: str
) -> None:
    in_force.limits = limits
    sundbank.instead = behaviour
    assert in_force.talk()
    assert said in in_force.consent.trouble
    assert in_force.consent.state == "VALID"
    assert not in_force.talk(after=timedelta(seconds=10)), "it waits first"
    sundbank.instead, in_force.limits = None, {}
    assert in_force.talk(after=timedelta(minutes=10))
    assert in_force.consent.trouble == ""
    assert Transaction.objects.count() > 15


def test_nobody_there_is_trouble(in_force: Conversation, bank: OtherBank, system: User) -> None:
    records.change(
        record=bank, changes={"address": "http://127.0.0.1:1"}, actor=system, at=in_force.at
    )
    in_force.talk()
    assert "not answer" in in_force.consent.trouble


def test_trouble_that_lasts_is_told_to_the_adviser_once(
    in_force: Conversation, sundbank: StandIn, ada: User
) -> None:
    sundbank.instead = misbehaviour.status(503)
    for _number in range(readings.TOLD_AFTER + 3):
        in_force.talk(after=timedelta(hours=12))
    assert Task.objects.filter(assignee=ada).count() == 1


def test_a_consent_that_expires_between_two_pages_keeps_the_first(
    in_force: Conversation, sundbank: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("customers.openbanking.standin.PAGE", 5)
    sundbank.instead = misbehaviour.expire_midway
    in_force.talk()
    assert in_force.consent.state == "EXPIRED"
    assert Transaction.objects.count() == 5
    assert TransactionBatch.objects.get().added == 5
    assert OtherAccount.objects.filter(read_to=None).count() == OtherAccount.objects.count()


def test_pages_given_twice_go_in_once(in_force: Conversation, sundbank: StandIn) -> None:
    sundbank.instead = misbehaviour.twice
    in_force.talk()
    batch = TransactionBatch.objects.get()
    assert batch.added == batch.known == Transaction.objects.count() > 5


def test_many_pages_are_read_to_the_last(
    in_force: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("customers.openbanking.standin.PAGE", 3)
    in_force.talk()
    assert Transaction.objects.count() > 15
    assert OtherAccount.objects.exclude(read_to=None).count() == 2


# The client alone ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "http://bank.example.com",
        "ftp://127.0.0.1",
        "https://user:pw@bank.example.com",
        "https://bank.example.com/?x=1",
        "https://",
        "https://bank.example.com:99999",
        "javascript:alert(1)",
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(ValidationError):
        check_address(address)


def test_plain_http_belongs_to_a_local_run_only(settings: Any) -> None:
    check_address("http://127.0.0.1:8001")
    settings.CLM_LOCAL = False
    with pytest.raises(ValidationError):
        check_address("http://127.0.0.1:8001")
    check_address("https://psd2.example.com")


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Any) -> None:
    """A real TLS server with a certificate of its own making."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2090, 1, 1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = StandIn()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    server.server.socket = serving.wrap_socket(server.server.socket, server_side=True)
    server.authorise_at_once = True
    with server:
        port = server.server.server_port
        ask: dict[str, Any] = {
            "request_id": uuid7(), "scopes": ["accounts"], "valid_until": date(2026, 6, 1), "frequency": 1,
        }  # fmt: skip
        with pytest.raises(BankTrouble):
            AisClient(address=f"https://localhost:{port}").ask_consent(**ask)
        trusting = ssl.create_default_context(cafile=str(pem))
        client = AisClient(address=f"https://localhost:{port}", context=trusting)
        assert client.ask_consent(**ask).status == "valid"


def test_an_id_that_would_leave_its_place_in_an_address(sundbank: StandIn) -> None:
    with pytest.raises(BankTrouble):
        AisClient(address=sundbank.address).consent_status(consent_id="../../admin")
    assert sundbank.requests == []


def test_an_unknown_consent_has_ended(sundbank: StandIn) -> None:
    with pytest.raises(ConsentEnded):
        AisClient(address=sundbank.address).accounts(consent_id="c-unknown")
