"""
What a talk with another bank needs of the database, in short transactions before and after it.

`claim` says what is to be done and leases it; the caller talks while nothing is locked; each
answer is written by a function that first makes sure that the lease and the consent still
stand. A worker that dies leaves a lease that lapses, and the next one asks the same again under
the same key.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clm.core import actors, lifecycle, records
from clm.core.crypto import blind_index
from customers.account_lifecycle import RUNNING, ConsentState
from customers.models import (
    AccountConsent,
    Customer,
    OtherAccount,
    SourceRecord,
    TransactionBatch,
)
from customers.openbanking.shapes import Account, Balance, ConsentAnswer
from customers.services import account_consents, ledger
from customers.transactions.rows import Fault, NewTransaction, masked_account

LEASE = timedelta(minutes=5)
#: A customer who has not authorised by then will not.
PATIENCE = timedelta(hours=24)
OVERLAP_DAYS = 7
FIRST_DAYS = 90
_BACK_OFF = timedelta(minutes=1)
_LONGEST = timedelta(hours=6)
#: After so many failures in a row somebody is told.
TOLD_AFTER = 5

Purpose = Literal["register", "status", "read", "tell"]


class Overtaken(Exception):
    """The consent ended, or another worker has taken over: what was heard is dropped."""


@dataclass(frozen=True)
class Call:
    """One talk to be had; `lease` says that it is ours."""

    consent_id: UUID
    purpose: Purpose
    address: str
    external_id: str
    scopes: Sequence[str]
    valid_until: date
    frequency: int
    lease: datetime


def due(*, at: datetime, limit: int = 100) -> list[UUID]:
    """Consents that somebody should talk about now."""
    return list(
        AccountConsent.objects.filter(call_at__lte=at)
        .filter(Q(lease_until=None) | Q(lease_until__lt=at))
        .order_by("call_at")
        .values_list("pk", flat=True)[:limit]
    )


def read_now(*, consent: AccountConsent, at: datetime) -> bool:
    """Put a reading first in line; whether there is one to be had."""
    return bool(
        AccountConsent.objects.filter(pk=consent.pk, state=ConsentState.VALID).update(call_at=at)
    )


def claim(*, consent_id: UUID, at: datetime) -> Call | None:
    """Take a talk that is due; None when there is none, or it is in other hands."""
    with transaction.atomic():
        consent = (
            AccountConsent.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("bank")
            .filter(pk=consent_id, call_at__lte=at)
            .filter(Q(lease_until=None) | Q(lease_until__lt=at))
            .first()
        )
        if consent is None:
            return None
        purpose = _purpose(consent, at)
        if purpose is None:
            AccountConsent.objects.filter(pk=consent.pk).update(call_at=None)
            return None
        lease = at + LEASE
        AccountConsent.objects.filter(pk=consent.pk).update(
            lease_until=lease, attempts=consent.attempts + 1
        )
        return Call(
            consent.pk, purpose, consent.bank.address, consent.external_id, consent.scopes,
            consent.valid_until, consent.frequency_per_day, lease,
        )  # fmt: skip


def registered(*, call: Call, answer: ConsentAnswer, at: datetime) -> None:
    """The other bank knows of the consent; the customer authorises it there."""
    with transaction.atomic():
        consent = _ours(call)
        consent = records.change(
            record=consent,
            changes={"external_id": answer.external_id, "authorise_url": answer.authorise_url},
            actor=actors.system_user(),
            at=at,
        )
        _settle(consent, call_at=at + timedelta(seconds=15))
        _follow(consent, answer.status, at)


def status_heard(*, call: Call, status: str, at: datetime) -> None:
    """What the other bank says of the consent."""
    with transaction.atomic():
        consent = _ours(call)
        waited = at - consent.created_at
        pause = timedelta(seconds=15) if waited < timedelta(minutes=10) else timedelta(minutes=5)
        _settle(consent, call_at=at + pause)
        _follow(consent, status, at)
        if status == "received" and waited > PATIENCE:
            account_consents.expire(consent=consent, at=at)


def account_heard(
    *, call: Call, account: Account, balance: Balance | None, at: datetime
) -> OtherAccount:
    """Write an account and what it holds; the source record says where it was seen."""
    with transaction.atomic():
        consent = _ours(call)
        index = blind_index(value=account.number, purpose="customers.other_account")
        told = {
            "consent": consent,
            "resource_id": account.resource_id,
            "masked": masked_account(account.number),
            "name": account.name,
        }
        if balance is not None and balance.currency == account.currency:
            told |= {"balance": balance.amount, "balance_on": balance.on or timezone.localdate(at)}
        known = OtherAccount.objects.filter(
            customer_id=consent.customer_id, bank_id=consent.bank_id, index=index,
            currency=account.currency,
        ).first()  # fmt: skip
        system = actors.system_user()
        if known is None:
            made = records.create(
                record=OtherAccount(
                    customer_id=consent.customer_id, bank_id=consent.bank_id, index=index,
                    currency=account.currency, **told,
                ),
                actor=system,
                at=at,
                payload={"customer_id": str(consent.customer_id)},
            )  # fmt: skip
        else:
            made = records.change(
                record=known, changes=told, actor=system, at=at,
                payload={"customer_id": str(consent.customer_id)},
            )  # fmt: skip
        _note_source(consent, account, at)
        return made


def page_heard(
    *,
    call: Call,
    account: OtherAccount,
    rows: Sequence[NewTransaction | Fault],
    batch: TransactionBatch,
    at: datetime,
) -> ledger.Written:
    """Write one page of transactions, if the consent still stands."""
    with transaction.atomic():
        consent = _ours(call)
        target = ledger.Target(consent.customer_id, account.currency, other_account_id=account.pk)
        fit = [
            ledger.Entry(row, target)
            for row in rows
            if isinstance(row, NewTransaction) and row.currency == account.currency
        ]
        written = ledger.write(entries=fit, source=source_of(account), batch=batch, at=at)
        batch.added += written.added
        batch.known += written.known
        batch.refused += len(written.faults) + len(rows) - len(fit)
        return written


def source_of(account: OtherAccount) -> str:
    """Who names the transactions of an account with another bank."""
    return f"open-banking:{account.bank_id}"


def read_to_end(*, call: Call, account: OtherAccount, at: datetime) -> None:
    """All pages of an account were read: the next reading begins a little before today."""
    with transaction.atomic():
        _ours(call)
        OtherAccount.objects.filter(pk=account.pk).update(read_to=timezone.localdate(at))


def reading_done(*, call: Call, batch: TransactionBatch, at: datetime) -> None:
    """The whole talk went well; the next one is due when the consent's frequency says so."""
    with transaction.atomic():
        consent = _ours(call)
        _settle(
            consent,
            call_at=at + timedelta(hours=24 / consent.frequency_per_day),
            fetched_at=at,
        )
        keep_batch(batch=batch, at=at)


