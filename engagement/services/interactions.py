"""Writing interactions."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from clm.core import actors, records
from clm.core.models import User
from customers.lifecycle import Stage
from customers.models import Customer
from engagement.models import Interaction


def record_interaction(
    *,
    customer: Customer,
    channel: str,
    purpose: str,
    outcome: str,
    actor: User,
    at: datetime,
    happened_at: datetime | None = None,
    sentiment: int | None = None,
    text: str = "",
) -> Interaction:
    """
    Record one contact with a customer.

    The event carries codes only; what was said stays in the row, where erasure finds it.

    :param happened_at: when it took place, now if left out; never in the future
    :raises PermissionDenied: `actor` may not record interactions
    :raises ValidationError: a code is unknown, the time lies ahead, or the customer is erased
    """
    if not actors.may(actor=actor, permission="engagement.add_interaction"):
        raise PermissionDenied(_("You may not do this."))
    when = happened_at or at
    if when > at:
        raise ValidationError({"at": _("An interaction cannot lie in the future.")})
    if customer.stage == Stage.ERASED:
        raise ValidationError({"customer": _("The customer's record was erased.")})
    interaction = Interaction(
        customer=customer,
        at=when,
        channel=channel,
        purpose=purpose,
        outcome=outcome,
        sentiment=sentiment,
        text=text.strip(),
        by=actor,
    )
    return records.create(
        record=interaction,
        actor=actor,
        at=at,
        payload={
            "customer_id": str(customer.pk),
            "channel": channel,
            "purpose": purpose,
            "outcome": outcome,
            "sentiment": sentiment,
            "happened_at": when.isoformat(),
        },
    )
