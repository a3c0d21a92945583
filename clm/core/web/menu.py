"""The left rail: every app registers its own entries, and shows only what a role may open."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clm.core import actors
from clm.core.models import User

Badge = Callable[[HttpRequest], int | None]

GROUPS = ("home", "stage", "discipline", "system")


@dataclass(frozen=True)
class MenuItem:
    """
    One entry of the rail.

    :param permission: who sees it; several mean any of them, none means everybody signed in
    :param badge: how many things wait there for the person asking, None or 0 for nothing
    :param go: the key that opens it after `g`
    """

    name: str
    label: str | Promise
    icon: str
    url_name: str
    group: str = "stage"
    permission: str | tuple[str, ...] = ""
    badge: Badge | None = None
    order: int = 100
    go: str = ""


@dataclass(frozen=True)
class Entry:
    """A menu item as one person sees it on one page."""

    item: MenuItem
    url: str
    current: bool

    @property
    def has_badge(self) -> bool:
        """Asked by the template, which would call the badge itself."""
        return self.item.badge is not None


@dataclass(frozen=True)
class Group:
    name: str
    label: str | Promise
    entries: list[Entry] = field(default_factory=list)


_LABELS: dict[str, str | Promise] = {
    "home": _("Start"),
    "stage": _("Stages"),
    "discipline": _("Disciplines"),
    "system": _("System"),
}
_items: dict[str, MenuItem] = {}


def register(item: MenuItem) -> None:
    """Add an entry; registering a name again replaces it."""
    if item.group not in GROUPS:
        raise ValueError(f"{item.name}: the menu has the groups {', '.join(GROUPS)}")
    _items[item.name] = item


def items() -> list[MenuItem]:
    """Every registered entry in the order of the rail."""
    return sorted(_items.values(), key=lambda i: (GROUPS.index(i.group), i.order, i.name))


def may_open(*, actor: User, permission: str | tuple[str, ...]) -> bool:
    """Whether `actor` has the permission, or any of several."""
    wanted = (permission,) if isinstance(permission, str) else permission
    return not any(wanted) or any(actors.may(actor=actor, permission=one) for one in wanted)


def _url(item: MenuItem) -> str | None:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return None


def visible(*, request: HttpRequest) -> list[Group]:
    """The rail of the person asking, with the present page marked: the longest match wins."""
    if not request.user.is_authenticated:
        return []
    actor = request.user
    shown = [
        (item, url)
        for item in items()
        if may_open(actor=actor, permission=item.permission) and (url := _url(item))
    ]
    here = max((url for _item, url in shown if _covers(url, request.path)), key=len, default=None)
    groups = {name: Group(name, _LABELS[name]) for name in GROUPS}
    for item, url in shown:
        groups[item.group].entries.append(Entry(item, url, current=url == here))
    return [group for group in groups.values() if group.entries]


def _covers(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def badges(*, request: HttpRequest) -> dict[str, int]:
    """What waits behind each entry that has a badge and that the person may open."""
    actor = cast("User", request.user)
    found = {}
    for item in items():
        if item.badge and may_open(actor=actor, permission=item.permission):
            found[item.name] = item.badge(request) or 0
    return found


register(MenuItem("home", _("Home"), "home", "web:home", group="home", order=0, go="h"))
register(
    MenuItem(
        "approvals", _("Approvals"), "checks", "web:approvals", group="system", order=10, go="a"
    )
)
register(MenuItem("jobs", _("Jobs"), "progress", "web:jobs", group="system", order=20, go="j"))
register(
    MenuItem(
        "audit",
        _("Audit"),
        "fingerprint",
        "web:audit",
        group="system",
        permission=("core.view_event", "core.verify_audit"),
        order=30,
    )
)
register(MenuItem("settings", _("Settings"), "settings", "web:settings", group="system", order=90))