def keep_batch(*, batch: TransactionBatch, at: datetime) -> None:
    """Save what a reading brought, once and only if it brought something."""
    if batch.added and batch._state.adding:
        records.create(
            record=batch,
            actor=actors.system_user(),
            at=at,
            payload={"route": batch.route, "added": batch.added, "known": batch.known},
        )


def told(*, call: Call, at: datetime) -> None:
    """The other bank knows that the consent is over."""
    with transaction.atomic():
        consent = _ours(call, running=False)
        _settle(consent, call_at=None, told_at=at)


def trouble(*, call: Call, sentence: str, at: datetime) -> None:
    """The talk failed: try again later, and tell somebody when it keeps failing."""
    with transaction.atomic():
        consent = AccountConsent.objects.select_for_update(of=("self",)).get(pk=call.consent_id)
        if consent.lease_until != call.lease:
            return
        pause = min(_BACK_OFF * 2 ** min(consent.attempts - 1, 12), _LONGEST)
        AccountConsent.objects.filter(pk=consent.pk).update(
            lease_until=None, call_at=at + pause, trouble=sentence[:300]
        )
        if consent.attempts == TOLD_AFTER:
            account_consents.notify_trouble(consent=consent, sentence=sentence, at=at)


def over_there(*, call: Call, how: str, at: datetime) -> None:
    """The other bank says that the consent is over: `expired`, or ended by the customer there."""
    with transaction.atomic():
        consent = AccountConsent.objects.select_for_update(of=("self",)).get(pk=call.consent_id)
        if consent.state in RUNNING:
            _end(consent, how, at)


