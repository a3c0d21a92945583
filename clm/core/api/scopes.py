"""
What a scope lets a client do: the permissions behind it, read off the resources themselves.

A scope is a group of the same name; a client's robot is a member of the groups of its
scopes. So a client passes the same gate as a person, and an administrator sees in one place
what it may do.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.urls import get_resolver

from clm.core import lifecycle
from clm.core.api.router import router
from clm.core.api.views import ApiViewSet, RecordViewSet


def permissions_by_scope() -> dict[str, set[str]]:
    """Each scope with its permissions (`"app.codename"`)."""
    # The resources are registered when the addresses are read, which a command has not done.
    _ = get_resolver().url_patterns
    found: dict[str, set[str]] = {}
    for _prefix, viewset in router.resources():
        for scope, permissions in _of(viewset):
            found.setdefault(scope, set()).update(one for one in permissions if one)
    return found


def known_scopes() -> list[str]:
    return sorted(permissions_by_scope())


def sync_scopes(scopes: Iterable[str] | None = None) -> None:
    """Bring the scopes' groups up to date: all that exist, or the ones named."""
    wanted = permissions_by_scope()
    names = set(wanted) if scopes is None else set(scopes)
    for name in sorted(names):
        group, _new = Group.objects.get_or_create(name=group_name(name))
        labels = [one.split(".", 1) for one in wanted.get(name, ())]
        matching = Q(pk=None)
        for app_label, codename in labels:
            matching |= Q(content_type__app_label=app_label, codename=codename)
        group.permissions.set(Permission.objects.filter(matching))


def group_name(scope: str) -> str:
    return f"scope {scope}"


def _of(viewset: type[ApiViewSet]) -> Iterable[tuple[str, set[str]]]:
    view = viewset()
    for key, scope in viewset.scopes.items():
        named = {viewset.permissions[key]} if key in viewset.permissions else set()
        if key in {"read", "write"} and not named:
            named = _default(view, key)
        yield scope, named
    if "write" in viewset.scopes and "create" in viewset.permissions:
        yield viewset.scopes["write"], {viewset.permissions["create"]}
    if issubclass(viewset, RecordViewSet):
        yield from _of_transitions(viewset)


def _default(view: ApiViewSet, key: str) -> set[str]:
    if view.serializer_class is None:
        return set()
    if key == "read":
        return {view.default_permission("read")}
    found = set()
    for action in ("create", "partial_update"):
        view.action = action
        found.add(view.default_permission("write"))
    return found


def _of_transitions(viewset: type[RecordViewSet]) -> Iterable[tuple[str, set[str]]]:
    meta = getattr(viewset.serializer_class, "Meta", None)
    if meta is None or not lifecycle.has_machine(meta.model):
        return
    for name, steps in lifecycle.machine_of(meta.model).transitions().items():
        keys = (f"transition:{name}", "perform_transition", "write")
        scope = next((viewset.scopes[key] for key in keys if key in viewset.scopes), "")
        # Four eyes are human; the gate refuses a robot whatever it was granted.
        human = any("four_eyes" in step.custom for step in steps)
        if scope and not human:
            yield scope, {str(step.permission) for step in steps if step.permission}
