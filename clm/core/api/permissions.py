"""Who may call what: the person's permissions, and for a client also the token's scopes."""

from typing import Any

from allauth.idp.oidc.models import Token
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from clm.core import actors
from clm.core.api.problems import ApiProblem


class ScopedPermission(BasePermission):
    """
    Each view names a scope and a permission for what is asked (`access_for`), or nobody may.

    Staff need the permission. A client needs the scope in its token and the permission by
    way of its robot, so neither a wider token nor a wider robot opens anything alone.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:  # type: ignore[truthy-bool]
            raise NotAuthenticated(_("Sign in, or send a token."))
        if request.method not in view.allowed_methods:
            # So that a wrong method is answered as such; there is nothing to protect.
            return True
        scope, permission = view.access_for(request)
        if isinstance(request.auth, Token) and scope not in request.auth.get_scopes():
            raise ApiProblem(
                _("The token lacks the scope %(scope)s.") % {"scope": scope},
                status_code=403,
                code="insufficient_scope",
                headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
            )
        if not actors.may(actor=request.user, permission=permission):
            raise ApiProblem(_("You may not do this."), status_code=403, code="permission_denied")
        return True
