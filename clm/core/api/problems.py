"""
Errors as RFC 9457 problem details, in the caller's language.

Whatever goes wrong under `/api/` leaves as one shape: `type, title, status, detail, instance,
request_id, errors[{pointer, code, detail}]`. What a stranger may not know stays in the log.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import context
from clm.core.lifecycle import StaleVersion, TransitionRefused

logger = logging.getLogger("clm.api")

CONTENT_TYPE = "application/problem+json"
Errors = list[dict[str, str]]


class ApiProblem(exceptions.APIException):
    """A refusal with its status, its sentence and, where known, the places it is about."""

    status_code: int = status.HTTP_400_BAD_REQUEST

    def __init__(
        self,
        detail: str,
        *,
        status_code: int = 400,
        code: str = "invalid",
        errors: Errors | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status_code
        self.code = code
        self.errors = errors or []
        self.headers = dict(headers or {})


def bad_parameter(name: str, detail: str, code: str = "invalid") -> ApiProblem:
    """400 about a query parameter; its pointer is `?name`, as it stands in no body."""
    return ApiProblem(
        _("The request has a parameter that cannot be used."),
        code=code,
        errors=[{"pointer": f"?{name}", "code": code, "detail": detail}],
    )


def title_of(status_code: int) -> str:
    """The short name of a status, the same for every occurrence (RFC 9457, 3.1.3)."""
    titles = {
        400: _("The request is not valid"),
        401: _("Not signed in"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("Method not allowed"),
        406: _("Not acceptable"),
        409: _("Refused"),
        410: _("Not here any more"),
        412: _("Changed in the meantime"),
        413: _("Too large"),
        415: _("Unsupported media type"),
        422: _("The request contradicts an earlier one"),
        428: _("A precondition is required"),
        429: _("Too many requests"),
        503: _("Not available at the moment"),
    }
    if status_code in titles:
        return titles[status_code]
    return _("Something went wrong here") if status_code >= 500 else _("The request is not valid")


def body(
    *,
    status_code: int,
    instance: str,
    detail: str = "",
    code: str = "",
    errors: Errors | None = None,
) -> dict[str, Any]:
    """The members of a problem; `type` is a name within this service, not an address."""
    return {
        "type": f"urn:clm:problem:{code}" if code else "about:blank",
        "title": title_of(status_code),
        "status": status_code,
        "detail": detail or title_of(status_code),
        "instance": instance,
        "request_id": context.current().request_id,
        "errors": errors or [],
    }


def plain_response(
    request: HttpRequest, status_code: int, detail: str = "", code: str = ""
) -> JsonResponse:
    """A problem outside the reach of REST framework: middleware, unknown routes, handlers."""
    return JsonResponse(
        body(status_code=status_code, instance=request.path, detail=detail, code=code),
        status=status_code,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store"},
    )


def exception_handler(exc: Exception, view_context: dict[str, Any]) -> Response:
    """Every exception of an API view as a problem; the unforeseen as a bare 500."""
    request = view_context.get("request")
    path = request.path if isinstance(request, Request) else ""
    known = _translate(exc)
    headers: dict[str, str] = {}
    if known is None:
        if settings.DEBUG_PROPAGATE_EXCEPTIONS:
            raise exc
        # The message may quote personal data, so the log gets the trace and the caller nothing.
        logger.error("Unhandled error in %s", path, exc_info=exc)
        content = body(status_code=500, instance=path, code="internal")
    else:
        headers = _headers(known)
        content = body(
            status_code=known.status_code,
            instance=path,
            detail=_sentence(known),
            code=_code(known),
            errors=_errors(known),
        )
    return Response(content, status=content["status"], headers=headers, content_type=CONTENT_TYPE)


def _translate(exc: Exception) -> exceptions.APIException | None:
    if isinstance(exc, exceptions.APIException):
        return exc
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied(str(exc) or None)
    if isinstance(exc, TransitionRefused):
        return ApiProblem(
            str(exc),
            status_code=409,
            code="transition_refused",
            errors=[{"pointer": "", "code": "guard", "detail": reason} for reason in exc.reasons],
        )
    if isinstance(exc, StaleVersion):
        return ApiProblem(
            str(exc), status_code=412, code="stale", headers={"ETag": f'"{exc.current}"'}
        )
    if isinstance(exc, ValidationError):
        return exceptions.ValidationError(_model_errors(exc))
    return None


def _model_errors(exc: ValidationError) -> Any:
    if not hasattr(exc, "error_dict"):
        return {
            "": [
                exceptions.ErrorDetail(m, e.code or "invalid")
                for e in exc.error_list
                for m in e.messages
            ]
        }
    return {
        "" if name == "__all__" else name: [
            exceptions.ErrorDetail(message, error.code or "invalid")
            for error in found
            for message in error.messages
        ]
        for name, found in exc.error_dict.items()
    }


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = dict(getattr(exc, "headers", {}))
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
    wait = getattr(exc, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    return headers


def _sentence(exc: exceptions.APIException) -> str:
    if isinstance(exc, exceptions.ValidationError):
        return _("Some of the values cannot be accepted.")
    return str(exc.detail)


def _code(exc: exceptions.APIException) -> str:
    if isinstance(exc, exceptions.ValidationError):
        return "invalid"
    codes = exc.get_codes()
    return codes if isinstance(codes, str) else "invalid"


def _errors(exc: exceptions.APIException) -> Errors:
    if isinstance(exc, ApiProblem):
        return exc.errors
    if isinstance(exc, exceptions.ValidationError):
        return list(_flatten(exc.detail, ""))
    return []


def _flatten(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Each message with the JSON pointer (RFC 6901) of the value it is about."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            whole = str(name) in {"", "non_field_errors"}
            yield from _flatten(inner, pointer if whole else f"{pointer}/{_escape(str(name))}")
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _flatten(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        code = str(getattr(detail, "code", "invalid") or "invalid")
        yield {"pointer": pointer, "code": code, "detail": str(detail)}


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
