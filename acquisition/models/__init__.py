"""Campaigns and the leads they bring."""

from acquisition.models.campaigns import Campaign, CampaignCost, Channel, CostKind
from acquisition.models.leads import Lead

__all__ = ["Campaign", "CampaignCost", "Channel", "CostKind", "Lead"]
