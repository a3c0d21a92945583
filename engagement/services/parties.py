"""Whom something is written about: the customer as the record stands now."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from customers.lifecycle import Stage
from customers.models import Customer
from customers.selectors.duplicates import customer_now


def living(*, customer_id: UUID) -> Customer:
    """
    The customer, or who they became where two records were merged.

    :raises ValidationError: the record was erased, or is there no more
    """
    try:
        found = customer_now(customer_id=customer_id)
    except Customer.DoesNotExist:
        found = None
    if found is None or found.stage == Stage.ERASED:
        raise ValidationError({"customer": _("The customer's record was erased.")})
    return found
