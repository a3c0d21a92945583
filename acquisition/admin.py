from django.contrib import admin

from acquisition import selectors
from acquisition.models import Campaign, CampaignCost, Lead, LeadErasure
from clm.core.admin import RecordAdmin


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
