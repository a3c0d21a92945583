"""Journeys in the administrator's workbench."""

from django.contrib import admin

from clm.core.admin import ReadOnlyAdmin, RecordAdmin
from journeys import selectors
from journeys.models import (
    ColumnMapping,
    Journey,
    JourneyFeed,
    TouchedCase,
    Touchpoint,
    TouchpointKey,
)


@admin.register(Journey)
class JourneyAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_journeys)
    list_display = ("name", "slug", "source", "updated_at")
    search_fields = ("name", "slug")


@admin.register(Touchpoint)
class TouchpointAdmin(ReadOnlyAdmin):
    list_display = ("at", "journey", "case_id", "activity", "channel")
    list_filter = ("journey",)

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        return selectors.visible_touchpoints(actor=request.user).select_related("journey")


@admin.register(JourneyFeed)
class JourneyFeedAdmin(ReadOnlyAdmin):
    list_display = ("journey", "events", "revision")


@admin.register(TouchpointKey)
class TouchpointKeyAdmin(ReadOnlyAdmin):
    list_display = ("id",)


@admin.register(TouchedCase)
class TouchedCaseAdmin(ReadOnlyAdmin):
    list_display = ("journey", "case_id")


@admin.register(ColumnMapping)
class ColumnMappingAdmin(RecordAdmin):
    list_display = ("name", "updated_at")
