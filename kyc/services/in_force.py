"""Putting a version of a list in force: who is new, who changed, who is gone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from clm.core import records
from clm.core.models import User
from kyc.models import VersionState, WatchlistEntry, WatchlistName, WatchlistVersion
from kyc.services.staged import BACK, CHANGED, LONGEST_NAME, NEW, Changes, Row, Staged

#: What an entry has as its list states it.
STATED = (
    "kind", "births", "birth_places", "nationalities", "countries", "programmes", "identifiers",
    "gender", "remarks",
)  # fmt: skip


def put_in_force(
    *,
    version: WatchlistVersion,
    current: WatchlistVersion | None,
    staged: Staged,
    changes: Changes,
    actor: User,
    at: datetime,
) -> None:
    """Write what the version changes against the one in force, which it replaces; the list is locked."""
    watchlist = version.watchlist
    version.added, version.changed, version.removed = changes
    if current is not None:
        records.change(record=current, changes={"standing": VersionState.PAST}, actor=actor, at=at)
    # The event that screening follows: lists are system-wide, so it is told on the version.
    records.create(
        record=version,
        actor=actor,
        at=at,
        payload={
            "watchlist_id": str(watchlist.pk),
            "added": version.added,
            "changed": version.changed,
            "removed": version.removed,
        },
    )
    for _state, part in staged.parts(NEW):
        _insert(version, part)
    for state, part in staged.parts(CHANGED, BACK):
        _update(version, part, back=state == BACK)
    for gone in staged.gone():
        WatchlistEntry.objects.filter(pk__in=gone).update(removed_in=version)


def _insert(version: WatchlistVersion, part: list[Row]) -> None:
    entries = WatchlistEntry.objects.bulk_create(
        [
            WatchlistEntry(
                watchlist=version.watchlist, key=stated["key"], added_in=version,
                changed_in=version, **_fields(stated, digest),
            )
            for _pk, stated, digest in part
        ]
    )  # fmt: skip
    _write_names(zip(entries, part, strict=True))


def _update(version: WatchlistVersion, part: list[Row], *, back: bool) -> None:
    found = WatchlistEntry.objects.in_bulk([pk for pk, _stated, _digest in part])
    entries = []
    for pk, stated, digest in part:
        entry = found[pk]
        for attribute, value in _fields(stated, digest).items():
            setattr(entry, attribute, value)
        entry.changed_in = version
        entry.removed_in = None
        if back:
            entry.added_in = version
        entries.append(entry)
    # An insert that meets itself: one statement, where an UPDATE by CASE takes minutes.
    WatchlistEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*STATED, "digest", "changed_in", "removed_in", "added_in"],
    )
    WatchlistName.objects.filter(entry__in=entries).delete()
    _write_names(zip(entries, part, strict=True))


def _write_names(pairs: Iterable[tuple[WatchlistEntry, Row]]) -> None:
    WatchlistName.objects.bulk_create(
        [
            WatchlistName(
                entry=entry,
                name=one["name"][:LONGEST_NAME],
                primary=one["primary"],
                weak=one["weak"],
            )
            for entry, (_pk, stated, _digest) in pairs
            for one in stated["names"]
        ],
        batch_size=5000,
    )


def _fields(stated: dict[str, Any], digest: str) -> dict[str, Any]:
    return {**{name: stated[name] for name in STATED}, "digest": digest}
