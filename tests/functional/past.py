"""A bank with a past: customers of two years, their talks with the call centre, and who left."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction

from clm.core import actors, deliveries, lifecycle, partitions
from clm.demobank import golive
from customers import services as customers
from customers.lifecycle import Stage
from customers.models import Customer, Holding
from journeys import services as journeys
from journeys.services import NewTouchpoint

CUSTOMERS, DAYS = 160, 730
#: Who had cause to complain, and who of them stays all the same.
UNHAPPY, FORGIVING = 0.5, 0.08


def make_past(*, bank: dict[str, Any], at: datetime) -> None:
    """
    Admit customers two years before `at`, and let two years pass.

    Everybody talks with the bank now and then. Some have a bad time with it, and of those most
    close their accounts within weeks: what a churn model can learn. Nothing is left to be
    delivered.
    """
    start = at - timedelta(days=DAYS)
    rng = random.Random(11)
    with transaction.atomic():
        partitions.ensure(since=start, until=at)
        made = golive.admit_customers(
            golive.Bank(
                rng=rng, users=bank["users"], products=bank["products"], start=start, now=at
            ),
            count=CUSTOMERS,
        )
        leaving = _leave(made, rng, at)
        _talk(made, leaving, rng, at)
        deliveries.deliver_due(at=at)


def _leave(made: Sequence[Customer], rng: random.Random, at: datetime) -> dict[Any, datetime]:
    """When each unhappy customer's bad time was over; those who left did so on that day."""
    unhappy = [one for one in made if rng.random() < UNHAPPY]
    ends: dict[Any, datetime] = {}
    for days, part in zip(range(95, 600, 20), _parts(unhappy), strict=False):
        ends |= dict.fromkeys((one.pk for one in part), at - timedelta(days=days))
        gone = [one for one in part if rng.random() > FORGIVING]
        _let_go(gone, at - timedelta(days=days))
    return ends


def _parts(those: Sequence[Customer]) -> Iterator[Sequence[Customer]]:
    size = max(1, -(-len(those) // 26))
    return (those[start : start + size] for start in range(0, len(those), size))


def _let_go(those: Sequence[Customer], at: datetime) -> None:
    system = actors.system_user()
    lifecycle.perform_many(records=those, name="start_offboarding", actor=system, at=at)
    for holding in Holding.objects.filter(customer__in=those, closed_on=None):
        customers.close_holding(holding=holding, closed_on=at.date(), actor=system, at=at)
    changes = {
        "closed_on": at.date(),
        "retention_until": customers.retention_end(stage=Stage.CLOSED, ended_on=at.date()),
    }
    lifecycle.perform_many(records=those, name="close", actor=system, at=at, changes=changes)


def _talk(
    made: Sequence[Customer], ends: dict[Any, datetime], rng: random.Random, at: datetime
) -> None:
    """The call centre's own log: good and middling talks, and the bad ones before an end."""
    rows = []
    for customer in made:
        end = ends.get(customer.pk)
        rows += [
            _row(customer, at - timedelta(days=days), rng.choice([-1, 0, 1, 1, 2]))
            for days in rng.sample(range(20, 700), k=6)
            if end is None or at - timedelta(days=days) < end
        ]
        if end is not None:
            rows += [
                _row(customer, end - timedelta(days=rng.randint(first, first + 8)), -2)
                for first in (82, 55, 30, 4)
            ]
    journey = journeys.journey_named(name="Call centre", actor=actors.system_user(), at=at)
    journeys.add_touchpoints(journey=journey, source="call-centre", rows=rows)


_numbers = count(1)


def _row(customer: Customer, at: datetime, mood: int) -> NewTouchpoint:
    return NewTouchpoint(
        external_id=f"call-{next(_numbers)}",
        case_id=str(customer.pk),
        activity="Contact with the bank",
        at=at,
        position=1,
        customer_id=customer.pk,
        channel="phone",
        sentiment=mood,
    )
