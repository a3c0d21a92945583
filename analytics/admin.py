"""Models and scores in the administrator's workbench."""

from django.contrib import admin

from analytics import selectors
from analytics.figures.selectors import visible_ledger
from analytics.models import ChurnScore, LedgerFigure, ModelVersion
from clm.core.admin import RecordAdmin


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
