"""KYC in the administrator's workbench: to look at; decisions are taken on the pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from clm.core.admin import ReadOnlyAdmin, RecordAdmin
from customers.admin import AboutCustomerAdmin
from kyc import models, selectors
from kyc.selectors.registers import visible_discrepancies


class ReadOnly(ReadOnlyAdmin):
    """Governed by a machine, four eyes or a list: nothing is edited here."""


class WithinReach(RecordAdmin):
    """Records within the reader's reach; what is decided about them is decided on their pages."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}


@admin.register(models.Case)
class CaseAdmin(WithinReach):
    selector = staticmethod(selectors.visible_cases)
    list_display = ("reference", "trigger", "state", "risk", "assignee", "due_at")
    list_filter = ("state", "trigger", "risk")


@admin.register(models.Hit)
class HitAdmin(WithinReach):
    selector = staticmethod(selectors.visible_hits)
    list_display = ("case", "watchlist", "score", "status", "decided_by", "decided_at")
    list_filter = ("status", "watchlist")


@admin.register(models.Alert)
class AlertAdmin(WithinReach):
    selector = staticmethod(selectors.visible_alerts)
    list_display = ("reference", "kind", "state", "score", "first_on", "last_on")
    list_filter = ("state", "kind")


@admin.register(models.MonitoringRule)
class MonitoringRuleAdmin(ReadOnly):
    list_display = ("kind", "number", "state", "switched_on", "state_since")
    list_filter = ("state", "kind")


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
    list_display = ("number", "state", "in_force_from", "in_force_until", "created_at")


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


@admin.register(models.CaseTeam)
class CaseTeamAdmin(ReadOnly):
    list_display = ("one", "shares_out", "updated_at")


@admin.register(models.CaseWorker)
class CaseWorkerAdmin(ReadOnly):
    list_display = ("user", "hours_a_week", "away_until")


@admin.register(models.RegisterDiscrepancy)
class RegisterDiscrepancyAdmin(WithinReach):
    selector = staticmethod(visible_discrepancies)
    list_display = ("register", "kind", "found_at", "due_on", "outcome", "settled_by")
    list_filter = ("kind", "outcome")


@admin.register(models.PolicyText)
class PolicyTextAdmin(ReadOnly):
    list_display = ("code", "number", "title_en", "due_on", "created_at")


@admin.register(models.Attestation)
class AttestationAdmin(ReadOnly):
    list_display = ("policy", "user", "created_at")


@admin.register(models.QualitySample)
class QualitySampleAdmin(ReadOnly):
    list_display = ("month", "percent", "population", "created_at")


@admin.register(models.QualityReview)
class QualityReviewAdmin(ReadOnly):
    list_display = ("sample", "case", "verdict", "error_kind", "examiner", "examined_at")
    list_filter = ("verdict", "error_kind")


@admin.register(models.FileGap)
class FileGapAdmin(AboutCustomerAdmin):
    list_display = ("customer", "code", "level", "found_at")


@admin.register(models.MonitoringDue)
class MonitoringDueAdmin(AboutCustomerAdmin):
    list_display = ("customer", "since")


@admin.register(models.ReplayExample)
class ReplayExampleAdmin(AboutCustomerAdmin):
    list_display = ("replay", "customer", "score", "is_new")


@admin.register(models.RuleReplay)
class RuleReplayAdmin(ReadOnly):
    list_display = ("rule", "asked_at", "done_at", "since")


@admin.register(models.WatchlistName)
class WatchlistNameAdmin(ReadOnly):
    list_display = ("name", "entry", "primary", "weak")
