"""Campaigns and the leads they bring."""

from acquisition.models.campaigns import Campaign, CampaignCost, Channel, CostKind
from acquisition.models.capture import CaptureForm, LeadConsent, LeadTouch, TouchKind
from acquisition.models.erasures import LeadErasure
from acquisition.models.leads import Lead
from acquisition.models.nurturing import (
    STEP_CHANNELS,
    Incentive,
    LeadOffer,
    LeadStep,
    NurtureStep,
    StepOutcome,
)

__all__ = [
    "STEP_CHANNELS",
    "Campaign",
    "CampaignCost",
    "CaptureForm",
    "Channel",
    "CostKind",
    "Incentive",
    "Lead",
    "LeadConsent",
    "LeadErasure",
    "LeadOffer",
    "LeadStep",
    "LeadTouch",
    "NurtureStep",
    "StepOutcome",
    "TouchKind",
]
