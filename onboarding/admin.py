from django.contrib import admin

from clm.core.admin import RecordAdmin
from onboarding import selectors
from onboarding.models import Application, ApplicationTask, ApplicationTemplate


@admin.register(ApplicationTemplate)
class ApplicationTemplateAdmin(RecordAdmin):
    list_display = ("kind", "number", "valid_from", "valid_to")
    list_filter = ("kind",)


@admin.register(Application)
class ApplicationAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_applications)
    list_display = ("__str__", "state", "officer", "due_at", "created_at")
    list_filter = ("state",)
    search_fields = ("customer__display_name",)


@admin.register(ApplicationTask)
class ApplicationTaskAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_tasks)
    list_display = ("application", "step", "key", "kind", "required", "done_at")
    list_filter = ("kind", "step")
