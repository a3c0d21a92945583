"""Reading campaigns and what they cost."""

from decimal import Decimal
from uuid import UUID

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from acquisition.models import Campaign, CampaignCost, Incentive, NurtureStep
from clm.core.models import User


def visible_campaigns(*, actor: User) -> QuerySet[Campaign]:
    """
    Campaigns are the bank's, not a portfolio's: whoever may see one sees all.

    Each has what it has cost so far, `spent`.
    """
    costs = CampaignCost.objects.filter(campaign=OuterRef("pk")).order_by()
    spent = costs.values("campaign").annotate(total=Sum("amount")).values("total")
    money = DecimalField(max_digits=14, decimal_places=2)
    return Campaign.objects.annotate(
        spent=Coalesce(Subquery(spent), Decimal(0), output_field=money)
    ).order_by("-starts_on", "-id")


def visible_costs(*, actor: User) -> QuerySet[CampaignCost]:
    """The costs of all campaigns, the latest first."""
    return CampaignCost.objects.select_related("campaign").order_by("-spent_on", "-id")


def planned_steps(*, actor: User) -> QuerySet[NurtureStep]:
    """The steps of all campaigns' plans, those out of use included, in their order."""
    return NurtureStep.objects.select_related("campaign").order_by("campaign_id", "position")


def visible_incentives(*, actor: User) -> QuerySet[Incentive]:
    """What all campaigns offer, what is out of use included."""
    return Incentive.objects.select_related("campaign", "product").order_by("valid_from", "id")


def campaign_named(*, pk: str) -> Campaign | None:
    """The campaign with this id, None for anything that is no id of one."""
    try:
        return Campaign.objects.filter(pk=UUID(pk)).first()
    except ValueError:
        return None
