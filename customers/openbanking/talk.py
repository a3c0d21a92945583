"""One talk with another bank, from the claim to the last answer written."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from customers.models import AccountScope, OtherAccount, TransactionBatch
from customers.openbanking.client import AisClient, BankTrouble, ConsentEnded
from customers.openbanking.shapes import Reader
from customers.services import account_readings as readings
from customers.services.account_readings import Call, Overtaken

Clock = Callable[[], datetime]
Connect = Callable[[str], AisClient]


def connect(address: str) -> AisClient:
    return AisClient(address=address)


def talk(*, consent_id: UUID, clock: Clock, connect: Connect = connect) -> bool:
    """
    Have the talk that is due about a consent; whether one was had.

    No lock is held and no transaction is open while the other bank is asked.

    :param clock: the present instant, asked for before and after each answer
    """
    call = readings.claim(consent_id=consent_id, at=clock())
    if call is None:
        return False
    try:
        client = connect(call.address)
        if call.purpose == "register":
            answer = client.ask_consent(
                # The same however often it is asked: there is one consent over there.
                request_id=call.consent_id,
                scopes=list(call.scopes),
                valid_until=call.valid_until,
                frequency=call.frequency,
            )
            readings.registered(call=call, answer=answer, at=clock())
        elif call.purpose == "status":
            status = client.consent_status(consent_id=call.external_id)
            readings.status_heard(call=call, status=status, at=clock())
        elif call.purpose == "tell":
            client.end_consent(consent_id=call.external_id)
            readings.told(call=call, at=clock())
        else:
            _read(call, client, clock)
    except ConsentEnded as ended:
        readings.over_there(call=call, how=ended.how, at=clock())
    except BankTrouble as error:
        readings.trouble(call=call, sentence=str(error), at=clock())
    except Overtaken:
        pass
    return True


def _read(call: Call, client: AisClient, clock: Clock) -> None:
    batch = TransactionBatch(route=TransactionBatch.Route.OPEN_BANKING, source="open-banking")
    try:
        for account in client.accounts(consent_id=call.external_id):
            balance = None
            if AccountScope.BALANCES in call.scopes:
                balance = client.balance(consent_id=call.external_id, account=account.resource_id)
            kept = readings.account_heard(call=call, account=account, balance=balance, at=clock())
            if AccountScope.TRANSACTIONS in call.scopes:
                _read_transactions(call, client, kept, batch, clock)
        readings.reading_done(call=call, batch=batch, at=clock())
    finally:
        # Pages that went in before the talk broke off stay, and so does what tells of them.
        readings.keep_batch(batch=batch, at=clock())


def _read_transactions(
    call: Call, client: AisClient, account: OtherAccount, batch: TransactionBatch, clock: Clock
) -> None:
    batch.source = readings.source_of(account)
    reader = Reader(account=str(account.pk))
    since = _since(account, timezone.localdate(clock()))
    for rows in client.transactions(
        consent_id=call.external_id, account=account.resource_id, since=since
    ):
        readings.page_heard(
            call=call, account=account, rows=list(reader.read(rows)), batch=batch, at=clock()
        )
    readings.read_to_end(call=call, account=account, at=clock())


def _since(account: OtherAccount, today: date) -> date:
    if account.read_to is None:
        return today - timedelta(days=readings.FIRST_DAYS)
    return account.read_to - timedelta(days=readings.OVERLAP_DAYS)
