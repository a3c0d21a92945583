"""Campaigns and the leads they bring."""

from acquisition.models.campaigns import Campaign, CampaignCost, Channel, CostKind
from acquisition.models.capture import CaptureForm, LeadConsent, LeadTouch, TouchKind
from acquisition.models.leads import Lead

__all__ = [
    "Campaign",
    "CampaignCost",
    "CaptureForm",
    "Channel",
    "CostKind",
    "Lead",
    "LeadConsent",
    "LeadTouch",
    "TouchKind",
]
