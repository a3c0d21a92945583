"""What every change of a closure begins with: the permission, and the row's lock."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from clm.core import actors
from clm.core.models import User
from offboarding.models import Closure


def lock(pk: UUID) -> Closure:
    """The closure, held until the transaction ends."""
    return Closure.objects.select_for_update(of=("self",)).get(pk=pk)


def demand(actor: User, permission: str) -> None:
    """:raises PermissionDenied: `actor` does not have the permission"""
    if not actors.may(actor=actor, permission=permission):
        raise PermissionDenied(_("You may not do this."))
