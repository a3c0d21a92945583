"""Leads that come in by themselves: the forms they fill in, what they agree to, what they do."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from acquisition.models import (
    Campaign,
    CaptureForm,
    Channel,
    Lead,
    LeadConsent,
    LeadTouch,
    TouchKind,
)
from acquisition.services.leads import create_lead
from clm.core import actors, records
from clm.core.models import User
from customers.models import Channel as ContactChannel
from customers.models import Product, Purpose
from customers.selectors.wordings import wordings_in_force

#: By what a visitor may be written to or called afterwards.
ASKED_CHANNELS = (ContactChannel.EMAIL, ContactChannel.SMS, ContactChannel.PHONE)
#: A clock elsewhere may be a little ahead.
_AHEAD = timedelta(minutes=5)
_LONGEST_AGO = timedelta(days=3 * 365)
FORM_SOURCE = "form"


class WordingChanged(Exception):
    """The words on the page are no longer in force: they are read again before they count."""


def open_form(*, campaign: Campaign, actor: User, at: datetime, **values: Any) -> CaptureForm:
    """
    Make a public form of a campaign.

    :raises ValidationError: by field; the address is taken, a site is no site
    """
    return records.create(record=CaptureForm(campaign=campaign, **values), actor=actor, at=at)


def change_form(
    *,
    form: CaptureForm,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> CaptureForm:
    """Correct a form, or close it. :raises StaleVersion: changed since `version`"""
    return records.change(record=form, changes=changes, actor=actor, at=at, version=version)


def capture_by_form(
    *,
    form: CaptureForm,
    values: Mapping[str, Any],
    agreed: Sequence[str],
    wording: str,
    language: str,
    token: str,
    at: datetime,
) -> Lead:
    """
    Take in what somebody wrote in a public form, with what they agreed to.

    :param agreed: channels of `ASKED_CHANNELS`
    :param wording: the name of the wording that stood on the page
    :param token: names this showing of the form; the same one again is the same lead
    :raises WordingChanged: other words are in force by now
    :raises ValidationError: by field
    """
    known = Lead.objects.filter(source=FORM_SOURCE, external_id=token).first()
    if known is not None:
        return known
    system = actors.system_user()
    words = None
    if agreed:
        words = wordings_in_force(at=at).filter(purpose=Purpose.MARKETING, code=wording).first()
        if words is None:
            raise WordingChanged
    channel = form.campaign.channel
    try:
        with transaction.atomic():
            lead = create_lead(
                values={
                    **values, "campaign": form.campaign, "branch": form.branch,
                    "channel": channel, "language": language,
                },
                source=FORM_SOURCE,
                external_id=token,
                actor=system,
                at=at,
            )  # fmt: skip
            LeadConsent.objects.bulk_create(
                LeadConsent(
                    lead=lead, purpose=Purpose.MARKETING, channel=one, wording=words,
                    language=language, source=f"form:{form.code}"[:60], at=at,
                )
                for one in ASKED_CHANNELS
                if one in agreed
            )  # fmt: skip
            note_touch(
                lead=lead, kind=TouchKind.FORM, channel=Channel.WEB, happened_at=at,
                campaign=form.campaign, product=lead.product, source=f"form:{form.code}"[:60],
                actor=system, at=at,
            )  # fmt: skip
    except (IntegrityError, ValidationError):
        # Sent twice at once: the other one was first, and this is its answer.
        known = Lead.objects.filter(source=FORM_SOURCE, external_id=token).first()
        if known is None:
            raise
        return known
    return lead


def note_touch(
    *,
    lead: Lead,
    kind: str,
    channel: str,
    happened_at: datetime,
    actor: User,
    at: datetime,
    campaign: Campaign | None = None,
    product: Product | None = None,
    source: str = "",
    external_id: str = "",
) -> LeadTouch:
    """
    Note what a lead did, or what was done with them; the same id of a source is one touch.

    :raises ValidationError: by field; it lies ahead or more than three years back
    """
    if happened_at > at + _AHEAD:
        raise ValidationError({"at": _("This lies ahead.")})
    if happened_at < at - _LONGEST_AGO:
        raise ValidationError({"at": _("This lies more than three years back.")})
    touch = LeadTouch(
        lead=lead, at=happened_at, kind=kind, channel=channel, campaign=campaign, product=product,
        source=source.strip(), external_id=external_id.strip(),
    )  # fmt: skip
    touch.clean_fields(exclude={"lead", "campaign", "product"})
    with transaction.atomic():
        LeadTouch.objects.bulk_create([touch], ignore_conflicts=bool(touch.external_id))
        if touch.external_id:
            stored = LeadTouch.objects.get(source=touch.source, external_id=touch.external_id)
            if stored.pk != touch.pk:
                if stored.lead_id != lead.pk:
                    raise ValidationError(
                        {"external_id": _("This id is another lead's at this source.")}
                    )
                return stored
        records.note(
            record=lead, action="touch", actor=actor, at=at, payload=_told(touch, happened_at)
        )
    return touch


def _told(touch: LeadTouch, happened_at: datetime) -> dict[str, str | None]:
    def key(one: UUID | None) -> str | None:
        return str(one) if one else None

    return {
        "kind": touch.kind, "channel": touch.channel, "happened_at": happened_at.isoformat(),
        "campaign_id": key(touch.campaign_id), "product_id": key(touch.product_id),
    }  # fmt: skip
