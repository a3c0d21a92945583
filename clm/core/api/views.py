"""What every resource of the API does alike."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import access, lifecycle, records
from clm.core.api import filters as query
from clm.core.api import idempotency, limits, paging, preconditions
from clm.core.api.problems import ApiProblem, bad_parameter
from clm.core.api.serializers import TransitionSerializer, WaySerializer
from clm.core.api.shapes import shape_of, shows_columns_only
from clm.core.models import Job, Record, User

READING = frozenset({"GET", "HEAD"})


class ApiViewSet(viewsets.GenericViewSet[Any]):
    """
    Sign-in, scopes, limits, known parameters, idempotency: the floor under every endpoint.

    :cvar scopes: `{"read": …, "write": …}`, and `"<action>"` or `"transition:<name>"` where
        one differs; an endpoint without a scope is closed to clients
    :cvar permissions: the same keys, with permissions; what is not named follows from the
        model (`view_`, `add_`, `change_`); the empty permission everybody signed in has
    :cvar versioned: actions that ask for `If-Match`, besides changing and transitions
    :cvar parameters: query parameters of an action besides those of lists, by action
    """

    scopes: Mapping[str, str] = {}
    permissions: Mapping[str, str] = {}
    versioned: Sequence[str] = ()
    parameters: Mapping[str, Sequence[str]] = {}
    http_method_names = ["get", "head", "post", "patch", "delete"]
    lookup_value_converter = "uuid"
    metadata_class = None
    action: str | None = None  # type: ignore[assignment]

    @property
    def actor(self) -> User:
        return cast("User", self.request.user)

    @property
    def at(self) -> datetime:
        """The instant of this request, the same wherever it is asked for."""
        found = self.__dict__.get("_at")
        if found is None:
            found = self.__dict__["_at"] = timezone.now()
        return cast("datetime", found)

    def access_for(self, request: Request) -> tuple[str, str]:
        """The scope and the permission that this request needs."""
        verb = "read" if request.method in READING else "write"
        keys = [f"transition:{self.kwargs.get('name', '')}", str(self.action), verb]
        if self.action != "perform_transition":
            keys.pop(0)
        scope = next((self.scopes[key] for key in keys if key in self.scopes), "")
        for key in keys:
            if key in self.permissions:
                return scope, self.permissions[key]
        return scope, self.default_permission(verb)

    def default_permission(self, verb: str) -> str:
        model = cast("Any", self.get_serializer_class()).Meta.model._meta
        # The gate asks for the transition's own permission; to stand before it, seeing is enough.
        if verb == "read" or self.action == "perform_transition":
            return f"{model.app_label}.view_{model.model_name}"
        word = "add" if self.action == "create" else "change"
        return f"{model.app_label}.{word}_{model.model_name}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in self.allowed_methods:
            return
        query.check_parameters(request, self.known_parameters())
        if request.method == "POST" and "Idempotency-Key" in request.headers:
            self._once(request, args, kwargs)

    def known_parameters(self) -> set[str]:
        return set(self.parameters.get(str(self.action), ()))

    def perform_authentication(self, request: Request) -> None:
        # Counted before permissions are asked, so that refusals count as well.
        super().perform_authentication(request)
        user: Any = request.user
        if not user or not user.is_authenticated:
            return
        limit, window = limits.rate()
        token: Any = request.auth
        who = f"client:{token.client_id}" if token else f"user:{user.pk}"
        usage = limits.take(who=who, limit=limit, window=window)
        self._limit_headers = usage.headers if usage else {}

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(self, "_limit_headers", {}).items():
            final.headers.setdefault(name, value)
        patch_vary_headers(final, ["Authorization", "Cookie", "Accept-Language"])
        # Private: a shared cache must not hold it; the caller may, and asks again each time.
        final.headers.setdefault("Cache-Control", "private, no-cache")
        return final

    def paged(
        self,
        queryset: models.QuerySet[Any],
        *,
        serializer_class: Any = None,
        ordering_fields: Sequence[str] = (),
        ordering: str = "-id",
    ) -> Response:
        """One page of any queryset, for nested lists; its action names `LIST_PARAMETERS`."""
        paginator = paging.KeysetPaginator(
            self.request, ordering_fields=ordering_fields, default=ordering
        )
        count = queryset.count() if paging.wants_count(self.request) else None
        _rows, content = paginator.shown(
            queryset,
            serializer_class or self.get_serializer_class(),
            self.get_serializer_context(),
        )
        return paginator.answer(content, count)

    def accepted(self, job: Job) -> Response:
        """202 for long work, with the address at which its progress is seen."""
        place = self.request.build_absolute_uri(f"/api/v1/jobs/{job.pk}/")
        return Response(
            {"id": str(job.pk), "state": job.state, "url": place},
            status=202,
            headers={"Location": place},
        )

    def _once(self, request: Request, args: Any, kwargs: Any) -> None:
        # The dispatcher looks the handler up after this, so this request finds the wrapped one.
        handler: Callable[..., Response] = cast("Any", self).post

        def wrapped(*_args: Any, **_kwargs: Any) -> Response:
            return idempotency.once(
                request,
                lambda: handler(request, *args, **kwargs),
                on_error=self.handle_exception,
                at=self.at,
            )

        cast("Any", self).post = wrapped


LIST_PARAMETERS = tuple(sorted(paging.PARAMETERS))


class ReadingViewSet(ApiViewSet):
    """
    Lists and single records, within the caller's reach.

    :cvar selector: called with `actor=`, gives the records that the actor reaches; or
        override `get_queryset`
    :cvar filters: query parameters and what they narrow by (`clm.core.api.filters`)
    :cvar ordering_fields: what `?ordering=` may name
    :cvar expand: members that `?expand=` replaces by what they refer to, each with the
        selector and the serializer of the other resource
    """

    selector: Callable[..., models.QuerySet[Any]] | None = None
    filters: query.Filters = {}
    ordering_fields: Sequence[str] = ()
    ordering = "-id"
    expand: Mapping[str, tuple[Callable[..., models.QuerySet[Any]], Any]] = {}

    def get_queryset(self) -> models.QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            model: type[models.Model] = cast("Any", self.get_serializer_class()).Meta.model
            return model._default_manager.none()
        selector = type(self).selector
        if selector is None:
            raise NotImplementedError(f"{type(self).__name__} names no selector.")
        return selector(actor=self.actor)

    def known_parameters(self) -> set[str]:
        known = super().known_parameters()
        if self.action == "list":
            known |= {*paging.PARAMETERS, *query.as_mapping(self.filters)}
        if self.action in {"list", "retrieve"} and self.expand:
            known.add("expand")
        return known

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        paginator = paging.KeysetPaginator(
            request, ordering_fields=self.ordering_fields, default=self.ordering
        )
        expanded = self._expanded(request)
        queryset = query.narrow(self.get_queryset(), request, self.filters)
        count = queryset.count() if paging.wants_count(request) else None
        rows, content = paginator.shown(
            queryset, self.get_serializer_class(), self.get_serializer_context()
        )
        access.note_read(records=rows, kind="list", model=queryset.model)
        return paginator.answer(self._expand(content, expanded), count)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        expanded = self._expanded(request)
        queryset = self.get_queryset()
        shape = shape_of(self._shown_by)
        if shape is not None and issubclass(queryset.model, Record):
            for row in shape.rows(queryset.filter(pk=self._pk), "id", "version"):
                access.note_read(records=row, model=queryset.model)
                return self._answer(row["version"], shape.shown(row), expanded=expanded)
        record = self.get_object()
        access.note_read(records=record)
        return self.shown(record, expanded=expanded)

    @property
    def _shown_by(self) -> Any:
        return self.get_serializer_class()

    @property
    def _pk(self) -> Any:
        return self.kwargs[self.lookup_field]

    def get_object(self) -> Any:
        """
        The record of the address, if the caller reaches it.

        :raises Http404: there is none, or not for them
        """
        return get_object_or_404(self.get_queryset(), pk=self._pk)

    def shown(self, record: Any, *, status: int = 200, expanded: Sequence[str] = ()) -> Response:
        """A record with its entity tag; 304 where the caller has it already."""
        version, content = self._read(record)
        return self._answer(version, content, status=status, expanded=expanded)

    def tag(self, record: Record) -> str:
        """The record's entity tag for the answer it has in this view."""
        if shows_columns_only(self._shown_by):
            return preconditions.tag_of(record.version)
        return preconditions.tag_of(record.version, self._read(record)[1])

    def _answer(
        self, version: int | None, content: Any, *, status: int = 200, expanded: Sequence[str] = ()
    ) -> Response:
        content = self._expand([content], expanded)[0]
        headers = {}
        if version is not None:
            plain = not expanded and shows_columns_only(self._shown_by)
            headers["ETag"] = preconditions.tag_of(version, None if plain else content)
            reading = self.request.method in READING
            if reading and preconditions.is_fresh(self.request, headers["ETag"]):
                return Response(status=304, headers=headers)
        return Response(content, status=status, headers=headers)

    def _read(self, record: Any) -> tuple[int | None, Any]:
        """The record's version and what is shown of it, of one moment."""
        governed = isinstance(record, Record)
        shape = shape_of(self._shown_by)
        if shape is None:
            return record.version if governed else None, self.get_serializer(record).data
        rows = type(record)._base_manager.filter(pk=record.pk)
        row = shape.rows(rows, *(["version"] if governed else [])).get()
        return row.get("version"), shape.shown(row)

    def represented(
        self, queryset: models.QuerySet[Any], serializer_class: Any = None
    ) -> Sequence[dict[str, Any]]:
        """All of the queryset as the API shows it, by the view's serializer or another."""
        serializer_class = serializer_class or self.get_serializer_class()
        if (shape := shape_of(serializer_class)) is not None:
            return [shape.shown(row) for row in shape.rows(queryset)]
        serializer = serializer_class(queryset, many=True, context=self.get_serializer_context())
        return list(serializer.data)

    def _expanded(self, request: Request) -> Sequence[str]:
        asked = [one for one in request.query_params.get("expand", "").split(",") if one]
        for name in asked:
            if name not in self.expand:
                names = ", ".join(sorted(self.expand))
                raise bad_parameter("expand", _("One of %(names)s.") % {"names": names})
        return asked

    def _expand(self, content: Any, names: Sequence[str]) -> Any:
        if not names:
            return content
        rows = [dict(row) for row in content]
        for name in names:
            selector, serializer_class = self.expand[name]
            keys = {UUID(str(row[name])) for row in rows if row.get(name)}
            # Through the selector: what the caller does not reach stays an id.
            others = selector(actor=self.actor).filter(pk__in=keys)
            found = {str(one["id"]): one for one in self.represented(others, serializer_class)}
            for row in rows:
                row[name] = found.get(str(row.get(name)), row.get(name))
        return rows


