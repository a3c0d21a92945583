"""Taking a request to leave, and why."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clm.core import clocks, records, work
from clm.core.models import User
from customers.lifecycle import RELATIONSHIP, Stage
from customers.models import Customer
from offboarding import selectors
from offboarding.lifecycle import OPEN_STATES, ClosureState
from offboarding.models import Closure, Ground
from offboarding.services.gate import demand, lock

#: Bank days in which the account switching service moves a customer.
SWITCHING_DAYS = 7
#: A customer's notice is at most a month.
NOTICE = timedelta(days=30)
_ANSWERABLE = (ClosureState.REQUESTED, ClosureState.CHECKING, ClosureState.BLOCKED)


def request_closure(
    *,
    customer: Customer,
    ground: str,
    actor: User,
    at: datetime,
    note: str = "",
    exit_reason: str = "",
    exit_comment: str = "",
    switching: bool = False,
    new_bank: str = "",
    origin_id: UUID | None = None,
) -> Closure:
    """
    Take a request to end the relationship. Checking begins by itself afterwards.

    :param origin_id: the record it comes from; a second call for it returns the first closure
    :raises PermissionDenied: `actor` may not ask for closures
    :raises ValidationError: there is no relationship to end, or a closure is under way
    """
    demand(actor, "offboarding.add_closure")
    with transaction.atomic():
        # The customer's row orders those who come at once; the unique key would only refuse.
        customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
        if origin_id is not None:
            known = Closure.objects.filter(origin_id=origin_id).first()
            if known is not None:
                return known
        if Closure.objects.filter(customer=customer, state__in=OPEN_STATES).exists():
            raise ValidationError(_("This customer has an open closure already."))
        if customer.stage not in (*RELATIONSHIP, Stage.OFFBOARDING):
            raise ValidationError({"customer": _("There is no relationship to end.")})
        due_at = (
            clocks.add_business_days(start=at, days=SWITCHING_DAYS) if switching else at + NOTICE
        )
        closure = Closure(
            customer=customer,
            ground=ground,
            note=note.strip(),
            exit_reason=exit_reason,
            exit_comment=exit_comment.strip(),
            switching=switching,
            new_bank=new_bank.strip(),
            requested_at=at,
            due_at=due_at,
            origin_id=origin_id,
        )
        return records.create(
            record=closure,
            actor=actor,
            at=at,
            payload={
                "customer_id": str(customer.pk),
                "ground": ground,
                "switching": switching,
                "origin_id": str(origin_id) if origin_id else None,
            },
        )


def ask_to_leave(
    *,
    customer: Customer,
    actor: User,
    at: datetime,
    exit_reason: str,
    exit_comment: str = "",
    switching: bool = False,
    new_bank: str = "",
) -> None:
    """
    Customers ask to leave by themselves.

    Who does not know that the bank is ending it already is answered as everybody is: what they
    say is noted on that closure, and whoever serves them is told.

    :raises PermissionDenied: `actor` may not ask for closures
    :raises ValidationError: there is no relationship to end, or they asked already
    """
    demand(actor, "offboarding.add_closure")
    with transaction.atomic():
        customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
        under_way = selectors.open_closure_of(customer_id=customer.pk, actor=actor)
        told = selectors.told_closure_of(customer_id=customer.pk, actor=actor)
        if under_way is None or told is not None:
            request_closure(
                customer=customer,
                ground=Ground.CUSTOMER,
                exit_reason=exit_reason,
                exit_comment=exit_comment,
                switching=switching,
                new_bank=new_bank,
                actor=actor,
                at=at,
            )
            return
        records.note(
            record=under_way,
            action=selectors.ASKED_TOO,
            actor=actor,
            at=at,
            reason=exit_comment.strip(),
            payload={"customer_id": str(customer.pk), "switching": switching},
            detail={"exit_reason": exit_reason, "new_bank": new_bank.strip()},
        )
        work.add_task(
            title=_("Customer asks to leave, who does not know of the closure"),
            record=under_way,
            assignee=customer.adviser,
            due_at=clocks.add_business_days(start=at, days=3),
            url=reverse("offboarding:closure", args=[under_way.pk]),
            actor=actor,
            at=at,
        )


def record_exit(
    *, closure: Closure, changes: dict[str, Any], actor: User, at: datetime,
    version: int | None = None,
) -> Closure:  # fmt: skip
    """
    Write down why the customer leaves, until the second person is asked.

    :raises PermissionDenied: `actor` may not change closures
    :raises ValidationError: a field is not part of the survey, or it is too late
    :raises StaleVersion: somebody else changed it since `version`
    """
    demand(actor, "offboarding.change_closure")
    unknown = changes.keys() - {"exit_reason", "exit_comment", "new_bank"}
    if unknown:
        raise ValidationError({name: _("This field cannot be changed here.") for name in unknown})
    with transaction.atomic():
        locked = lock(closure.pk)
        if locked.state not in _ANSWERABLE:
            raise ValidationError(_("The reason is fixed once a second person has been asked."))
        return records.change(record=locked, changes=changes, actor=actor, at=at, version=version)
