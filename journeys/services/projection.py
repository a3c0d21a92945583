"""The platform's own events as touchpoints of the built-in journey."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.utils.dateparse import parse_datetime

from clm.core import events
from clm.core.models import Event
from journeys.activities import STEPS
from journeys.models import Journey, JourneyFeed, Touchpoint
from journeys.services.ingest import NewTouchpoint, add_touchpoints
from journeys.services.named import life_cycle_journey

_BATCH = 5000
_SOURCE = "life-cycle"
_CUSTOMER = "customers.Customer"
# Events that say which customer a record of before has become.
_LINKS = {("acquisition.Lead", "customer_made")}


def project(*, at: datetime, batches: int = 50) -> int:
    """
    Read the event stream on from where it was left, and add its steps to the journey.

    A case is a customer; a lead is a case of its own until it becomes one. Each batch is a
    transaction that also moves the cursor, so nothing is read twice or passed over, and two
    that run at once take turns.

    :returns: how many events were read
    """
    journey = life_cycle_journey(at=at)
    total = 0
    for _batch in range(batches):
        count = _project_batch(journey)
        total += count
        if count < _BATCH:
            break
    return total


def _project_batch(journey: Journey) -> int:
    with transaction.atomic():
        feed = JourneyFeed.objects.select_for_update().get(journey=journey)
        after = None
        if feed.read_xact is not None and feed.read_event is not None:
            after = (feed.read_xact, feed.read_event)
        found = events.stream(after=after, limit=_BATCH)
        if not found:
            return 0
        wanted = [event for event in found if (event.record_type, event.action) in STEPS]
        customers = _customers_of(wanted)
        add_touchpoints(
            journey=journey,
            source=_SOURCE,
            rows=[
                _touchpoint(event, customers.get(event.pk), feed.events + number)
                for number, event in enumerate(wanted)
            ],
        )
        for event in found:
            if (event.record_type, event.action) in _LINKS:
                _link(journey, event)
        JourneyFeed.objects.filter(journey=journey).update(
            read_xact=found[-1].xact_id, read_event=found[-1].pk
        )
    return len(found)


def _touchpoint(event: Event, customer_id: UUID | None, position: int) -> NewTouchpoint:
    step = STEPS[event.record_type, event.action]
    payload: Mapping[str, Any] = event.payload
    happened = parse_datetime(str(payload.get("happened_at") or ""))
    sentiment = payload.get("sentiment")
    return NewTouchpoint(
        external_id=str(event.pk),
        case_id=str(customer_id or event.record_id),
        activity=step.name,
        at=happened or event.at,
        position=position,
        customer_id=customer_id,
        channel=str(payload.get("channel") or "")[:80],
        actor=str(event.actor_id),
        sentiment=sentiment if isinstance(sentiment, int) and -2 <= sentiment <= 2 else None,
        restricted=step.restricted,
    )


def _customers_of(found: Sequence[Event]) -> dict[UUID, UUID]:
    """The customer of each event: the record itself, its payload's, or its record's."""
    known: dict[UUID, UUID] = {}
    open_by_type: dict[str, dict[UUID, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    for event in found:
        if event.record_type == _CUSTOMER:
            known[event.pk] = event.record_id
        else:
            open_by_type[event.record_type][event.record_id].append(event.pk)
    for record_type, by_record in open_by_type.items():
        model = apps.get_model(record_type)
        try:
            model._meta.get_field("customer")
        except FieldDoesNotExist:
            continue
        rows = model._default_manager.filter(
            pk__in=list(by_record), customer__isnull=False
        ).values_list("pk", "customer_id")
        for record_id, customer_id in rows:
            known.update(dict.fromkeys(by_record[record_id], customer_id))
    return known


def _link(journey: Journey, event: Event) -> None:
    customer_id = event.payload.get("customer_id")
    if customer_id:
        Touchpoint.objects.filter(journey=journey, case_id=str(event.record_id)).update(
            case_id=str(customer_id), customer_id=customer_id
        )
