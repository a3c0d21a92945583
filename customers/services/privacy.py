"""What a customer may ask of their own data."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from clm.core import actors, jobs
from clm.core.models import Job, User
from customers import selectors
from customers.models import Customer
from customers.privacy.job import PERMISSION


def start_subject_access(*, customer: Customer, actor: User, at: datetime) -> Job:
    """
    Queue the pack of everything held about a customer (GDPR art. 15).

    Ordered by the customer on My page it holds what they may fetch for themselves.

    :raises PermissionDenied: `actor` may not give access, or the customer is out of reach
    """
    allowed = actors.may(actor=actor, permission=PERMISSION)
    visible = selectors.visible_customers(actor=actor).filter(pk=customer.pk)
    if not allowed or not visible.exists():
        raise PermissionDenied(_("You may not give access to this customer's data."))
    return jobs.start(
        kind="customers.subject_access",
        parameters={
            "customer_id": str(customer.pk),
            **({"own": True} if actors.is_customer(actor) else {}),
        },
        actor=actor,
        at=at,
    )
