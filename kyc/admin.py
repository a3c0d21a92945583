"""KYC in the administrator's workbench: to look at; decisions are taken on the pages."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from kyc import models

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    _Base = admin.ModelAdmin


class ReadOnly(_Base):
    """Governed by a machine, four eyes or a list: nothing is edited here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Case)
class CaseAdmin(ReadOnly):
    list_display = ("reference", "trigger", "state", "risk", "assignee", "due_at")
    list_filter = ("state", "trigger", "risk")


@admin.register(models.Hit)
class HitAdmin(ReadOnly):
    list_display = ("case", "watchlist", "score", "status", "decided_by", "decided_at")
    list_filter = ("status", "watchlist")


@admin.register(models.Check)
class CheckAdmin(ReadOnly):
    list_display = ("case", "kind", "round", "result", "at")
    list_filter = ("kind", "result")


@admin.register(models.RiskAssessment)
class RiskAssessmentAdmin(ReadOnly):
    list_display = ("case", "level", "score", "model", "at")
    list_filter = ("level",)


@admin.register(models.RiskModel)
class RiskModelAdmin(ReadOnly):
    list_display = ("number", "in_force", "created_at")


@admin.register(models.Watchlist)
class WatchlistAdmin(ReadOnly):
    list_display = ("name", "format", "created_at")


@admin.register(models.WatchlistVersion)
class WatchlistVersionAdmin(ReadOnly):
    list_display = ("watchlist", "number", "standing", "entries", "added", "changed", "removed")
    list_filter = ("standing", "watchlist")


@admin.register(models.WatchlistEntry)
class WatchlistEntryAdmin(ReadOnly):
    list_display = ("watchlist", "key", "kind", "removed_in")
    list_filter = ("watchlist", "kind")
    search_fields = ("key", "names__name")
