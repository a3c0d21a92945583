"""The OpenAPI description, made from the endpoints themselves."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from clm.core.api.operations import REFUSALS
from clm.core.api.scopes import known_scopes

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail", "instance", "request_id", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "clm.core.api.authentication.BearerAuthentication"
    name = "oauth2"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/api/oauth/token",
                    "scopes": {name: name for name in known_scopes()},
                }
            },
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "clm.core.api.authentication.StaffSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def document() -> dict[str, Any]:
    """The whole description, in English, the same for everyone."""
    return _document()


def as_yaml() -> str:
    """`docs/openapi.yaml`."""
    return yaml.safe_dump(
        document(), sort_keys=False, allow_unicode=True, width=100, default_flow_style=False
    )


@require_safe
def serve(request: HttpRequest) -> HttpResponse:
    """JSON, or YAML for who asks for it by `Accept`."""
    if "yaml" in request.headers.get("Accept", ""):
        return HttpResponse(as_yaml(), content_type="application/yaml")
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


def add_problem(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """The shape of errors, which no serializer makes."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    media = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {
        f"Problem{status}": {"description": text, "content": media}
        for status, text in REFUSALS.items()
    }
    return result


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    with translation.override("en"):
        schema = SchemaGenerator(patterns=None).get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    plain: dict[str, Any] = _plain(schema)
    return plain


def _plain(value: Any) -> Any:
    """Lazy words and ordered dictionaries as what JSON and YAML know."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
