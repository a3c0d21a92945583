"""Who calls: an API client by its token, or a member of staff by the session."""

from typing import Any

from allauth.idp.oidc.models import Token
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from clm.core.models import User


class BearerAuthentication(BaseAuthentication):
    """
    An access token of a client-credentials client; the client's robot user acts.

    A token says which client asks and for which scopes, and names no user: the actor is the
    client's owner. A token that is unknown, expired or whose robot is switched off is 401,
    never an anonymous request.
    """

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not value.strip():
            raise AuthenticationFailed(_("Sign in with a bearer token."))
        token = (
            Token.objects.valid()
            .by_value(value.strip())
            .filter(type=Token.Type.ACCESS_TOKEN)
            .select_related("client__owner__branch")
            .first()
        )
        owner: Any = token.client.owner if token and token.client else None
        if token is None or owner is None or not owner.is_active or not owner.is_robot:
            raise AuthenticationFailed(_("This token is not valid, or not any more."))
        return owner, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class StaffSessionAuthentication(SessionAuthentication):
    """The session of the pages, with their CSRF protection; robots have none."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        return None if found is None or found[0].is_robot else found
