"""Journeys in the administrator's workbench."""

from django.contrib import admin

from clm.core.admin import ReadOnlyAdmin, RecordAdmin
from journeys import selectors
from journeys.models import (
    BankValue,
    BriefingPoint,
    ColumnMapping,
    Insight,
    Journey,
    JourneyFeed,
    JourneyMap,
    MapCard,
    MapChange,
    MapComment,
    MapEmotion,
    MapLane,
    MappingProject,
    MapStep,
    MapVersion,
    MomentOfTruth,
    Opportunity,
    Persona,
    PlannedAction,
    ResearchNote,
    SharedSolution,
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


@admin.register(JourneyMap)
class JourneyMapAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "journey", "owner", "updated_at")
    list_filter = ("kind",)
    search_fields = ("name",)


@admin.register(Persona)
class PersonaAdmin(ReadOnlyAdmin):
    list_display = ("name", "life_phase", "updated_at")
    search_fields = ("name", "life_phase")


@admin.register(MapStep, MapLane)
class MapPartAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "map", "removed_at")
    list_filter = ("map",)


@admin.register(MapCard)
class MapCardAdmin(ReadOnlyAdmin):
    list_display = ("text", "map", "step", "lane", "author", "removed_at")
    list_filter = ("map",)
    search_fields = ("text",)


@admin.register(MapEmotion)
class MapEmotionAdmin(ReadOnlyAdmin):
    list_display = ("map", "step", "persona", "value")
    list_filter = ("map",)


@admin.register(MapComment)
class MapCommentAdmin(ReadOnlyAdmin):
    list_display = ("text", "map", "author", "resolved_at")
    list_filter = ("map",)


@admin.register(MapVersion)
class MapVersionAdmin(ReadOnlyAdmin):
    list_display = ("map", "number", "name", "author", "created_at")
    list_filter = ("map",)


@admin.register(MapChange)
class MapChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "map", "part", "actor", "undone")
    list_filter = ("map",)


@admin.register(MappingProject)
class MappingProjectAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_projects)
    list_display = ("title", "state", "depth", "owner", "updated_at")
    list_filter = ("state", "depth")
    search_fields = ("title",)


class PartOfProjectAdmin(RecordAdmin):
    list_display = ("__str__", "project", "removed_at", "updated_at")
    list_select_related = ("project",)


for part in (BriefingPoint, Insight, MomentOfTruth, Opportunity, PlannedAction, ResearchNote):
    admin.site.register(part, PartOfProjectAdmin)


@admin.register(BankValue)
class BankValueAdmin(RecordAdmin):
    list_display = ("name", "score", "in_use", "updated_at")


@admin.register(SharedSolution)
class SharedSolutionAdmin(RecordAdmin):
    list_display = ("name", "provider", "in_use", "updated_at")
