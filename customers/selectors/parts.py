"""The small tables of one customer, each read once however many look at it."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from clm.core import reading
from clm.core.models import Event
from customers.models import Customer


def hold_parts(*, customer: Customer) -> list[QuerySet[Any]]:
    """
    Hold what belongs to the customer with the record: `customer.addresses.all()` and its like
    give the same rows to all who ask, without a secret among them. For pages that show a
    customer; who writes reads for themself.

    :returns: the querysets, for `reading.together`
    """
    parts = customer.__dict__.get("_prefetched_objects_cache", {})
    if "addresses" not in parts:
        reading.hold(
            customer,
            addresses=customer.addresses.order_by("kind", "id"),
            contact_points=customer.contact_points.order_by("kind", "id"),
            consents=customer.consents.order_by("at", "id"),
            holdings=customer.holdings.select_related("product").order_by("product__code", "id"),
            identifiers=customer.identifiers.defer("ciphertext").order_by("added_at", "id"),
            offers=customer.offers.select_related("given_by").order_by("id"),
        )
    return [
        customer.addresses.all(),
        customer.contact_points.all(),
        customer.consents.all(),
        customer.holdings.all(),
        customer.identifiers.all(),
        customer.offers.all(),
        stage_changes(customer=customer),
    ]


def stage_changes(*, customer: Customer) -> QuerySet[Event, tuple[str, datetime]]:
    """The stages the customer came into, and when, in their order."""
    return reading.shared(
        customer,
        "stage-changes",
        lambda: (
            Event.objects.filter(record_type="customers.Customer", record_id=customer.pk)
            .exclude(target="")
            .order_by("sequence")
            .values_list("target", "at")
        ),
    )
