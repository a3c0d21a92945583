"""What a campaign offers, and offering it to a lead."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from acquisition.lifecycle import OPEN_STATES, LeadState
from acquisition.models import Campaign, Incentive, Lead, LeadOffer
from acquisition.selectors.contact import judge_offer, stands_in_the_way
from clm.core import lifecycle, records
from clm.core.models import User


def add_incentive(*, campaign: Campaign, actor: User, at: datetime, **values: Any) -> Incentive:
    """Something the campaign offers. :raises ValidationError: by field"""
    return records.create(record=Incentive(campaign=campaign, **values), actor=actor, at=at)


def offer_to_lead(
    *, lead: Lead, incentive: Incentive, channel: str, actor: User, at: datetime
) -> LeadOffer:
    """
    Offer a campaign's incentive to a lead; a qualified one becomes OFFERED by it.

    :param channel: how the bank turns to them; empty where they asked in a conversation
    :raises ValidationError: a check refuses (each reason is said), the lead is no longer open, or
        it was offered this already
    """
    with transaction.atomic():
        locked = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
        if locked.state not in OPEN_STATES:
            raise ValidationError(_("The lead is no longer open."))
        if incentive.campaign_id != locked.campaign_id:
            raise ValidationError(_("This is offered to leads of another campaign."))
        checks = judge_offer(lead=locked, incentive=incentive, channel=channel, actor=actor, at=at)
        refusals = stands_in_the_way(checks)
        if refusals:
            raise ValidationError(refusals)
        offer = records.create(
            record=LeadOffer(
                lead=locked, incentive=incentive, channel=channel, made_at=at, made_by=actor
            ),
            actor=actor,
            at=at,
            payload={
                "lead_id": str(locked.pk), "incentive_id": str(incentive.pk), "channel": channel,
                "checks": {one.code: one.state for one in checks},
            },
        )  # fmt: skip
        if locked.state == LeadState.QUALIFIED:
            lifecycle.perform(record=locked, name="offer", actor=actor, at=at)
    return offer
