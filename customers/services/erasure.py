"""Erasure after the retention date: asked for by one, released by another."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from clm.core import actors, approvals
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Approval, User
from customers.lifecycle import ENDED, retention_has_ended
from customers.models import Customer
from customers.selectors import customer_facts


def ask_erasure(*, customer: Customer, actor: User, at: datetime, reason: str) -> Approval:
    """
    Ask a second person to erase a customer; the transition `erase` decides it.

    :raises TransitionRefused: the relationship has not ended, or its retention date lies ahead
    """
    if not actors.may(actor=actor, permission="customers.erase_customer"):
        raise PermissionDenied(_("You may not ask for erasure."))
    facts = customer_facts(records=[customer])[customer.pk]
    if customer.stage not in ENDED or not retention_has_ended.check(customer, facts):
        raise TransitionRefused([retention_has_ended.sentence])
    return approvals.open_approval(
        record=customer,
        action="customers.erase",
        actor=actor,
        at=at,
        shown=approvals.snapshot(customer),
        reason=reason,
    )
