"""The one thing the rest of the bank may know of KYC: may we deal with this customer."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from customers.models import Customer


def may_deal_with(customer_id: UUID) -> bool:
    """Whether KYC cleared the customer, no restriction stands and no review is overdue."""
    return customer_id in may_deal_with_many([customer_id])


def may_deal_with_many(customer_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of them to whom the same holds, in one question."""
    today = timezone.localdate()
    rows = Customer.objects.filter(pk__in=customer_ids).values_list(
        "pk", "kyc_cleared_at", "restriction", "kyc_review_on"
    )
    return frozenset(
        pk
        for pk, cleared_at, restriction, review_on in rows
        if cleared_at is not None and not restriction and (review_on is None or review_on >= today)
    )
