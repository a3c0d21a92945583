from django.contrib import admin

from clm.core.admin import RecordAdmin
from engagement import selectors
from engagement.models import Interaction


@admin.register(Interaction)
class InteractionAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_interactions)
    list_display = ("at", "customer", "channel", "purpose", "outcome", "by")
    list_filter = ("channel", "purpose", "outcome")
    list_select_related = ("customer", "by")
    search_fields = ("customer__search_text",)
    date_hierarchy = "at"
