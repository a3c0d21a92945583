"""The command menu: people, pages and actions by what one types."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clm.core.registries import SearchResult, search_sources
from clm.core.web import menu
from clm.core.web.views.staff import StaffMixin, StaffRequest

LIMIT = 8


@dataclass(frozen=True)
class Action:
    """Something one may start from anywhere: a page that begins it."""

    name: str
    label: str | Promise
    icon: str
    url_name: str
    permission: str | tuple[str, ...] = ""


@dataclass(frozen=True)
class Section:
    label: str
    results: list[SearchResult] = field(default_factory=list)


_actions: dict[str, Action] = {}


def register_action(action: Action) -> None:
    """Offer an action in the command menu; registering a name again replaces it."""
    _actions[action.name] = action


def _matches(label: object, words: Iterable[str]) -> bool:
    text = str(label).casefold()
    return all(word in text for word in words)


class CommandView(StaffMixin):
    """POST `q`: sections of results; what was typed is never part of an address."""

    http_method_names = ["post"]

    def post(self, request: StaffRequest) -> HttpResponse:
        query = request.POST.get("q", "").strip()[:100].replace("\0", "")
        sections = [*self._found(request, query), *self._pages(request, query)]
        context: dict[str, Any] = {"sections": [s for s in sections if s.results], "query": query}
        template = "core/_command.html" if request.htmx else "core/command.html"
        response = render(request, template, context)
        response["Cache-Control"] = "no-store"
        return response

    def _found(self, request: StaffRequest, query: str) -> list[Section]:
        if len(query) < 2:
            return []
        return [
            Section(
                str(source.label),
                list(source.search(query=query, actor=request.user, limit=LIMIT)),
            )
            for source in search_sources
            if menu.may_open(actor=request.user, permission=source.permission)
        ]

    def _pages(self, request: StaffRequest, query: str) -> list[Section]:
        words = query.casefold().split()
        pages = [
            SearchResult(title=str(entry.item.label), url=entry.url, icon=entry.item.icon)
            for group in menu.visible(request=request)
            for entry in group.entries
            if _matches(entry.item.label, words)
        ]
        actions = []
        for action in _actions.values():
            if _matches(action.label, words) and menu.may_open(
                actor=request.user, permission=action.permission
            ):
                try:
                    url = reverse(action.url_name)
                except NoReverseMatch:
                    continue
                actions.append(SearchResult(title=str(action.label), url=url, icon=action.icon))
        return [Section(_("Actions"), actions), Section(_("Pages"), pages)]
