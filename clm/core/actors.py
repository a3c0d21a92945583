"""Who acts, what they may do, and how far they see."""

from typing import Literal, cast

from django.conf import settings

from clm.core.models import User

Reach = Literal["own", "branch", "all"]
SYSTEM_USERNAME = "system"
_WIDTH: dict[str, int] = {"own": 0, "branch": 1, "all": 2}


def system_user() -> User:
    """The robot in whose name reactions, jobs and nightly work act."""
    return User.objects.get(username=SYSTEM_USERNAME)


def is_system(actor: User) -> bool:
    return actor.is_robot and actor.username == SYSTEM_USERNAME


def may(*, actor: User, permission: str) -> bool:
    """Whether `actor` has the permission (`"app.codename"`); the empty one everybody has."""
    if is_system(actor) or not permission:
        return True
    return bool(actor.is_active and actor.has_perm(permission))


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
        widths = [
            roles[name].reach
            for name in actor.groups.values_list("name", flat=True)
            if name in roles
        ]
        cached = max(widths, key=lambda one: _WIDTH[one], default="own")
        actor.__dict__["_reach"] = cached
    return cast("Reach", cached)
