"""Loading lists: whole or not at all, as a version that says what it changed."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import files, records
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User
from kyc.lists import ListError, Reading, formats
from kyc.models import VersionState, Watchlist, WatchlistEntry, WatchlistName, WatchlistVersion
from kyc.services.staged import BACK, CHANGED, NEW, Row, Staged, stage

#: A list that lost more than this share of its entries waits for a person.
MOST_LOST = 0.20
#: Why a list is held back.
DOUBTS = SHRUNK, NOT_ENDED, OLDER = "shrunk", "not_ended", "older"
#: What an entry has as its list states it.
STATED = (
    "kind", "births", "birth_places", "nationalities", "countries", "programmes", "identifiers",
    "remarks",
)  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """What became of a load: the version, or None where the list is the one in force."""

    watchlist: Watchlist
    version: WatchlistVersion | None
    notes: list[str] = field(default_factory=list)
    #: It is held back for nothing but that it shrank.
    forcible: bool = False

    @property
    def held(self) -> bool:
        return self.version is not None and self.version.standing == VersionState.HELD


def load_list(
    *,
    format: str,  # noqa: A002 (what everybody calls it)
    path: Path,
    name: str = "",
    force: bool = False,
    actor: User,
    at: datetime,
) -> Loaded:
    """
    Read a file as the next version of a list, in one transaction.

    A list that shrank by more than a fifth, that lost the mark that ends its files or that is
    older than the one in force is held back: nothing changes, the file is kept, and a person
    accepts it. `force` takes one that shrank at once; the other doubts stay.

    :raises ListError: no such format, or the file is not whole; the version in force stays
    """
    return _load(format, path, name, {SHRUNK} if force else set(), actor, at)


def accept_version(*, version: WatchlistVersion, actor: User, at: datetime) -> Loaded:
    """
    Put a version that was held back in force.

    :raises TransitionRefused: it is not held back any more, or a robot asks
    """
    if version.standing != VersionState.HELD:
        raise TransitionRefused([_("The version is held back")])
    if actor.is_robot:
        raise TransitionRefused([_("A person accepts a held-back list")])
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        locked = WatchlistVersion.objects.select_for_update().get(pk=version.pk)
        if locked.standing != VersionState.HELD:
            raise TransitionRefused([_("The version is held back")])
        path = Path(folder) / "list"
        with files.open_file(key=locked.file) as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        records.change(
            record=locked, changes={"standing": VersionState.PAST, "accepted_by": actor},
            actor=actor, at=at,
        )  # fmt: skip
        watchlist = locked.watchlist
        return _load(watchlist.format, path, watchlist.name, set(DOUBTS), actor, at)


def _load(
    list_format: str, path: Path, name: str, overruled: set[str], actor: User, at: datetime
) -> Loaded:
    reader = formats().get(list_format)
    if reader is None:
        raise ListError(
            _("There is no format %(name)s; there are %(known)s.")
            % {"name": list_format, "known": ", ".join(formats())}
        )
    reading = Reading()
    with stage(reader.read(path, reading)) as staged, transaction.atomic():
        if not staged.entries:
            raise ListError(_("The file has no entry at all."))
        watchlist = _watchlist(name or reader.list_name, list_format, actor, at)
        current = watchlist.versions.filter(standing=VersionState.IN_FORCE).first()
        if current is not None and current.digest == staged.digest:
            return Loaded(watchlist, None, reading.notes)
        version = WatchlistVersion(
            watchlist=watchlist,
            number=watchlist.versions.count() + 1,
            standing=VersionState.IN_FORCE,
            loaded_at=at,
            dated_at=reading.dated_at,
            entries=staged.entries,
            names=staged.names,
            orphans=reading.orphans,
            ended=reading.end_mark,
            digest=staged.digest,
        )
        doubts = {} if current is None else _doubts(version, current)
        left = [sentence for doubt, sentence in doubts.items() if doubt not in overruled]
        if left:
            held = _hold(version, " ".join(left), path, actor, at)
            return Loaded(watchlist, held, reading.notes, forcible=set(doubts) == {SHRUNK})
        _put_in_force(version, current, staged, actor, at)
    return Loaded(watchlist, version, reading.notes)


def _watchlist(name: str, list_format: str, actor: User, at: datetime) -> Watchlist:
    found = Watchlist.objects.select_for_update().filter(name=name).first()
    if found is None:
        return records.create(record=Watchlist(name=name, format=list_format), actor=actor, at=at)
    if found.format != list_format:
        raise ListError(
            _("The list %(name)s is in the format %(format)s; give the new one another name.")
            % {"name": name, "format": found.format}
        )
    return found


def _doubts(version: WatchlistVersion, current: WatchlistVersion) -> dict[str, str]:
    found = {}
    lost = 1 - version.entries / current.entries if current.entries else 0
    if lost > MOST_LOST:
        found[SHRUNK] = _(
            "%(percent)d %% shorter than the version in force (%(now)d entries, %(before)d before)."
        ) % {"percent": round(lost * 100), "now": version.entries, "before": current.entries}
    if current.ended and not version.ended:
        found[NOT_ENDED] = _(
            "The mark that ends the file is missing; it may be cut off after entry %(now)d."
        ) % {"now": version.entries}
    if version.dated_at and current.dated_at and version.dated_at < current.dated_at:
        found[OLDER] = _("It is of %(now)s, older than the version in force (%(before)s).") % {
            "now": version.dated_at.date().isoformat(),
            "before": current.dated_at.date().isoformat(),
        }
    return found


def _hold(
    version: WatchlistVersion, doubt: str, path: Path, actor: User, at: datetime
) -> WatchlistVersion:
    waiting = WatchlistVersion.objects.filter(
        watchlist=version.watchlist, standing=VersionState.HELD
    )
    same = waiting.filter(digest=version.digest, held_because=doubt).first()
    if same is not None:
        return same
    waiting.update(standing=VersionState.PAST)
    version.standing = VersionState.HELD
    version.held_because = doubt
    with _packed(path) as content:
        version.file = files.store(content=content, name=path.name)
    return records.create(
        record=version, actor=actor, at=at, payload={"entries": version.entries, "held": True}
    )


@contextmanager
def _packed(path: Path) -> Iterator[IO[bytes]]:
    """The file, or the folder as a zip."""
    if path.is_file():
        with path.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as buffer:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in sorted(path.glob("*.csv")):
                archive.write(one, one.name)
        buffer.seek(0)
        yield buffer


def _put_in_force(
    version: WatchlistVersion,
    current: WatchlistVersion | None,
    staged: Staged,
    actor: User,
    at: datetime,
) -> None:
    watchlist = version.watchlist
    version.added, version.changed, version.removed = staged.compare(watchlist)
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
                entry=entry, name=one["name"][:500], primary=one["primary"], weak=one["weak"]
            )
            for entry, (_pk, stated, _digest) in pairs
            for one in stated["names"]
        ],
        batch_size=5000,
    )


def _fields(stated: dict[str, Any], digest: str) -> dict[str, Any]:
    return {**{name: stated[name] for name in STATED}, "digest": digest}
