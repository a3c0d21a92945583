"""What follows events elsewhere (each safe to run twice)."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from clm.core import actors, lifecycle, records
from clm.core.models import Event
from customers.lifecycle import Stage
from customers.models import Customer
from customers.selectors.duplicates import customer_now
from retention.lifecycle import OPEN_STATES, SaveCaseState
from retention.models import SaveCase
from retention.services.cases import WATCHED, known_case, lock, open_case


def open_save_case(*, event: Event, at: datetime) -> None:
    """
    A churn score crossed the threshold: open a case, unless the customer has one or is leaving.

    Reads `customer_id` from the payload, or from the record that the event is about.
    """
    customer_id = event.payload.get("customer_id")
    if customer_id is None:
        score: Any = event.record()
        customer_id = score.customer_id
    customer_id = customer_now(customer_id=customer_id).pk
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer_id)
    # A score is refreshed every night under the same id: each crossing is an event of its own.
    if customer.stage in WATCHED or known_case(customer, event.pk) is not None:
        open_case(customer=customer, actor=actors.system_user(), at=at, origin_id=event.pk)


def note_contact(*, event: Event, at: datetime) -> None:
    """Somebody spoke with a customer: an assigned case remembers when, and which conversation."""
    if event.payload.get("outcome") == "not_reached":
        return
    happened_at = parse_datetime(event.payload.get("happened_at") or "") or event.at
    case = (
        SaveCase.objects.select_for_update(of=("self",))
        .filter(customer_id=event.payload["customer_id"], state=SaveCaseState.ASSIGNED)
        .first()
    )
    if case is None or case.state_since is None or happened_at < case.state_since:
        return
    if case.contacted_at is not None and case.contacted_at >= happened_at:
        return
    records.change(
        record=case,
        changes={"contacted_at": happened_at, "interaction_id": event.record_id},
        actor=actors.system_user(),
        at=at,
    )


def customer_is_retained(*, event: Event, at: datetime) -> None:
    """Saved, or a false alarm: the customer is active again; a saved one is looked at later."""
    case = lock(event.record_id)
    system = actors.system_user()
    if event.action == "save":
        _plan_reviews(case, event, at)
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=case.customer_id)
    newer = SaveCase.objects.filter(customer=customer, state__in=OPEN_STATES).exists()
    if customer.stage == Stage.AT_RISK and not newer:
        lifecycle.perform(
            record=customer,
            name="retain",
            actor=system,
            at=at,
            payload={"save_case_id": str(case.pk)},
        )


def note_loss(*, event: Event, at: datetime) -> None:
    """Lost: whether the customer really left is looked at after 30 and 90 days."""
    _plan_reviews(lock(event.record_id), event, at)


def _plan_reviews(case: SaveCase, event: Event, at: datetime) -> None:
    day = timezone.localdate(event.at)
    records.change(
        record=case,
        changes={
            "review_30_on": day + timedelta(days=30),
            "review_90_on": day + timedelta(days=90),
        },
        actor=actors.system_user(),
        at=at,
    )
