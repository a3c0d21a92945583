"""Who calls: an API client by its token, or a member of staff by the session."""

from functools import cache

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.db import connection, models
from django.utils import timezone
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
        owner, token = _found(value.strip())
        if owner is None or token is None or not owner.is_active or not owner.is_robot:
            raise AuthenticationFailed(_("This token is not valid, or not any more."))
        return owner, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class StaffSessionAuthentication(SessionAuthentication):
    """The session of the pages, with their CSRF protection; robots have none."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        return None if found is None or found[0].is_robot else found


#: What is asked of a token; the rest is read when somebody asks for it.
_TOKEN = ["id", "client_id", "scopes"]


def _found(value: str) -> tuple[User, Token] | tuple[None, None]:
    """The client's owner and the token of this value, if it is in force."""
    # Asked with every request: composing it anew would cost more than running it.
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(), [get_adapter().hash_token(value), Token.Type.ACCESS_TOKEN, timezone.now()]
        )
        row = cursor.fetchone()
    if row is None:
        return None, None
    names = _columns(User)
    owner = User.from_db(connection.alias, names, row[: len(names)])
    return owner, Token.from_db(connection.alias, _TOKEN, row[len(names) :])


@cache
def _statement() -> str:
    shown = [f"owner.{name}" for name in _columns(User)]
    shown += [f"token.{name}" for name in _TOKEN]
    return (
        f"SELECT {', '.join(shown)} FROM {Token._meta.db_table} token"
        f" JOIN {Client._meta.db_table} client ON client.id = token.client_id"
        f" JOIN {User._meta.db_table} owner ON owner.id = client.owner_id"
        " WHERE token.hash = %s AND token.type = %s"
        " AND (token.expires_at IS NULL OR token.expires_at > %s)"
    )


def _columns(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]
