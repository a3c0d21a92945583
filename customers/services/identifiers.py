"""Identifiers: added, removed, and revealed with a reason."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import access, actors, crypto, records
from clm.core.models import User
from customers.identification import InvalidIdentifier, check_identifier
from customers.models import Customer, Identifier
from customers.services import drafts
from customers.services.parts import lock, touch


def add_identifier(
    *,
    customer: Customer,
    kind: str,
    value: str,
    actor: User,
    at: datetime,
    country: str = "DK",
    source: str = "",
) -> Identifier:
    """
    Add an identifier, encrypted. The same one again changes nothing.

    :raises ValidationError: not well formed, or another customer has it
    """
    try:
        checked = check_identifier(kind=kind, value=value, country=country)
    except InvalidIdentifier as exc:
        raise ValidationError({"value": str(exc)}) from None
    with transaction.atomic():
        locked = lock(customer=customer)
        holder = Identifier.objects.filter(
            kind=checked.kind, country=checked.country, index=drafts.index_of(checked)
        ).first()
        if holder is not None and holder.customer_id == locked.pk:
            return holder
        if holder is not None:
            raise ValidationError({"value": _("Another customer has this number already.")})
        identifier = drafts.sealed(customer=locked, checked=checked, source=source, at=at)
        identifier.save(force_insert=True)
        touch(
            customer=locked,
            parts=["identifiers"],
            actor=actor,
            at=at,
            payload={"identifier_id": str(identifier.pk), "identifier_kind": checked.kind},
        )
    return identifier


def remove_identifier(*, identifier: Identifier, actor: User, at: datetime, reason: str) -> None:
    """Take away an identifier that was recorded in error; a reason is needed."""
    if not reason.strip():
        raise ValidationError({"reason": _("A reason is needed.")})
    with transaction.atomic():
        locked = lock(customer=identifier.customer)
        payload = {"identifier_id": str(identifier.pk), "identifier_kind": identifier.kind}
        identifier.delete()
        touch(
            customer=locked, parts=["identifiers"], actor=actor, at=at, reason=reason,
            payload=payload,
        )  # fmt: skip


def reveal_identifier(*, identifier: Identifier, actor: User, reason: str, at: datetime) -> str:
    """
    The number in clear. Leaves an event with the reason on the customer, and a reveal in the
    access log.

    :raises PermissionDenied: without the permission to reveal
    :raises ValidationError: without a reason
    """
    if not actors.may(actor=actor, permission="customers.reveal_identifier"):
        raise PermissionDenied(_("You may not see this number."))
    if len(reason.strip()) < 3:
        raise ValidationError({"reason": _("Say why you need the number.")})
    records.note(
        record=identifier.customer,
        action="reveal",
        actor=actor,
        at=at,
        reason=reason.strip(),
        payload={"identifier_id": str(identifier.pk), "identifier_kind": identifier.kind},
    )
    access.note_read(records=identifier.customer, kind="reveal", reason=reason.strip())
    return crypto.decrypt(token=identifier.ciphertext, context=drafts.IDENTIFIER_CONTEXT)
