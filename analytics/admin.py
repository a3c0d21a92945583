"""Models and scores in the administrator's workbench."""

from django.contrib import admin

from analytics import selectors
from analytics.figures.selectors import visible_ledger
from analytics.models import (
    ChurnScore,
    DriftReading,
    KpiTarget,
    KpiValue,
    LedgerFigure,
    ModelVersion,
)
from clm.core.admin import PartAdmin, ReadOnlyAdmin, RecordAdmin


@admin.register(ModelVersion)
class ModelVersionAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_models)
    list_display = ("name", "number", "state", "algorithm", "created_at")
    list_filter = ("state", "name")


@admin.register(ChurnScore)
class ChurnScoreAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_scores)
    list_display = ("customer", "scored_on", "probability", "band", "model_version")
    list_filter = ("band", "scored_on")


@admin.register(LedgerFigure)
class LedgerFigureAdmin(RecordAdmin):
    selector = staticmethod(visible_ledger)
    list_display = ("month", "item", "amount", "currency")
    list_filter = ("item",)


@admin.register(DriftReading)
class DriftReadingAdmin(PartAdmin):
    whole = "model_version"
    selector = staticmethod(selectors.visible_models)
    list_display = ("model_version", "on", "rows", "flagged")


@admin.register(KpiTarget)
class KpiTargetAdmin(ReadOnlyAdmin):
    list_display = ("name", "target", "alert")


@admin.register(KpiValue)
class KpiValueAdmin(ReadOnlyAdmin):
    list_display = ("name", "on", "value", "computed_at")