class RecordViewSet(ReadingViewSet):
    """
    A governed record: list, read, create, change, and its transitions.

    Override `make` and `change` with the app's services, and `take` where a transition has
    a service or fields of its own (`transition_serializers`). `http_method_names` without
    `"post"` or `"patch"` takes creating or changing away.

    :cvar merges: whether a record may be merged into another, and then answers 410
    :cvar made_here: False where records come about elsewhere and there is no creating
    :cvar transition_serializers: bodies of transitions that take more than a reason
    """

    made_here = True
    merges = False
    transition_serializers: Mapping[str, Any] = {}

    def make(self, data: dict[str, Any]) -> Any:
        """Create the record from a validated body."""
        model = cast("Any", self.get_serializer_class()).Meta.model
        return records.create(record=model(**data), actor=self.actor, at=self.at)

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Any:
        """Change the record by a validated body, if `version` is still in force."""
        return records.change(
            record=record, changes=data, actor=self.actor, at=self.at, version=version
        )

    def take(self, record: Any, name: str, data: dict[str, Any], version: int | None) -> Any:
        """Take a transition; `data` has `reason` and what its own serializer adds."""
        extra = dict(data)
        return lifecycle.perform(
            record=record,
            name=name,
            actor=self.actor,
            at=self.at,
            reason=extra.pop("reason", ""),
            version=version,
            changes=extra or None,
        )

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        record = self.make(dict(body.validated_data))
        answer = self.shown(self.fresh(record), status=201)
        answer.headers["Location"] = request.build_absolute_uri(f"{request.path}{record.pk}/")
        return answer

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        record = self.get_object()
        version = preconditions.expected_version(request, record, self.tag)
        body = self.get_serializer(record, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        return self.shown(self.fresh(self.change(record, dict(body.validated_data), version)))

    @extend_schema(responses=WaySerializer(many=True))
    @action(detail=True, methods=["get"], url_path="transitions")
    def transitions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What can be done with the record now, each with what stands in the way."""
        record = self.get_object()
        if not lifecycle.has_machine(type(record)):
            raise _no_machine()
        access.note_read(records=record)
        offers = lifecycle.available(record=record, actor=self.actor, at=self.at)
        return Response(WaySerializer(offers, many=True).data, headers={"ETag": self.tag(record)})

    @extend_schema(request=TransitionSerializer)
    @action(detail=True, methods=["post"], url_path="transitions/<slug:name>")
    def perform_transition(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take one transition; 409 with every sentence that is not met."""
        record, name = self.get_object(), str(kwargs["name"])
        if not lifecycle.has_machine(type(record)):
            raise _no_machine()
        if name not in lifecycle.machine_of(type(record)).transitions():
            raise _no_machine()
        # Before the body is looked at: who may not do it is not told what it would take.
        if not lifecycle.permits(model=type(record), name=name, actor=self.actor):
            raise PermissionDenied
        version = preconditions.expected_version(request, record, self.tag)
        serializer = self.transition_serializers.get(name, TransitionSerializer)
        body = serializer(data=request.data or {}, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return self.shown(self.fresh(self.take(record, name, dict(body.validated_data), version)))

    def fresh(self, record: Any) -> Any:
        """
        The record as lists show it, with what its selector adds.

        What the caller just wrote is shown to them even if it has left their reach. A record
        with a shape is read when it is shown.
        """
        if shape_of(self._shown_by) is not None:
            return record
        return self.get_queryset().filter(pk=record.pk).first() or record


def _no_machine() -> ApiProblem:
    return ApiProblem(_("There is no such transition."), status_code=404, code="not_found")
