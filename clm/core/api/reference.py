"""The API's reference as a page, drawn from the OpenAPI description; no script, no inline style."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clm.core.api import schema

METHODS = ("get", "post", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """An operation as the page shows it."""

    anchor: str
    method: str
    path: str
    text: str
    scope: str
    parameters: list[dict[str, Any]]
    members: list[dict[str, str]]
    answers: list[tuple[str, str]]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every operation, by resource."""
    document = schema.document()
    groups: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = _operation(document, path, method, item[method])
                groups.setdefault(_resource(path), []).append(operation)
    return render(
        request,
        "api/reference.html",
        {"groups": sorted(groups.items()), "info": document["info"]},
    )


def _resource(path: str) -> str:
    parts = path.removeprefix("/api/v1/").split("/{")[0].strip("/").split("/")
    return "/".join(parts[:2]) if parts[0] == "kyc" else parts[0]


def _operation(
    document: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> Operation:
    scopes = [one["oauth2"][0] for one in operation.get("security", ()) if one.get("oauth2")]
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        text=operation.get("description", ""),
        scope=scopes[0] if scopes else "",
        parameters=operation.get("parameters", []),
        members=_members(document, operation),
        answers=[
            (status, _answer(document, answer))
            for status, answer in sorted(operation["responses"].items())
        ],
    )


def _members(document: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, str]]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    found = _resolved(document, content.get("schema", {}))
    required = set(found.get("required", ()))
    return [
        {
            "name": name,
            "type": _type(document, member),
            "required": "yes" if name in required else "",
            "text": member.get("description", "") or member.get("title", ""),
        }
        for name, member in found.get("properties", {}).items()
        if not member.get("readOnly")
    ]


def _answer(document: dict[str, Any], answer: dict[str, Any]) -> str:
    name = answer.get("$ref", "").rpartition("/")[2]
    found = document["components"]["responses"][name] if name else answer
    return str(found.get("description", ""))


def _resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    name = node.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else node


def _type(document: dict[str, Any], member: dict[str, Any]) -> str:
    found = _resolved(document, member)
    kind = found.get("type", found.get("format", ""))
    words = " | ".join(kind) if isinstance(kind, list) else str(kind)
    values = ", ".join(str(one) for one in found.get("enum", ()))
    return f"{words} ({values})" if values else words
