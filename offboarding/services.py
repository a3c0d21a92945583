"""Closing customers, and what follows events (each safe to run twice)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, clocks, lifecycle, records, work
from clm.core.lifecycle import StaleVersion
from clm.core.models import Event, Task, User
from customers import services as customers
from customers.lifecycle import RELATIONSHIP, Stage
from customers.models import Customer, Holding
from offboarding import obligations, selectors
from offboarding.lifecycle import OPEN_STATES, ClosureState
from offboarding.models import Closure, ClosureObligation, Ground, ObligationStatus

#: Bank days in which the account switching service moves a customer.
SWITCHING_DAYS = 7
#: A customer's notice is at most a month.
NOTICE = timedelta(days=30)
_CHECKABLE = (ClosureState.CHECKING, ClosureState.PENDING_APPROVAL, ClosureState.SETTLING)
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
    _may(actor, "offboarding.add_closure")
    with transaction.atomic():
        # The customer's row orders those who come at once; the unique key would only refuse.
        customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
        if origin_id is not None:
            known = Closure.objects.filter(origin_id=origin_id).first()
            if known is not None:
                return known
        if Closure.objects.filter(customer=customer, state__in=OPEN_STATES).exists():
            raise ValidationError(_("This customer has an open closure already."))
        if customer.stage not in RELATIONSHIP:
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
    _may(actor, "offboarding.change_closure")
    unknown = changes.keys() - {"exit_reason", "exit_comment", "new_bank"}
    if unknown:
        raise ValidationError({name: _("This field cannot be changed here.") for name in unknown})
    with transaction.atomic():
        locked = _locked(closure.pk)
        if locked.state not in _ANSWERABLE:
            raise ValidationError(_("The reason is fixed once a second person has been asked."))
        return records.change(record=locked, changes=changes, actor=actor, at=at, version=version)


def recheck(*, closure: Closure, actor: User, at: datetime, version: int | None = None) -> Closure:
    """
    Compare the checklist with the holdings as they stand now.

    A change of the list voids a question to a second person, since it was about the old one.

    :raises PermissionDenied: `actor` may not check obligations
    :raises ValidationError: the closure has not got so far, or has ended
    """
    _may(actor, "offboarding.check_closure")
    with transaction.atomic():
        locked = _locked(closure.pk)
        if version is not None and locked.version != version:
            raise StaleVersion(locked.version)
        if locked.state not in _CHECKABLE:
            raise ValidationError(_("There is nothing to check in this state."))
        return _fill_checklist(locked, actor, at)


def confirm_obligation(
    *, obligation: ClosureObligation, actor: User, at: datetime
) -> ClosureObligation:
    """
    Say that a card is blocked or an insurance cancelled, which no balance tells.

    :raises ValidationError: the balance decides this one, or the closure is past its check
    """
    _may(actor, "offboarding.change_closure")
    if obligation.kind not in obligations.CONFIRMED_BY_HAND:
        raise ValidationError(_("The balance of the holding decides this one."))
    return _decide(
        obligation, {"confirmed_at": at, "status": ObligationStatus.MET}, actor=actor, at=at
    )


def waive_obligation(
    *, obligation: ClosureObligation, reason: str, actor: User, at: datetime
) -> ClosureObligation:
    """
    Let an obligation go with a reason; the second person sees it on the checklist.

    :raises ValidationError: no reason is given, or the closure is past its check
    """
    _may(actor, "offboarding.change_closure")
    if not reason.strip():
        raise ValidationError({"reason": _("A waiver needs a reason.")})
    return _decide(
        obligation,
        {"status": ObligationStatus.WAIVED, "reason": reason.strip()},
        actor=actor,
        at=at,
    )


# What follows events ---------------------------------------------------------------------------


def open_closure(*, event: Event, at: datetime) -> None:
    """
    A save case is lost: open a closure if the customer asked to leave, else ask the owner to ask.

    Nobody is closed because a score or an adviser gave up on them.
    """
    case: Any = event.record()
    system = actors.system_user()
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=case.customer_id)
    if case.wants_to_leave:
        under_way = Closure.objects.filter(customer=customer, state__in=OPEN_STATES).exists()
        if customer.stage in RELATIONSHIP and not under_way:
            request_closure(
                customer=customer, ground=Ground.LOST, origin_id=case.pk, actor=system, at=at
            )
        return
    if customer.stage in RELATIONSHIP and not Task.objects.filter(record_id=case.pk).exists():
        work.add_task(
            title=_("Save case lost: ask whether the accounts are to be closed"),
            record=case,
            assignee=case.owner,
            due_at=clocks.add_business_days(start=at, days=3),
            url=f"{reverse('offboarding:new')}?customer={customer.pk}",
            actor=system,
            at=at,
        )


def check_obligations(*, event: Event, at: datetime) -> None:
    """Requested: the customer is being offboarded, and the checklist is made from the holdings."""
    system = actors.system_user()
    closure = _locked(event.record_id)
    if closure.state not in (ClosureState.REQUESTED, ClosureState.CHECKING):
        return
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=closure.customer_id)
    if customer.stage in RELATIONSHIP:
        lifecycle.perform(
            record=customer,
            name="start_offboarding",
            actor=system,
            at=at,
            payload={"closure_id": str(closure.pk)},
        )
    if closure.state == ClosureState.REQUESTED:
        closure = lifecycle.perform(record=closure, name="check", actor=system, at=at)
    _fill_checklist(closure, system, at)


def settle_holdings(*, event: Event, at: datetime) -> None:
    """
    Confirmed by a second person: what is free of obligations ends, then the closure itself.

    Where money has come in meanwhile the closure stays in settlement, with the item open.
    """
    system = actors.system_user()
    closure = _locked(event.record_id)
    if closure.state != ClosureState.SETTLING:
        return
    closure = _fill_checklist(closure, system, at)
    rows = {row.holding_id: row for row in closure.obligations.all()}
    today = timezone.localdate(at)
    still_open = Holding.objects.filter(customer_id=closure.customer_id, closed_on=None)
    for holding in still_open.select_related("product").order_by("pk"):
        if selectors.holding_is_free(holding, rows.get(holding.pk)):
            customers.close_holding(
                holding=holding,
                closed_on=max(today, holding.opened_on),
                actor=system,
                at=at,
            )
    facts = selectors.closure_facts(records=[closure])[closure.pk]
    if not facts.open_holdings:
        lifecycle.perform(record=closure, name="close", actor=system, at=at)


def customer_is_closed(*, event: Event, at: datetime) -> None:
    """Closed: so is the customer, and the record is kept for five years from that day."""
    closure = _locked(event.record_id)
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=closure.customer_id)
    if customer.stage != Stage.OFFBOARDING:
        return
    closed_on = timezone.localdate(event.at)
    lifecycle.perform(
        record=customer,
        name="close",
        actor=actors.system_user(),
        at=at,
        changes={
            "closed_on": closed_on,
            "retention_until": customers.retention_end(stage=Stage.CLOSED, ended_on=closed_on),
        },
        payload={"closure_id": str(closure.pk)},
    )


def customer_stays(*, event: Event, at: datetime) -> None:
    """Cancelled: the customer is active again, unless another closure is under way."""
    closure = _locked(event.record_id)
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=closure.customer_id)
    another = Closure.objects.filter(customer=customer, state__in=OPEN_STATES).exists()
    if customer.stage == Stage.OFFBOARDING and not another:
        lifecycle.perform(
            record=customer,
            name="cancel_offboarding",
            actor=actors.system_user(),
            at=at,
            payload={"closure_id": str(closure.pk)},
        )


# Inside ----------------------------------------------------------------------------------------


def _fill_checklist(closure: Closure, actor: User, at: datetime) -> Closure:
    """Rows for open holdings that have none, each row's status as it stands, the summary."""
    rows = {row.holding_id: row for row in closure.obligations.select_related("holding__product")}
    holdings = Holding.objects.filter(customer_id=closure.customer_id).select_related("product")
    made = []
    for holding in holdings.order_by("pk"):
        row = rows.get(holding.pk)
        if row is None and holding.closed_on is None:
            made.append(_new_obligation(closure, holding))
        elif row is not None and row.status != ObligationStatus.WAIVED:
            free = selectors.holding_is_free(holding, row)
            changes = {
                "status": ObligationStatus.MET if free else ObligationStatus.OPEN,
                "kind": obligations.kind_of(
                    category=holding.product.category, balance=holding.balance
                ),
            }
            records.change(record=row, changes=changes, actor=actor, at=at)
    records.create_many(
        records=made,
        actor=actor,
        at=at,
        payloads=[{"closure_id": str(closure.pk), "kind": str(one.kind)} for one in made],
    )
    return _summarise(closure, actor, at)


