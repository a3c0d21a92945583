"""Journeys' tab on the customer's page."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest

from customers.models import Customer
from journeys import selectors
from journeys.models import Journey
from journeys.web.explorer import heat, told


def path_of(request: HttpRequest, customer: Customer) -> Mapping[str, Any]:
    """What this customer went through, with the wait before each step."""
    actor: Any = request.user
    found = selectors.path_of_customer(customer_id=customer.pk, actor=actor)
    steps = []
    for touchpoint, before in zip_longest(found, found[1:]):
        same = before is not None and before.journey_id == touchpoint.journey_id
        wait = None
        if before is not None and same:
            wait = (touchpoint.at - (before.ended_at or before.at)).total_seconds()
        own = touchpoint.journey.source == Journey.Source.LIFE_CYCLE
        steps.append(
            {
                "touchpoint": touchpoint,
                "name": told(touchpoint.activity, own=own),
                "wait": wait,
                "heat": heat(wait),
            }
        )
    return {"steps": steps}
