"""The kit's own tables in the administrator's workbench."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from clm.core import models
from clm.core.admin import HistoryAdmin, ReadOnlyAdmin
from clm.roles import ROLES


class RoleFilter(admin.SimpleListFilter):
    """The roles of the bank; the groups that carry scopes of API clients are left out."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, role.label) for name, role in ROLES.items()]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(models.User)
class PeopleAdmin(HistoryAdmin, UserAdmin[models.User]):
    """Users are made and given roles here; permissions come from roles alone."""

    list_display = ("username", "first_name", "last_name", "branch", "is_active", "is_robot")
    # Django's two-list widget names its tooltips in a way that screen readers must not.
    filter_horizontal = ()
    list_filter = (RoleFilter, "branch", "is_active", "is_robot")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "branch", "language")}),
        (_("Roles"), {"fields": ("is_active", "is_staff", "groups")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2", "branch")}),
    )

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        # What somebody did stays theirs: people are deactivated, never deleted.
        return False


@admin.register(models.Branch)
class BranchAdmin(HistoryAdmin):
    list_display = ("name", "code")
    search_fields = ("name", "code")


@admin.register(models.Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "record_type", "action", "source", "target", "actor")
    list_filter = ("record_type", "action")
    ordering = ("-id",)


@admin.register(models.AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "kind", "record_type", "route")
    list_filter = ("kind", "record_type")
    ordering = ("-id",)


@admin.register(models.Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("reaction", "due_at", "attempts", "done_at", "dead_at")
    list_filter = ("reaction",)
    ordering = ("-id",)


@admin.register(models.Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    list_display = ("record_type", "action", "maker", "made_at", "checker", "decision")
    list_filter = ("record_type", "decision")


@admin.register(models.Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("kind", "state", "done", "total", "created_by", "created_at")
    list_filter = ("kind", "state")


@admin.register(models.ScheduledRun)
class ScheduledRunAdmin(ReadOnlyAdmin):
    list_display = ("name", "period", "started_at", "done_at")
    list_filter = ("name",)


@admin.register(models.Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ("number", "at", "events", "access_entries")
    ordering = ("-number",)


@admin.register(models.Task)
class TaskAdmin(ReadOnlyAdmin):
    list_display = ("title", "assignee", "due_at", "done_at")
    list_filter = ("assignee",)


@admin.register(models.SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    list_display = ("page", "name", "owner", "shared")
    list_filter = ("page",)
