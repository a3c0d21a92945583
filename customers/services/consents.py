"""The consent ledger."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import actors
from clm.core.models import User
from customers.models import Channel, ConsentEntry, Customer
from customers.services.parts import lock, touch


def record_consent(
    *,
    customer: Customer,
    purpose: str,
    channel: str,
    decision: str,
    source: str,
    actor: User,
    at: datetime,
    wording_version: str = "",
) -> ConsentEntry:
    """
    Add a line to the ledger: given, withdrawn, objected, or found on the Robinson list.

    The same decision as the one in force adds nothing.

    :raises PermissionDenied: `actor` may not record consents
    :raises ValidationError: an unknown purpose, channel or decision
    """
    if not actors.may(actor=actor, permission="customers.record_consent"):
        raise PermissionDenied(_("You may not record consents."))
    with transaction.atomic():
        locked = lock(customer=customer)
        last = (
            ConsentEntry.objects.filter(
                customer=locked, purpose=purpose, channel__in=[channel, Channel.ANY]
            )
            .order_by("-at", "-id")
            .first()
        )
        wanted = (channel, decision, wording_version)
        if last and (last.channel, last.decision, last.wording_version) == wanted:
            return last
        entry = ConsentEntry(
            customer=locked,
            purpose=purpose,
            channel=channel,
            decision=decision,
            source=source,
            wording_version=wording_version,
            at=at,
            recorded_by=actor,
        )
        entry.full_clean()
        entry.save(force_insert=True)
        touch(
            customer=locked,
            parts=["consents"],
            actor=actor,
            at=at,
            payload={"purpose": purpose, "channel": channel, "decision": decision},
        )
    return entry
