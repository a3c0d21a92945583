"""Error pages: staff are led back to Home, customers to My page and in their words."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import csrf, defaults

from clm.core.identity import sessions


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not sessions.is_own(request.path):
        return defaults.bad_request(request, exception)
    words = _("The address or the form was damaged on its way. Go back and try again.")
    return _own(None, 400, {"title": _("This request makes no sense"), "words": words})


def denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not sessions.is_own(request.path):
        return defaults.permission_denied(request, exception)
    words = _("This cannot be done here. Please contact your adviser.")
    return _own(request, 403, {"title": _("You may not open this"), "words": words})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not sessions.is_own(request.path):
        return defaults.page_not_found(request, exception)
    words = _("The page does not exist, or what it showed is no longer there.")
    return _own(request, 404, {"title": _("There is nothing here"), "words": words})


def server_error(request: HttpRequest) -> HttpResponseBase:
    if not sessions.is_own(request.path):
        return defaults.server_error(request)
    words = _("The error was noted; try again in a moment.")
    return _own(None, 500, {"title": _("Something went wrong"), "words": words})


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form without the token of the page it was on (`CSRF_FAILURE_VIEW`)."""
    if not sessions.is_own(request.path):
        return csrf.csrf_failure(request, reason=reason)
    words = _(
        "The page was open for so long that it can no longer be sent. Go back, reload it and send"
        " it again."
    )
    return _own(request, 403, {"title": _("This form is too old"), "words": words})


def _own(request: HttpRequest | None, status: int, words: Mapping[str, Any]) -> HttpResponse:
    """Without the request nothing is asked that might fail in its turn."""
    context = {**words, "brand": settings.CLM_BANK_NAME, "stay": reverse("my:home")}
    page = loader.render_to_string("mypage/error.html", context, request)
    return HttpResponse(page, status=status)