def _new_obligation(closure: Closure, holding: Holding) -> ClosureObligation:
    kind = obligations.kind_of(category=holding.product.category, balance=holding.balance)
    free = selectors.holding_is_free(holding, None)
    return ClosureObligation(
        closure=closure,
        holding=holding,
        kind=kind,
        status=ObligationStatus.MET if free else ObligationStatus.OPEN,
    )


def _decide(
    obligation: ClosureObligation, changes: dict[str, Any], *, actor: User, at: datetime
) -> ClosureObligation:
    with transaction.atomic():
        closure = _locked(obligation.closure_id)
        if closure.state != ClosureState.CHECKING:
            raise ValidationError(_("The checklist is fixed once a second person has been asked."))
        decided = records.change(
            record=obligation, changes={**changes, "decided_by": actor}, actor=actor, at=at
        )
        _summarise(closure, actor, at)
        return decided


def _summarise(closure: Closure, actor: User, at: datetime) -> Closure:
    summary = [
        {"holding": str(row.holding_id), "kind": row.kind, "status": row.status}
        for row in closure.obligations.order_by("pk")
    ]
    if summary == closure.checklist and closure.checked_at is not None:
        return closure
    return records.change(
        record=closure, changes={"checklist": summary, "checked_at": at}, actor=actor, at=at
    )


def _locked(pk: UUID) -> Closure:
    return Closure.objects.select_for_update(of=("self",)).get(pk=pk)


def _may(actor: User, permission: str) -> None:
    if not actors.may(actor=actor, permission=permission):
        raise PermissionDenied(_("You may not do this."))
