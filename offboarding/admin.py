from django.contrib import admin

from clm.core.admin import RecordAdmin
from offboarding import selectors
from offboarding.models import Closure, ClosureObligation


@admin.register(Closure)
class ClosureAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_closures)
    list_display = ("customer", "state", "ground", "exit_reason", "switching", "due_at")
    list_filter = ("state", "ground", "exit_reason", "switching")
    list_select_related = ("customer",)


@admin.register(ClosureObligation)
class ClosureObligationAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_obligations)
    list_display = ("closure", "kind", "holding", "status", "decided_by")
    list_filter = ("kind", "status")
    list_select_related = ("closure__customer", "holding__product", "decided_by")
