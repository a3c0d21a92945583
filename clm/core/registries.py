"""
What must see every app without importing it.

Each app registers its own entries in `AppConfig.ready`; a contract test demands personal-data
and merge entries for every model that refers to a customer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from django.db import models

from clm.core import actors
from clm.core.models import User

T = TypeVar("T")


class Registry(Generic[T]):
    """Entries by key, in the order in which they came; a second of the same key replaces."""

    def __init__(self, key: Callable[[T], Any]) -> None:
        self._key = key
        self._entries: dict[Any, T] = {}

    def register(self, entry: T) -> T:
        self._entries[self._key(entry)] = entry
        return entry

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def get(self, key: Any) -> T | None:
        return self._entries.get(key)


@dataclass(frozen=True)
class Panel:
    """
    A piece of a page that belongs to another app.

    `place` is where it stands: `customer` (what to do next), `customer-tab`, `home`.
    `context(request, customer)` gives its template's context, or None to leave it out. On Home
    a context may have `day`, what the page's sentence says of it, and `start`, the label and
    address of the page's one primary action; the first panel that has one gives it.
    `zone` is the part of Home: across the top, the wide column, or the narrow one beside it.
    `reads(request, customer)` gives the querysets that `context` looks at, or `badge` where the
    place is a tab: the page reads those of all panels in one statement (`clm.core.reading`).
    """

    name: str
    title: Any
    place: Literal["customer", "customer-tab", "home"]
    template: str
    context: Callable[..., Mapping[str, Any] | None]
    permission: str = ""
    order: int = 100
    badge: Callable[..., int | None] | None = None
    zone: Literal["top", "main", "side"] = "main"
    reads: Callable[..., Iterable[Any]] = lambda _request, _customer: ()


@dataclass(frozen=True)
class TimelineEntry:
    at: datetime
    title: str
    detail: str = ""
    icon: str = "progress"
    who: str = ""
    kind: Literal["contact", "money", "system"] = "system"
    url: str = ""
    important: bool = False


@dataclass(frozen=True)
class TimelineSource:
    """
    One app's part of a customer's timeline; `clm.core.timeline` reads and joins them.

    `records(customer=, actor=, before=, limit=)` gives querysets (or lists) of the records that
    it tells of, and none where the actor may not see them. `tell(event=, record=, actor=)` makes
    an entry of an event of one of them, or None where there is nothing to tell. `entry(record)`
    makes one of a record that has a time of its own; such a queryset is older than `before`,
    newest first, and not longer than `limit`.
    """

    name: str
    records: Callable[..., Iterable[Iterable[Any]]]
    tell: Callable[..., TimelineEntry | None] | None = None
    entry: Callable[..., TimelineEntry] | None = None


@dataclass(frozen=True)
class SearchResult:
    title: str
    url: str
    subtitle: str = ""
    icon: str = "search"


@dataclass(frozen=True)
class SearchSource:
    """`search(query=, actor=, limit=)` gives what the command menu shows under `label`."""

    name: str
    label: Any
    search: Callable[..., Sequence[SearchResult]]
    permission: str = ""


@dataclass(frozen=True)
class PersonalData:
    """
    What a model holds about a customer, for access and erasure.

    :param customer_path: the look-up from the model to the customer, "" for the customer itself
    :param also: further look-ups by which a row is about somebody (the other end of a relation)
    :param category: what kind of data, as a privacy officer would say
    :param fields: the fields that are personal
    :param retention: the category of the retention table in the law set
    :param blank: what erasure leaves in the fields that could name or describe the customer
    :param own: fields (or `"*"`, all of them) that customers may fetch for themselves on My page.
        None unless said: what the bank thinks of somebody is looked at by a person before it is
        handed over, and a model that nobody thought about tells nobody anything (tipping-off)
    :param own_where: which of the rows these are; left out, all of them
    :param secret: erasure knows of the rows, and nobody else is told: neither what they say nor
        that there are any stands in what is gathered about a customer
    :param silent: the same of some of the rows
    :param told_to: the permission without which nobody of the bank is told that there are any
    """

    model: type[models.Model]
    category: Any
    fields: Sequence[str]
    customer_path: str = "customer"
    also: Sequence[str] = ()
    retention: str = "customer-file"
    blank: Mapping[str, Any] = field(default_factory=dict)
    own: Sequence[str] = ()
    own_where: Mapping[str, Any] = field(default_factory=dict)
    secret: bool = False
    silent: models.Q | None = None
    told_to: str = ""

    def held(self, *, customers: Sequence[UUID], own: bool = False) -> models.QuerySet[Any]:
        """
        The rows that are about a customer; those alone that they may fetch themselves.

        :param customers: their record, and those that were merged into it
        """
        about = models.Q()
        for path in (self.customer_path or "pk", *self.also):
            about |= models.Q(**{f"{path}__in": customers})
        where = self.own_where if own else {}
        return self.model._base_manager.filter(about, **where).order_by("pk")

    def told(
        self, *, customers: Sequence[UUID], reader: User | None = None, own: bool = False
    ) -> models.QuerySet[Any]:
        """Of the rows held, those of which `reader` may be told; None is no one in particular."""
        permitted = reader is None or actors.may(actor=reader, permission=self.told_to)
        if self.secret or not permitted:
            return self.model._base_manager.none()
        found = self.held(customers=customers, own=own)
        return found if self.silent is None else found.exclude(self.silent)


@dataclass(frozen=True)
class MergeHandler:
    """
    How a model's rows follow a merge of two customers: every reference they have moves.

    :param stays: the rows do not move: they are made from the record or are about the pair
    :param clash: what becomes of a row that would break a uniqueness rule at the survivor: it
        stays with the merged record (`stay`), or the merge is refused until one of the two is
        done with (`refuse`)
    :param exact: values that describe the customer: an undoing restores them column by column;
        other rows have a life of their own and go back as they stand then
    :param follows: the reference to the row that these hang on (a hit on its case): what came
        after a merge goes back with that row instead of staying with the survivor
    """

    model: type[models.Model]
    customer_path: str = "customer"
    stays: bool = False
    clash: Literal["refuse", "stay"] = "refuse"
    exact: bool = False
    follows: str = ""


@dataclass(frozen=True)
class OwnPage:
    """
    A page of My page (`/my/<name>/`), where customers look after themselves.

    `view` is its class, an `OwnView` of `customers.web.mypage`. `note(customer)` is the line under
    its title on the front page; None leaves the page out there.
    """

    name: str
    title: Any
    icon: str
    view: Any
    note: Callable[..., Any]
    order: int = 100


panels: Registry[Panel] = Registry(key=lambda entry: entry.name)
timeline_sources: Registry[TimelineSource] = Registry(key=lambda entry: entry.name)
search_sources: Registry[SearchSource] = Registry(key=lambda entry: entry.name)
personal_data: Registry[PersonalData] = Registry(key=lambda entry: entry.model)
merge_handlers: Registry[MergeHandler] = Registry(key=lambda entry: entry.model)
own_pages: Registry[OwnPage] = Registry(key=lambda entry: entry.name)


def panels_at(place: str) -> list[Panel]:
    """The panels of a place in their order."""
    return sorted((one for one in panels if one.place == place), key=lambda one: one.order)
