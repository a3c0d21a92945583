"""Planning campaigns, and entering what they cost."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from acquisition.models import Campaign, CampaignCost
from clm.core import records
from clm.core.models import User


def create_campaign(
    *,
    name: str,
    channel: str,
    starts_on: date,
    ends_on: date | None = None,
    budget: Decimal = Decimal(0),
    currency: str = "DKK",
    audience: str = "",
    target_leads: int | None = None,
    target_customers: int | None = None,
    target_cost: Decimal | None = None,
    actor: User,
    at: datetime,
) -> Campaign:
    """
    Plan a campaign.

    :raises ValidationError: a field does not hold, such as an end before the start
    """
    campaign = Campaign(
        name=name, channel=channel, starts_on=starts_on, ends_on=ends_on, budget=budget,
        currency=currency, audience=audience, target_leads=target_leads,
        target_customers=target_customers, target_cost=target_cost,
    )  # fmt: skip
    return records.create(record=campaign, actor=actor, at=at)


def change_campaign(
    *,
    campaign: Campaign,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Campaign:
    """
    Correct a campaign's plan.

    :raises StaleVersion: somebody else changed it since `version`
    :raises ValidationError: by field; the currency stays once a cost is entered
    """
    currency = changes.get("currency", campaign.currency)
    if currency != campaign.currency and campaign.costs.exists():
        raise ValidationError({"currency": _("Costs are entered in another currency.")})
    return records.change(record=campaign, changes=changes, actor=actor, at=at, version=version)


def enter_cost(
    *,
    campaign: Campaign,
    spent_on: date,
    kind: str,
    amount: Decimal,
    actor: User,
    at: datetime,
    currency: str = "",
    reference: str = "",
    note: str = "",
) -> CampaignCost:
    """
    Enter what a campaign has cost; a negative amount takes a wrong entry back.

    :param currency: refused when it is not the campaign's; its own when left out
    :raises ValidationError: by field; the reference is entered already, the date lies ahead, or
        more is taken back than was entered
    """
    faults: dict[str, str] = {}
    if currency and currency != campaign.currency:
        faults["amount"] = _("The campaign is kept in %(currency)s.") % {
            "currency": campaign.currency
        }
    if spent_on > timezone.localdate(at):
        faults["spent_on"] = _("The date lies ahead.")
    if faults:
        raise ValidationError(faults)
    with transaction.atomic():
        # Two who take back the same entry at once wait for one another here.
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        entered = sum(locked.costs.values_list("amount", flat=True), Decimal(0))
        if amount < 0 and entered + amount < 0:
            raise ValidationError({"amount": _("More would be taken back than was entered.")})
        cost = CampaignCost(
            campaign=locked, spent_on=spent_on, kind=kind, amount=amount,
            reference=reference.strip(), note=note.strip(),
        )  # fmt: skip
        return records.create(
            record=cost,
            actor=actor,
            at=at,
            payload={
                "campaign_id": str(campaign.pk),
                "amount": str(amount),
                "currency": campaign.currency,
            },
        )
