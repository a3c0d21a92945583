"""The consent ledger."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import actors
from clm.core.models import User
from customers.models import (
    OWN_DECISIONS,
    ConsentEntry,
    ConsentWording,
    Customer,
    Decision,
)
from customers.selectors.contact import last_said
from customers.selectors.wordings import wordings_in_force
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
    language: str = "",
) -> ConsentEntry:
    """
    Add a line to the ledger: given, withdrawn or objected. Who is on the Robinson list says the
    list alone (`write_listing`).

    The same decision as the one in force adds nothing. Only a consent that is given names its
    wording: to take it back asks for no more than saying so (GDPR art. 7(3)).

    :param wording_version: the name of the wording that the customer was shown
    :param language: in which it was shown; the customer's own when left out
    :raises PermissionDenied: `actor` may not record consents
    :raises ValidationError: an unknown purpose or channel, or what no customer says; or a consent
        that names no wording, or one that is not in force at that instant
    """
    if not actors.may(actor=actor, permission="customers.record_consent"):
        raise PermissionDenied(_("You may not record consents."))
    if decision not in OWN_DECISIONS:
        raise ValidationError({"decision": _("Only what a customer says is recorded here.")})
    with transaction.atomic():
        locked = lock(customer=customer)
        wording = None
        if decision == Decision.GIVEN:
            wording = _wording(purpose, wording_version, at)
            language = language or locked.language
        else:
            wording_version = language = ""
        lines = ConsentEntry.objects.filter(customer=locked)
        last = last_said(lines=lines, purpose=purpose, channel=channel)
        wanted = (channel, decision, wording_version)
        if (
            last
            and last.purpose == purpose
            and (last.channel, last.decision, last.wording_version) == wanted
        ):
            return last
        entry = ConsentEntry(
            customer=locked,
            purpose=purpose,
            channel=channel,
            decision=decision,
            source=source,
            wording=wording,
            wording_version=wording_version,
            language=language,
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
            payload={
                "purpose": purpose, "channel": channel, "decision": decision,
                "consent_id": str(entry.pk), "wording": wording_version,
            },
        )  # fmt: skip
    return entry


def _wording(purpose: str, code: str, at: datetime) -> ConsentWording:
    usable = wordings_in_force(at=at).filter(purpose=purpose)
    found = usable.filter(code=code).first() if code else None
    if found is None:
        names = ", ".join(usable.values_list("code", flat=True)) or "–"
        raise ValidationError(
            {
                "wording_version": _(
                    "A consent names the wording that was shown. In force for this purpose: %(names)s."
                )
                % {"names": names}
            }
        )
    return found
