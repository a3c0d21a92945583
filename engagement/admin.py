from django.contrib import admin

from clm.core.admin import RecordAdmin
from engagement import selectors
from engagement.models import Enquiry, Interaction


@admin.register(Interaction)
class InteractionAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_interactions)
    list_display = ("at", "customer", "channel", "purpose", "outcome", "by")
    list_filter = ("channel", "purpose", "outcome")
    list_select_related = ("customer", "by")
    search_fields = ("customer__search_text",)
    date_hierarchy = "at"


@admin.register(Enquiry)
class EnquiryAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_enquiries)
    list_display = ("customer", "kind", "state", "priority", "assignee", "due_at")
    list_filter = ("kind", "state", "priority", "root_cause")
    list_select_related = ("customer", "assignee")
    search_fields = ("customer__search_text",)
