"""What follows events (each safe to run twice)."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, clocks, lifecycle, work
from clm.core.models import Event, Task
from customers import services as customers
from customers.lifecycle import RELATIONSHIP, Stage
from customers.models import Customer, Holding
from customers.selectors.duplicates import customer_now
from offboarding import selectors
from offboarding.lifecycle import OPEN_STATES, ClosureState
from offboarding.models import Closure, Ground
from offboarding.services.checklist import fill_checklist
from offboarding.services.gate import lock
from offboarding.services.requests import request_closure


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
    closure = lock(event.record_id)
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
    fill_checklist(closure, system, at)


def settle_holdings(*, event: Event, at: datetime) -> None:
    """
    Confirmed by a second person: what is free of obligations ends, then the closure itself.

    Where money has come in meanwhile the closure stays in settlement, with the item open.
    """
    system = actors.system_user()
    closure = lock(event.record_id)
    if closure.state != ClosureState.SETTLING:
        return
    closure = fill_checklist(closure, system, at)
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
    facts = selectors.closure_facts(records=[closure], at=at)[closure.pk]
    if not facts.open_holdings:
        lifecycle.perform(record=closure, name="close", actor=system, at=at)


def customer_is_closed(*, event: Event, at: datetime) -> None:
    """Closed: so is the customer, and the record is kept for five years from that day."""
    closure = lock(event.record_id)
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
    closure = lock(event.record_id)
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


def closure_follows(*, event: Event, at: datetime) -> None:
    """Offboarding was started by hand: a closure takes the customer the rest of the way."""
    if "closure_id" in event.payload:
        return
    pk = customer_now(customer_id=event.record_id).pk
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=pk)
    under_way = Closure.objects.filter(customer=customer, state__in=OPEN_STATES).exists()
    if customer.stage == Stage.OFFBOARDING and not under_way:
        request_closure(
            customer=customer,
            ground=Ground.CUSTOMER,
            note=str(event.detail.get("reason", "")),
            origin_id=event.pk,
            actor=actors.system_user(),
            at=at,
        )


def closures_are_called_off(*, event: Event, at: datetime) -> None:
    """Offboarding was cancelled by hand: no closure goes on behind the customer's back."""
    if "closure_id" in event.payload:
        return
    system = actors.system_user()
    pk = customer_now(customer_id=event.record_id).pk
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=pk)
    reason = _("The customer stays.")
    if customer.stage == Stage.OFFBOARDING:
        return
    for pk in Closure.objects.filter(customer=customer, state__in=OPEN_STATES).values_list(
        "pk", flat=True
    ):
        closure = lock(pk)
        if closure.state == ClosureState.SETTLING:
            # Money may be moving: settlement is stopped first, as anybody else would have to.
            closure = lifecycle.perform(
                record=closure, name="block", actor=system, at=at, reason=reason
            )
        lifecycle.perform(record=closure, name="cancel", actor=system, at=at, reason=reason)
