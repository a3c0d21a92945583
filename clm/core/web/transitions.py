"""Which records pages may take through a transition, who can reach them, and where they live."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from clm.core.models import Record, User


class Selector(Protocol):
    def __call__(self, *, actor: User) -> QuerySet[Any]: ...


@dataclass(frozen=True)
class Told:
    """
    How a question for a second person is shown where a record's fields are no words.

    :param template: the part of the page that tells the difference
    :param context: what it is given for a record
    :param instead_of: the fields it stands for, which are not listed besides
    """

    template: str
    context: Callable[[Any], dict[str, Any]]
    instead_of: frozenset[str]


@dataclass(frozen=True)
class Route:
    """How a page finds a record of one model."""

    model: type[Record]
    selector: Selector
    url: Callable[[Any], str] | None = None
    told: Told | None = None


_routes: dict[str, Route] = {}


def register(
    model: type[Record],
    *,
    selector: Selector,
    url: Callable[[Any], str] | None = None,
    told: Told | None = None,
) -> None:
    """
    Let pages offer the transitions of `model`.

    :param selector: what the actor can see; a record outside it does not exist for them
    :param url: the page of a record, where the person goes on
    :param told: how a question for a second person about it is shown; the bare fields without it
    """
    _routes[model._meta.label_lower] = Route(model, selector, url, told)


def registered() -> list[Route]:
    return [route for _label, route in sorted(_routes.items())]


def route_of(label: str) -> Route | None:
    """The route of `"app.model"` (in any case), or None."""
    return _routes.get(label.lower())


def reachable(*, label: str, pk: UUID, actor: User) -> Record:
    """
    The record as `actor` may see it.

    :raises Http404: no such model here, or the record is outside the actor's reach
    """
    route = route_of(label)
    record = route.selector(actor=actor).filter(pk=pk).first() if route else None
    if record is None:
        raise Http404
    return record  # type: ignore[no-any-return]


def url_of(record: Record) -> str:
    """The page of a record, or an empty string where it has none."""
    route = route_of(record._meta.label)
    if route and route.url:
        return route.url(record)
    own = getattr(record, "get_absolute_url", None)
    return str(own()) if own else ""