def _end(consent: AccountConsent, how: str, at: datetime) -> None:
    if how == "expired":
        account_consents.expire(consent=consent, at=at)
    else:
        account_consents.revoke_account_consent(
            consent=consent, by="them", actor=actors.system_user(), at=at,
            reason="Ended at the other bank",
        )  # fmt: skip


def _follow(consent: AccountConsent, status: str, at: datetime) -> None:
    """Do here what the other bank says has happened there."""
    system = actors.system_user()
    if status == "valid" and consent.state == ConsentState.RECEIVED:
        done = lifecycle.perform(
            record=consent, name="confirm", actor=system, at=at,
            changes={"call_at": at, "authorise_url": "", "attempts": 0},
        )  # fmt: skip
        account_consents.tell_on_chain(consent=done, actor=system, at=at)
    elif status == "rejected" and consent.state == ConsentState.RECEIVED:
        done = lifecycle.perform(
            record=consent, name="reject", actor=system, at=at,
            changes={"call_at": None, "authorise_url": ""},
        )  # fmt: skip
        account_consents.tell_on_chain(consent=done, actor=system, at=at)
        account_consents.notify(consent=done, at=at)
    elif status in {"expired", "revokedByPsu", "terminatedByTpp"}:
        _end(consent, "expired" if status == "expired" else "revoked", at)


def _ours(call: Call, *, running: bool = True) -> AccountConsent:
    """
    The consent, locked, if the talk is still ours.

    :raises Overtaken: it is not, or the consent has ended meanwhile
    """
    consent = (
        AccountConsent.objects.select_for_update(of=("self",))
        .select_related("bank")
        .get(pk=call.consent_id)
    )
    if consent.lease_until != call.lease or (consent.state in RUNNING) != running:
        raise Overtaken
    return consent


def _settle(consent: AccountConsent, *, call_at: datetime | None, **fields: datetime) -> None:
    AccountConsent.objects.filter(pk=consent.pk).update(
        call_at=call_at, lease_until=None, attempts=0, trouble="", **fields
    )
    consent.refresh_from_db()


def _purpose(consent: AccountConsent, at: datetime) -> Purpose | None:
    if consent.state == ConsentState.RECEIVED:
        return "status" if consent.external_id else "register"
    if consent.state == ConsentState.VALID:
        # Its last day may have passed before the sweep came by.
        return "read" if consent.valid_until >= timezone.localdate(at) else None
    if consent.state == ConsentState.REVOKED and consent.external_id and not consent.told_at:
        return "tell"
    return None


def _note_source(consent: AccountConsent, account: Account, at: datetime) -> None:
    said = f"{account.number}|{account.currency}|{account.name}"
    SourceRecord.objects.update_or_create(
        system=f"open-banking-{consent.bank.code}"[:60],
        external_id=f"{consent.customer_id.hex}:{account.resource_id}"[:120],
        defaults={
            "customer": Customer.objects.get(pk=consent.customer_id),
            "digest": hashlib.sha256(
                blind_index(value=said, purpose="customers.other_account")
            ).digest(),
            "seen_at": at,
        },
    )
