from django.contrib import admin

from clm.core.admin import RecordAdmin
from retention import selectors
from retention.models import Playbook, SaveCase


@admin.register(Playbook)
class PlaybookAdmin(RecordAdmin):
    list_display = ("reason", "offer_kind", "budget", "currency")


@admin.register(SaveCase)
class SaveCaseAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_cases)
    list_display = ("customer", "state", "reason_code", "owner", "due_at", "budget")
    list_filter = ("state", "reason_code")
    list_select_related = ("customer", "owner")
