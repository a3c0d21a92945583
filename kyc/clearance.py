"""The one thing the rest of the bank may know of KYC: may we deal with this customer."""

from uuid import UUID

from django.utils import timezone

from customers.models import Customer


def may_deal_with(customer_id: UUID) -> bool:
    """Whether KYC cleared the customer, no restriction stands and no review is overdue."""
    row = (
        Customer.objects.filter(pk=customer_id)
        .values_list("kyc_cleared_at", "restriction", "kyc_review_on")
        .first()
    )
    if row is None:
        return False
    cleared_at, restriction, review_on = row
    overdue = review_on is not None and review_on < timezone.localdate()
    return cleared_at is not None and not restriction and not overdue
