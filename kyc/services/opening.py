"""Opening a case, and having one that is open ask more."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from clm.core import actors, lifecycle, records
from clm.core.models import User
from customers.models import Customer
from kyc.lifecycle import ENDED, CaseState
from kyc.models import Case

#: Not yet looked at: what is asked besides is asked when the checks run.
_TO_RUN = (CaseState.OPEN, CaseState.CHECKING, CaseState.REOPENED)


def open_case(
    *,
    customer: Customer,
    trigger: str,
    actor: User,
    at: datetime,
    opening_event: UUID | None = None,
    application_id: UUID | None = None,
    asked: Sequence[str] = (),
    because: Sequence[Mapping[str, Any]] = (),
) -> Case:
    """
    Open a case; the same opening event opens one case however often it comes.

    :param asked: the checks it asks; none means all of them
    """
    if opening_event is not None:
        known = Case.objects.filter(opening_event=opening_event).first()
        if known is not None:
            return known
    case = Case(
        customer=customer,
        trigger=trigger,
        opening_event=opening_event,
        application_id=application_id,
        asked=list(asked),
        because=[dict(one) for one in because],
    )
    return records.create(
        record=case,
        actor=actor,
        at=at,
        payload={
            "customer_id": str(customer.pk),
            "application_id": str(application_id) if application_id else None,
            "trigger": str(trigger),
        },
    )


def ask(
    *,
    customer: Customer,
    trigger: str,
    asked: Collection[str],
    reason: Mapping[str, Any],
    cause: UUID,
    at: datetime,
) -> bool:
    """
    Have checks of a customer asked (none named: all of them), and say why.

    A case that stands open is refreshed: it asks more, its checks run again, and a question to a
    second person is void, as it was about less. Without one a case is opened. The same cause asks
    once however often it comes; whether it asked anything now.

    :param reason: `{"code", "facts"}`, shown by `words.reason`
    """
    _case, new = ask_case(
        customer=customer, trigger=trigger, asked=asked, reason=reason, cause=cause, at=at
    )
    return new


def ask_case(
    *,
    customer: Customer,
    trigger: str,
    asked: Collection[str],
    reason: Mapping[str, Any],
    cause: UUID,
    at: datetime,
    apart: bool = False,
    actor: User | None = None,
) -> tuple[Case, bool]:
    """
    `ask`, and the case that asks, with whether anything was asked now.

    :param apart: only a case of the same trigger is refreshed: what alerts ask is told to nobody
        whom another case may be told of (AMLR art. 73)
    :param actor: who opens a case, where it is not the platform
    """
    told = {**reason, "trigger": str(trigger), "event": str(cause), "at": at.isoformat()}
    with transaction.atomic():
        # The customer's row stands for "a case of this customer": two causes at once make one.
        # Not its key: rows that refer to the customer may have been written in this transaction.
        locked = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
        opening = UUID(bytes=sha256(cause.bytes + locked.pk.bytes).digest()[:16])
        known = Case.objects.filter(opening_event=opening).first()
        if known is not None:
            return known, False
        cases = Case.objects.select_for_update(of=("self",)).filter(customer=locked)
        if apart:
            cases = cases.filter(trigger=trigger)
        case = cases.exclude(state__in=ENDED).order_by("-created_at").first()
        if case is None:
            case = open_case(
                customer=locked, trigger=trigger, actor=actor or actors.system_user(), at=at,
                opening_event=opening, asked=sorted(asked), because=[told],
            )  # fmt: skip
            return case, True
        if any(one["event"] == str(cause) for one in case.because):
            return case, False
        return _refresh(case, asked, told, at), True


def _refresh(case: Case, asked: Collection[str], told: Mapping[str, Any], at: datetime) -> Case:
    system = actors.system_user()
    if case.state == CaseState.PENDING_APPROVAL:
        case = lifecycle.perform(record=case, name="investigate", actor=system, at=at)
    whole = case.is_whole or not asked
    case = records.change(
        record=case,
        changes={
            "asked": [] if whole else sorted({*case.asked, *asked}),
            "because": [*case.because, dict(told)],
        },
        actor=system,
        at=at,
        payload={"trigger": told["trigger"]},
    )
    if case.state not in _TO_RUN:
        records.note(
            record=case, action="ask_again", actor=system, at=at,
            payload={"trigger": told["trigger"]},
        )  # fmt: skip
    return case
