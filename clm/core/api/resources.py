"""The kit's own resources: jobs, the audit stream, approvals and tasks."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import actors, events, jobs, lifecycle, rejection, work
from clm.core.api import paging
from clm.core.api.filters import boolean
from clm.core.api.problems import ApiProblem, bad_parameter
from clm.core.api.router import router
from clm.core.api.serializers import (
    ApprovalSerializer,
    EventSerializer,
    JobErrorSerializer,
    JobSerializer,
    StrictSerializer,
    TaskSerializer,
    TransitionSerializer,
)
from clm.core.api.views import LIST_PARAMETERS, ApiViewSet, ReadingViewSet, RecordViewSet
from clm.core.approvals import ApprovalRefused
from clm.core.models import Approval, Task, User


class JobViewSet(ReadingViewSet):
    """Long work: own jobs, or everybody's with the permission."""

    serializer_class = JobSerializer
    selector = staticmethod(jobs.visible)
    scopes = {"read": "jobs:read", "write": "jobs:write"}
    permissions = {"read": "", "write": ""}
    filters = ("kind", "state")
    parameters = {"errors": LIST_PARAMETERS}

    @action(detail=True, methods=["get"])
    def errors(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the job could not do, line by line."""
        return self.paged(
            self.get_object().errors.all(), serializer_class=JobErrorSerializer, ordering="id"
        )

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def result(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The job's result file."""
        job = self.get_object()
        try:
            content = jobs.open_result(job=job, actor=self.actor)
        except FileNotFoundError:
            raise ApiProblem(
                _("This job has no result file."), status_code=404, code="not_found"
            ) from None
        return FileResponse(
            content,
            as_attachment=True,
            filename=job.result_name or "result",
            content_type="application/octet-stream",
        )

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask the job to stop."""
        StrictSerializer(data=request.data).is_valid(raise_exception=True)
        return self.shown(jobs.cancel(job=self.get_object(), actor=self.actor, at=self.at))


class EventViewSet(ApiViewSet):
    """
    The audit stream, in an order that commits cannot disturb.

    Reads on from a cursor; `next` is always given, so that a reader keeps the last one and
    comes back with it for what has happened since. It covers every record, so only someone
    whose reach is everything may read it.
    """

    serializer_class = EventSerializer
    scopes = {"read": "events:read"}
    parameters = {"list": ("cursor", "limit")}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if actors.reach(actor=self.actor) != "all":
            raise ApiProblem(
                _("The audit stream covers every record, your reach does not."),
                status_code=403,
                code="permission_denied",
            )
        limit = paging.limit_of(request)
        after = self._after(request)
        found = events.stream(after=after, limit=limit)
        last = (found[-1].xact_id, found[-1].pk) if found else after
        upcoming = None
        if last is not None:
            values = [last[0], str(last[1])]
            upcoming = paging.link(request, paging.Cursor("stream", False, values).encode())
        content = EventSerializer(found, many=True).data
        return Response({"results": content, "next": upcoming, "previous": None})

    def _after(self, request: Request) -> tuple[int, UUID] | None:
        token = request.query_params.get("cursor")
        if token is None:
            return None
        cursor = paging.decode(token)
        if cursor.ordering != "stream" or len(cursor.values) != 2:
            raise bad_parameter("cursor", _("This cursor is not valid."), "cursor")
        return int(cursor.values[0]), UUID(str(cursor.values[1]))


def visible_approvals(*, actor: User) -> QuerySet[Approval]:
    """Questions the actor asked or answered, and those on records within their reach."""
    mine = Q(maker=actor) | Q(checker=actor)
    for label, reached in router.reached(actor=actor):
        actions = _decided_by(label, actor)
        if actions:
            mine |= Q(record_type=label, action__in=actions, record_id__in=reached.values("pk"))
    return Approval.objects.filter(mine)


def _decided_by(label: str, actor: User) -> list[str]:
    """The approvals of a kind of record that the actor's permissions let them decide."""
    machine = next((one for one in lifecycle.machines() if one.label == label), None)
    if machine is None:
        return []
    return [
        str(step.custom["four_eyes"])
        for steps in machine.transitions().values()
        for step in steps
        if "four_eyes" in step.custom
        and not actor.is_robot
        and actors.may(actor=actor, permission=str(step.permission or ""))
    ]


def _open(*, queryset: QuerySet[Approval], value: str, **_kwargs: Any) -> QuerySet[Approval]:
    return queryset.filter(decision="") if boolean(value) else queryset.exclude(decision="")


def _done(*, queryset: QuerySet[Task], value: str, **_kwargs: Any) -> QuerySet[Task]:
    return queryset.filter(done_at__isnull=not boolean(value))


class RejectionSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=2000)


class ApprovalViewSet(ReadingViewSet):
    """
    Questions to a second person.

    Yes is the record's own transition; no is `reject`, with the reason.
    """

    serializer_class = ApprovalSerializer
    selector = staticmethod(visible_approvals)
    scopes = {"read": "approvals:read", "write": "approvals:write"}
    permissions = {"read": "", "write": ""}
    filters = {
        "record_type": "record_type",
        "record_id": "record_id",
        "action": "action",
        "decision": "decision",
        "open": _open,
    }

    @extend_schema(request=RejectionSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer no, with the reason; only an open question that somebody else asked."""
        approval = self.get_object()
        if not rejection.may_reject(approval=approval, actor=self.actor):
            raise PermissionDenied(_("Another person with the permission decides this."))
        body = RejectionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        reason = body.validated_data["reason"]
        try:
            done = rejection.reject(approval=approval, actor=self.actor, at=self.at, reason=reason)
        except ApprovalRefused as refusal:
            raise ApiProblem(str(refusal), status_code=409, code="decided_already") from refusal
        return self.shown(done)


def visible_tasks(*, actor: User) -> QuerySet[Task]:
    """The actor's own tasks."""
    return Task.objects.filter(assignee=actor)


class TaskViewSet(RecordViewSet):
    """Work items: everybody's own."""

    serializer_class = TaskSerializer
    selector = staticmethod(visible_tasks)
    scopes = {"read": "tasks:read", "write": "tasks:write"}
    permissions = {"read": "", "write": ""}
    filters = {
        "done": _done,
        "due_before": "due_at__lt",
        "record_id": "record_id",
    }
    ordering_fields = ("due_at", "created_at")

    def make(self, data: dict[str, Any]) -> Task:
        return work.add_task(
            title=data["title"],
            record=None,
            assignee=data.get("assignee") or self.actor,
            due_at=data.get("due_at"),
            actor=self.actor,
            at=self.at,
        )

    @action(detail=True, methods=["post"])
    def finish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Mark it done."""
        TransitionSerializer(data=request.data or {}).is_valid(raise_exception=True)
        return self.shown(work.finish_task(task=self.get_object(), actor=self.actor, at=self.at))


def register() -> None:
    router.register("jobs", JobViewSet)
    router.register("events", EventViewSet)
    router.register("approvals", ApprovalViewSet)
    router.register("tasks", TaskViewSet)
