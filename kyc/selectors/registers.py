"""Differences from company registers, within reach."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from clm.core import actors
from clm.core.models import User
from customers.selectors import reach_q
from kyc.models import RegisterDiscrepancy


def visible_discrepancies(*, actor: User) -> QuerySet[RegisterDiscrepancy]:
    """Differences of customers within the actor's reach; nothing without the permission."""
    if not actors.may(actor=actor, permission="kyc.view_case"):
        return RegisterDiscrepancy.objects.none()
    return RegisterDiscrepancy.objects.filter(
        reach_q(actor=actor, prefix="customer__")
    ).select_related("customer", "settled_by")


def discrepancies_open(*, customer_id: UUID) -> int:
    """How many stand open for a customer."""
    return RegisterDiscrepancy.objects.filter(customer=customer_id, outcome="").count()


def settle_by(*, customer_id: UUID) -> date | None:
    """The last of the fourteen days of a customer's first open difference."""
    found = RegisterDiscrepancy.objects.filter(customer=customer_id, outcome="")
    return found.order_by("due_on").values_list("due_on", flat=True).first()
