"""How an operation of the API is described in OpenAPI."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from clm.core.api import filters, paging

REFUSALS = {
    "400": "The request is not valid.",
    "401": "Not signed in.",
    "403": "Scope or permission is missing.",
    "404": "There is none, or it is outside the caller's reach.",
    "406": "The answer is JSON.",
    "409": "The life-cycle refuses, or the first request with this key is still running.",
    "410": "The record was merged into another; `Location` names it.",
    "412": "The record was changed in the meantime; `ETag` has the present one.",
    "413": "The body is over 10 MB.",
    "415": "The body is not JSON.",
    "422": "The idempotency key was used for another request.",
    "428": "`If-Match` is required.",
    "429": "Too many requests; see `Retry-After`.",
    "500": "Something went wrong here.",
}


class AcceptedSerializer(serializers.Serializer[Any]):
    """Long work that has been taken on; `Location` has the same address as `url`."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    url = serializers.URLField()


ACCEPTED = {202: AcceptedSerializer}


class ApiSchema(AutoSchema):
    """Adds to each operation what the base classes do: headers, paging, problems."""

    def get_override_parameters(self) -> list[Any]:
        found = [_query(name, self.view) for name in self._names()]
        if self._needs_match():
            found.append(_header("If-Match", "The `ETag` of the record as seen.", required=True))
        if self.method == "POST":
            found.append(_header("Idempotency-Key", "Kept for 24 hours: the same answer again."))
        return found

    def _names(self) -> list[str]:
        view: Any = self.view
        if not _is_ours(view):
            return []
        return sorted(view.known_parameters())

    def _needs_match(self) -> bool:
        view: Any = self.view
        if not _is_ours(view):
            return False
        versioned = {"partial_update", "perform_transition", *view.versioned}
        return view.action in versioned

    def _is_list_view(self, serializer: Any = None) -> bool:
        view: Any = self.view
        if _is_ours(view) and view.action == "list":
            return True
        return bool(super()._is_list_view(serializer))

    def _get_serializer_field_meta(self, field: Any, direction: Any) -> dict[str, Any]:
        # A field that is only shown is null where its column is, whether or not it says so.
        meta: dict[str, Any] = super()._get_serializer_field_meta(field, direction)  # type: ignore[no-untyped-call]
        column = _column(field)
        if field.read_only and column is not None and column.null:
            meta["nullable"] = True
        return meta

    def _map_serializer_field(self, field: Any, *args: Any, **kwargs: Any) -> Any:
        column = _column(field)
        if field.read_only and column is not None and isinstance(field, serializers.ChoiceField):
            field.allow_blank = column.blank and not column.null
        return super()._map_serializer_field(field, *args, **kwargs)  # type: ignore[no-untyped-call]

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation:
            self._complete(operation)
        return operation

    def _complete(self, operation: dict[str, Any]) -> None:
        view: Any = self.view
        refusals = {"400", "401", "403", "406", "429", "500"}
        if getattr(view, "detail", False):
            refusals.add("404")
            if getattr(view, "merges", False):
                refusals.add("410")
        if self.method in {"POST", "PATCH"}:
            refusals |= {"413", "415"}
        if self.method == "POST":
            refusals |= {"409", "422"}
        if self._needs_match():
            refusals |= {"409", "412", "428"}
        for status in sorted(refusals):
            operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
        if _is_ours(view):
            self._scope(operation, view)
            if view.action == "list" or set(paging.PARAMETERS) <= set(view.known_parameters()):
                _page(operation)

    def _scope(self, operation: dict[str, Any], view: Any) -> None:
        verb = "read" if self.method == "GET" else "write"
        keys = [str(view.action), verb]
        scope = next((view.scopes[key] for key in keys if key in view.scopes), "")
        own = [{"oauth2": [scope]}] if scope else []
        operation["security"] = [*own, {"session": []}]


def _column(field: Any) -> Any:
    """The model's field behind a serializer's, if it shows one as it is."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    if model is None or not field.source:
        return None
    columns = {one.name: one for one in model._meta.concrete_fields}
    columns |= {one.attname: one for one in model._meta.concrete_fields}
    return columns.get(field.source)


def results_of(serializer: Any) -> Any:
    """How a list that has no pages is described: `{"results": […]}`."""
    name = serializer.__name__.removesuffix("Serializer")
    return inline_serializer(f"{name}Results", {"results": serializer(many=True)})


def _is_ours(view: Any) -> bool:
    # Asked by what it can do: the view classes are made with this very class as a default.
    return hasattr(view, "known_parameters")


def _query(name: str, view: Any) -> OpenApiParameter:
    kind: dict[str, Any] = {"type": "string", "maxLength": filters.MAX_LENGTH}
    if name == "limit":
        kind = {"type": "integer", "minimum": 1, "maximum": paging.MAX_LIMIT}
        kind["default"] = paging.DEFAULT_LIMIT
    elif name == "count":
        kind = {"type": "string", "enum": ["exact"]}
    elif name == "cursor":
        kind = {"type": "string"}
    elif name == "ordering":
        names = ["id", *getattr(view, "ordering_fields", ())] if view.action == "list" else ["id"]
        kind = {"type": "string", "enum": sorted({*names, *(f"-{one}" for one in names)})}
    elif name == "expand":
        kind["description"] = f"Any of {', '.join(sorted(view.expand))}, with commas between."
    return OpenApiParameter(name=name, type=kind, location=OpenApiParameter.QUERY, required=False)


def _header(name: str, text: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(
        name=name,
        type=str,
        location=OpenApiParameter.HEADER,
        required=required,
        description=text,
    )


def _page(operation: dict[str, Any]) -> None:
    """A list's envelope around what its serializer describes."""
    for media in operation["responses"].get("200", {}).get("content", {}).values():
        schema = media["schema"]
        items = schema if schema.get("type") == "array" else {"type": "array", "items": schema}
        link = {"type": ["string", "null"], "format": "uri"}
        media["schema"] = {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {
                "results": items,
                "next": link,
                "previous": link,
                "count": {"type": "integer", "description": "With `?count=exact`."},
            },
        }
