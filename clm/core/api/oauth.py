"""
`/api/oauth/token`: client credentials for access tokens (RFC 6749, 4.4).

The identity provider is django-allauth's. Around it stand what an address open to the whole
world needs: text the database can store, and tries counted atomically before a secret is
looked at, by client and by address, so that parallel tries cannot outrun the count.
"""

import hashlib
from typing import Any

from allauth.idp.oidc.models import Client
from allauth.idp.oidc.views import TokenView
from django.http import HttpRequest, HttpResponse, JsonResponse

from clm.core.api import limits
from clm.core.api.problems import ApiProblem

TRIES = 30
WINDOW = 60
FIELDS = frozenset({"grant_type", "client_id", "client_secret", "scope"})


class ClientTokenView(TokenView):  # type: ignore[misc]
    """Only client credentials; errors in the shape of RFC 6749, 5.2, which OAuth clients read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        refused = _unfit(request) or _too_many(request)
        response = refused or super().post(request)
        response["Cache-Control"] = "no-store"
        response["Pragma"] = "no-cache"
        return response

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return _error("invalid_request", "Send a POST.", status=405, headers={"Allow": "POST"})


token = ClientTokenView.as_view()


def _unfit(request: HttpRequest) -> HttpResponse | None:
    if request.content_type != "application/x-www-form-urlencoded":
        return _error("invalid_request", "Send application/x-www-form-urlencoded.")
    for name, values in request.POST.lists():
        if len(values) > 1 or "\x00" in name or any("\x00" in value for value in values):
            return _error("invalid_request", "A parameter is repeated or malformed.")
        if name in FIELDS and len(values[0]) > 2000:
            return _error("invalid_request", "A parameter is too long.")
    if not request.POST.get("grant_type"):
        return _error("invalid_request", "grant_type is missing.")
    if request.POST["grant_type"] != Client.GrantType.CLIENT_CREDENTIALS:
        return _error("unsupported_grant_type", "Only client_credentials.")
    return None


def _too_many(request: HttpRequest) -> HttpResponse | None:
    client = request.POST.get("client_id") or request.headers.get("Authorization", "")[:60]
    address = request.META.get("REMOTE_ADDR", "")
    for who in (f"token-client:{_digest(client)}", f"token-address:{_digest(address)}"):
        try:
            limits.take(who=who, limit=TRIES, window=WINDOW)
        except ApiProblem as exc:
            return _error(
                "temporarily_unavailable", str(exc.detail), status=429, headers=exc.headers
            )
    return None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _error(
    code: str, description: str, *, status: int = 400, headers: dict[str, str] | None = None
) -> HttpResponse:
    return JsonResponse(
        {"error": code, "error_description": description}, status=status, headers=headers
    )
