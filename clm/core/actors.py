"""Who acts, what they may do, and how far they see."""

from typing import Literal, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from clm.core.models import User

Reach = Literal["own", "branch", "all"]
SYSTEM_USERNAME = "system"
#: In whose name every customer acts for themself; which one it was is the record it is about.
CUSTOMER_USERNAME = "customer"
_WIDTH: dict[str, int] = {"own": 0, "branch": 1, "all": 2}


def system_user() -> User:
    """The robot in whose name reactions, jobs and nightly work act."""
    return User.objects.get(username=SYSTEM_USERNAME)


def is_system(actor: User) -> bool:
    return actor.is_robot and actor.username == SYSTEM_USERNAME


def themself(*, customer_id: UUID) -> User:
    """
    The actor for what a customer does on My page: may what `CLM_CUSTOMER_MAY` says, and reaches
    this one customer and nothing else. Read back from the database the actor reaches nobody.
    """
    actor = User.objects.get(username=CUSTOMER_USERNAME)
    actor.__dict__["_themself"] = customer_id
    return actor


def is_customer(actor: User) -> bool:
    """Whether a customer acts, rather than somebody of the bank."""
    return actor.is_robot and actor.username == CUSTOMER_USERNAME


def only_reach(actor: User) -> UUID | None:
    """The one customer that an actor made by `themself` reaches."""
    return cast("UUID | None", actor.__dict__.get("_themself")) if is_customer(actor) else None


def may(*, actor: User, permission: str) -> bool:
    """Whether `actor` has the permission (`"app.codename"`); the empty one everybody has."""
    if is_system(actor) or not permission:
        return True
    if is_customer(actor):
        return actor.is_active and permission in settings.CLM_CUSTOMER_MAY
    return bool(actor.is_active and actor.has_perm(permission))


def require(*, actor: User, permission: str) -> None:
    """
    Let the actor pass who has the permission.

    :raises PermissionDenied: who has it not
    """
    if not may(actor=actor, permission=permission):
        raise PermissionDenied(_("You may not do this."))


def reach(*, actor: User) -> Reach:
    """The widest reach of the actor's roles; without any, their own portfolio."""
    if is_system(actor):
        return "all"
    if actor.is_robot:
        return cast("Reach", actor.robot_reach or "own")
    # One question a request, not one a query: reach is asked by every selector.
    cached = actor.__dict__.get("_reach")
    if cached is None:
        roles = settings.CLM_ROLES
        held = getattr(actor, "_roles", None)  # known where permissions were asked for already
        if held is None:
            held = actor.groups.values_list("name", flat=True)
        widths = [roles[name].reach for name in held if name in roles]
        cached = max(widths, key=lambda one: _WIDTH[one], default="own")
        actor.__dict__["_reach"] = cached
    return cast("Reach", cached)
