"""
The administrator's workbench: everything can be looked at, nothing governed can be edited.

A record that a state machine governs is read-only here and offers its transitions as actions
through the same gate as pages and API.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import (
    BooleanField,
    DateField,
    ForeignKey,
    Model,
    Q,
    QuerySet,
    UUIDField,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import access, events, history, lifecycle
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Record, User
from clm.core.web import history_words
from clm.core.web.event_words import tell

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class HistoryAdmin(_ModelAdmin):
    """
    The history of a row: its fields change by change, and a record's events.

    Read-only, and of what the reader may see: the row is looked up as its own page does it.
    """

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        governed = isinstance(record, Record)
        found = list(events.for_record(record)[:200]) if governed else []
        people = User.objects.in_bulk({event.actor_id for event in found})
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(record)s") % {"record": record},
            "opts": self.opts,
            "object": record,
            "governed": governed,
            "kept": history.history_of(self.model) is not None,
            "lines": history_words.lines(record=record),
            "rows": [(told, people.get(told.event.actor_id)) for told in tell(events=found)],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/event_history.html", context)


class ReadOnlyAdmin(HistoryAdmin):
    """
    Rows to look at; a permission to view is needed, and none to change helps.

    Every list can be searched by id, that of a row or of what it belongs to, beside what its own
    `search_fields` say, and is filtered by its choices and dates where it names no filters.
    """

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_fields(self, request: HttpRequest) -> list[str] | tuple[str, ...]:
        return super().get_search_fields(request) or ("pk",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        identifier = _as_id(search_term)
        if identifier is None and search_term.strip() and not self.search_fields:
            return queryset.none(), False
        if identifier is None:
            return super().get_search_results(request, queryset, search_term)
        found = Q()
        for name in self._ids():
            found |= Q(**{name: identifier})
        return (queryset.filter(found) if found else queryset.none()), False

    def _ids(self) -> Iterator[str]:
        """The columns of the model that hold the id of a record."""
        for one in self.opts.concrete_fields:
            target = one.target_field if isinstance(one, ForeignKey) else one
            if isinstance(target, UUIDField):
                yield one.attname

    def get_list_filter(self, request: HttpRequest) -> Any:
        return super().get_list_filter(request) or self._dimensions()[:4]

    def _dimensions(self) -> list[str]:
        """The columns by which rows differ in kind or in time."""
        hidden = {*(self.exclude or ()), self.opts.pk.name}
        return [
            one.name
            for one in self.opts.concrete_fields
            if one.name not in hidden and (one.choices or isinstance(one, BooleanField | DateField))
        ]


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None


class PartAdmin(ReadOnlyAdmin):
    """
    Parts of a record, within the reach of whoever looks at the whole.

    :cvar whole: the field that leads to it
    :cvar selector: called with `actor=`, gives the wholes that the actor reaches
    """

    whole: ClassVar[str]
    selector: ClassVar[Callable[..., QuerySet[Any]]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        reached = type(self).selector(actor=request.user).order_by()
        return super().get_queryset(request).filter(**{f"{self.whole}__in": reached.values("pk")})


class ReasonForm(ActionForm):
    """The reason that goes with an action."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=2000, strip=True
    )


class RecordAdmin(ReadOnlyAdmin):
    """
    A governed record: read-only, within reach, with its transitions as actions.

    :cvar selector: called with `actor=`, gives what the actor reaches; None means everything
    """

    selector: ClassVar[Callable[..., QuerySet[Any]] | None] = None
    action_form = ReasonForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        selector = type(self).selector
        if selector is None:
            return super().get_queryset(request)
        found = selector(actor=request.user)
        ordering = self.get_ordering(request)
        return found.order_by(*ordering) if ordering else found

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            access.note_read(records=found)
        return found

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        if lifecycle.has_machine(self.model):
            for name, steps in lifecycle.machine_of(self.model).transitions().items():
                # What only the system may do is nobody's action.
                if steps and not steps[0].custom.get("automatic"):
                    label = str(steps[0].custom.get("label", name))
                    actions[name] = (cast("Any", _action(name)), name, label)
        return cast("dict[str, Any]", actions)


def _action(name: str) -> Callable[[RecordAdmin, HttpRequest, QuerySet[Any]], None]:
    """An admin action that takes each chosen record through the transition `name`."""

    def run(modeladmin: RecordAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        done = 0
        for record in queryset.order_by("pk")[:500]:
            refusal = _perform(record, name, request)
            if refusal:
                modeladmin.message_user(request, f"{record}: {refusal}", messages.ERROR)
            else:
                done += 1
        if done:
            modeladmin.message_user(request, _("Done: %(count)d.") % {"count": done})

    run.__name__ = name
    return run


def _perform(record: Model, name: str, request: HttpRequest) -> str:
    """Why the transition was refused; empty when it was taken."""
    try:
        lifecycle.perform(
            record=cast("Record", record),
            name=name,
            actor=cast("User", request.user),
            at=timezone.now(),
            reason=request.POST.get("reason", "").strip(),
        )
    except TransitionRefused as refused:
        return str(refused)
    except PermissionDenied as denied:
        return str(denied)
    return ""
