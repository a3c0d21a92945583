"""What a campaign offers, and offering it to a lead."""

from collections.abc import Mapping
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

#: What of an offer may still change once somebody has it: when it is made, not what it is.
_STILL_FREE = frozenset({"valid_from", "valid_to", "is_used"})


def add_incentive(
    *, campaign: Campaign, actor: User, at: datetime, currency: str = "", **values: Any
) -> Incentive:
    """
    Something the campaign offers.

    :param currency: of its cost; refused when it is not the campaign's
    :raises ValidationError: by field
    """
    _in_currency(campaign, currency)
    return records.create(record=Incentive(campaign=campaign, **values), actor=actor, at=at)


def change_incentive(
    *,
    incentive: Incentive,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    currency: str = "",
    version: int | None = None,
) -> Incentive:
    """
    Correct an offer, or take it out of use; what was offered to somebody stays what it is.

    :raises StaleVersion: changed since `version`
    :raises ValidationError: by field; somebody has it and it would become another
    """
    _in_currency(incentive.campaign, currency)
    with transaction.atomic():
        # Who offers it at this moment waits here, or we for them.
        locked = Incentive.objects.select_for_update().get(pk=incentive.pk)
        other = {name for name, value in changes.items() if getattr(locked, name) != value}
        fixed = other - _STILL_FREE
        if fixed and LeadOffer.objects.filter(incentive=locked).exists():
            words = _(
                "This was offered to somebody already. Take it out of use and make a new one."
            )
            raise ValidationError(dict.fromkeys(sorted(fixed), words))
        return records.change(
            record=incentive, changes=changes, actor=actor, at=at, version=version
        )


def _in_currency(campaign: Campaign, currency: str) -> None:
    if currency and currency != campaign.currency:
        words = _("The campaign is kept in %(currency)s.") % {"currency": campaign.currency}
        raise ValidationError({"cost": words})


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
        # What is judged is what is offered: its words stay while this is going on.
        incentive = Incentive.objects.select_for_update(of=("self",)).get(pk=incentive.pk)
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
