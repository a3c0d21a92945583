"""A customer's timeline: what every app has to tell, joined, in one statement for all its events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

from clm.core import registries
from clm.core.models import Event, EventDetail, User
from clm.core.registries import TimelineEntry, TimelineSource

#: Of the events read, this part at least is thought to be told.
_TOLD_OF = 3
_COLUMNS = (
    "at", "record_type", "record_id", "action", "source", "target", "payload", "sequence",
    "actor__username", "actor__first_name", "actor__last_name", "actor__is_robot",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """Entries, newest first; older ones begin before `earlier`, None where there are none."""

    entries: list[TimelineEntry]
    earlier: datetime | None


class Timeline:
    """One page of a customer's timeline as one actor may see it."""

    def __init__(
        self, *, customer: Model, actor: User, before: datetime | None, limit: int, kind: str = ""
    ) -> None:
        self.before, self.kind = before, kind
        self._actor, self._limit = actor, limit
        # A kind is chosen after the sources have answered, so they are asked for more.
        self._asked = (limit * 8 if kind else limit) + 1
        self._records = [
            (source, list(source.records(
                customer=customer, actor=actor, before=before, limit=self._asked
            )))
            for source in registries.timeline_sources
        ]  # fmt: skip

    def reads(self) -> list[Iterable[Any]]:
        """What it looks at first, for `reading.together`."""
        return [queryset for _source, querysets in self._records for queryset in querysets]

    def page(self) -> Page:
        """The entries of all sources, by time."""
        known: dict[UUID, tuple[TimelineSource, Any]] = {}
        # By source: what happened at one instant stands in the order of the sources.
        found: dict[str, list[TimelineEntry]] = {source.name: [] for source, _all in self._records}
        # Where one source was not read to its end, nothing older may be shown yet.
        ends: list[datetime] = []
        for source, querysets in self._records:
            for queryset in querysets:
                records = list(queryset)
                if source.entry is None:
                    known |= {record.pk: (source, record) for record in records}
                    continue
                told = [source.entry(record) for record in records]
                found[source.name] += told
                if len(records) >= self._asked:
                    ends.append(told[-1].at)
        asked = self._asked * _TOLD_OF
        events = list(_events(known, self.before)[:asked])
        if len(events) >= asked:
            ends.append(events[-1].at)
        for event in events:
            source, record = known[event.record_id]
            entry = source.tell and source.tell(event=event, record=record, actor=self._actor)
            if entry is not None:
                found[source.name].append(entry)
        return self._cut([one for told in found.values() for one in told], max(ends, default=None))

    def _cut(self, found: list[TimelineEntry], end: datetime | None) -> Page:
        shown = [
            entry
            for entry in found
            if (not self.kind or entry.kind == self.kind) and (end is None or entry.at >= end)
        ]
        shown.sort(key=lambda entry: entry.at, reverse=True)
        if len(shown) > self._limit:
            shown = shown[: self._limit]
            return Page(shown, shown[-1].at)
        return Page(shown, end)


def _events(record_ids: Iterable[UUID], before: datetime | None) -> QuerySet[Event]:
    """Events of these records, newest first, with who did it and the reason that was given."""
    detail = EventDetail.objects.filter(event_id=OuterRef("pk"))
    events = (
        Event.objects.filter(record_id__in=list(record_ids))
        .select_related("actor")
        .only(*_COLUMNS)
        .annotate(reason=Subquery(detail.annotate(why=KT("content__reason")).values("why")[:1]))
    )
    if before is not None:
        events = events.filter(at__lt=before)
    return events.order_by("-at", "-sequence")
