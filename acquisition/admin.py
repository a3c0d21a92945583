from django.contrib import admin

from acquisition import selectors
from acquisition.models import (
    Campaign,
    CampaignCost,
    CaptureForm,
    Incentive,
    Lead,
    LeadConsent,
    LeadErasure,
    LeadOffer,
    LeadStep,
    LeadTouch,
    NurtureStep,
)
from clm.core.admin import PartAdmin, RecordAdmin


@admin.register(Campaign)
class CampaignAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_campaigns)
    list_display = ("name", "channel", "starts_on", "ends_on", "budget", "currency")
    list_filter = ("channel",)
    search_fields = ("name",)


@admin.register(CampaignCost)
class CampaignCostAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_costs)
    list_display = ("campaign", "spent_on", "kind", "amount", "reference")
    list_filter = ("kind",)
    search_fields = ("campaign__name", "reference")


@admin.register(Lead)
class LeadAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_leads)
    list_display = ("__str__", "state", "channel", "campaign", "branch", "adviser", "created_at")
    list_filter = ("state", "channel", "branch")


@admin.register(LeadErasure)
class LeadErasureAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_erasures)
    list_display = ("__str__", "state", "expected", "erased", "created_at")
    list_filter = ("state",)


class CampaignPartAdmin(PartAdmin):
    whole = "campaign"
    selector = staticmethod(selectors.visible_campaigns)


class LeadPartAdmin(PartAdmin):
    whole = "lead"
    selector = staticmethod(selectors.visible_leads)


@admin.register(CaptureForm)
class CaptureFormAdmin(CampaignPartAdmin):
    list_display = ("code", "campaign", "kind")


@admin.register(NurtureStep)
class NurtureStepAdmin(CampaignPartAdmin):
    list_display = ("campaign", "position", "after_days", "channel", "title", "is_used")


@admin.register(Incentive)
class IncentiveAdmin(CampaignPartAdmin):
    list_display = ("campaign", "name_da", "name_en")


@admin.register(LeadStep)
class LeadStepAdmin(LeadPartAdmin):
    list_display = ("lead", "step", "due_at", "done_at", "outcome")


@admin.register(LeadOffer)
class LeadOfferAdmin(LeadPartAdmin):
    list_display = ("lead", "incentive", "channel", "made_at")


@admin.register(LeadTouch)
class LeadTouchAdmin(LeadPartAdmin):
    list_display = ("at", "lead", "kind", "channel", "campaign")


@admin.register(LeadConsent)
class LeadConsentAdmin(LeadPartAdmin):
    list_display = ("at", "lead", "purpose", "channel", "wording")
