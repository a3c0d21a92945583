"""
Loading lists: whole or not at all, as a version that says what it changed.

Who writes locks the list first and its versions after that, whether a list is loaded, accepted
or discarded; files are read before any lock is taken.
"""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from clm.core import files, records, sayings
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User
from clm.core.sayings import gettext as _
from kyc.lists import ListError, Reading, formats
from kyc.models import VersionState, Watchlist, WatchlistVersion
from kyc.services.in_force import put_in_force
from kyc.services.staged import LONGEST_NAME, Staged, stage

#: A list that lost more than this share of its entries waits for a person.
MOST_LOST = 0.20
#: Why a list is held back.
DOUBTS = SHRUNK, NOT_ENDED, OLDER = "shrunk", "not_ended", "older"


@dataclass(frozen=True)
class Loaded:
    """What became of a load: the version, or None where the list is the one in force."""

    watchlist: Watchlist
    version: WatchlistVersion | None
    notes: list[str] = field(default_factory=list)
    #: Why it is held back.
    doubts: list[str] = field(default_factory=list)
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

    A list that lost more than a fifth of its entries or names, that lost the mark that ends its
    files or that is older than the one in force is held back: nothing changes, the file is kept, and a person
    accepts or discards it. `force` takes one that shrank at once; the other doubts stay. One that
    takes effect retires what is held back.

    :raises ListError: no such format, or the file is not whole; the version in force stays
    """
    return _load(format, path, name, {SHRUNK} if force else set(), actor, at)


def accept_version(*, version: WatchlistVersion, actor: User, at: datetime) -> Loaded:
    """
    Put a version that was held back in force.

    :raises TransitionRefused: it is not held back any more, or a robot asks
    """
    _may_settle(version, actor)
    watchlist = version.watchlist
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        with files.open_file(key=version.file) as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        return _load(
            watchlist.format, path, watchlist.name, set(DOUBTS), actor, at, accepted=version
        )


@transaction.atomic
def discard_version(*, version: WatchlistVersion, actor: User, at: datetime) -> WatchlistVersion:
    """
    Give up a version that was held back; the one in force stays.

    :raises TransitionRefused: it is not held back any more, or a robot asks
    """
    _may_settle(version, actor)
    Watchlist.objects.select_for_update().get(pk=version.watchlist_id)
    return _settle(version, {}, actor, at)


def _may_settle(version: WatchlistVersion, actor: User) -> None:
    if version.standing != VersionState.HELD:
        raise TransitionRefused([_("The version is held back")])
    if actor.is_robot:
        raise TransitionRefused([_("A person accepts a held-back list")])


def _settle(
    version: WatchlistVersion, changes: dict[str, Any], actor: User, at: datetime
) -> WatchlistVersion:
    """The version held back no more; its list is locked already."""
    locked = WatchlistVersion.objects.select_for_update().get(pk=version.pk)
    if locked.standing != VersionState.HELD:
        raise TransitionRefused([_("The version is held back")])
    records.change(
        record=locked, changes={"standing": VersionState.PAST, **changes}, actor=actor, at=at
    )
    return locked


def _retire_held(watchlist: Watchlist, actor: User, at: datetime) -> None:
    for held in watchlist.versions.filter(standing=VersionState.HELD):
        _settle(held, {}, actor, at)


def _load(
    list_format: str,
    path: Path,
    name: str,
    overruled: set[str],
    actor: User,
    at: datetime,
    accepted: WatchlistVersion | None = None,
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
        reading.notes += _unfindable(staged)
        watchlist = _watchlist(name or reader.list_name, list_format, actor, at)
        if accepted is not None:
            _settle(accepted, {"accepted_by": actor}, actor, at)
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
        changes = staged.compare(watchlist)
        doubts = _doubts(version, current, reading, gone=changes.removed)
        left = [one for doubt, said in doubts.items() if doubt not in overruled for one in said]
        if left:
            held = _hold(version, left, path, actor, at)
            return Loaded(
                watchlist, held, reading.notes, doubts=left, forcible=set(doubts) == {SHRUNK}
            )
        _retire_held(watchlist, actor, at)
        put_in_force(
            version=version, current=current, staged=staged, changes=changes, actor=actor, at=at
        )
    return Loaded(watchlist, version, reading.notes)


def _watchlist(name: str, list_format: str, actor: User, at: datetime) -> Watchlist:
    name, most = " ".join(name.replace("\x00", "").split()), 80
    if len(name) > most:
        raise ListError(_("The name of a list has at most %(most)d characters.") % {"most": most})
    found = Watchlist.objects.select_for_update().filter(name=name).first()
    if found is None:
        return records.create(record=Watchlist(name=name, format=list_format), actor=actor, at=at)
    if found.format != list_format:
        raise ListError(
            _("The list %(name)s is in the format %(format)s; give the new one another name.")
            % {"name": name, "format": found.format}
        )
    return found


def _doubts(
    version: WatchlistVersion, current: WatchlistVersion | None, reading: Reading, *, gone: int
) -> dict[str, list[str]]:
    if current is None:
        return {NOT_ENDED: [reading.doubt]} if reading.doubt else {}
    found: dict[str, list[str]] = {}
    lost = _lost(version.entries, current.entries)
    fewer_names = _lost(version.names, current.names)
    if lost > MOST_LOST:
        sentence = _(
            "%(percent)d %% shorter than the version in force (%(now)d entries, %(before)d before)."
        )
        found[SHRUNK] = [
            sentence
            % {"percent": round(lost * 100), "now": version.entries, "before": current.entries}
        ]
    elif fewer_names > MOST_LOST:
        sentence = _(
            "%(percent)d %% fewer names than the version in force (%(now)d names, %(before)d"
            " before)."
        )
        found[SHRUNK] = [
            sentence
            % {"percent": round(fewer_names * 100), "now": version.names, "before": current.names}
        ]
    elif current.entries and gone / current.entries > MOST_LOST:
        # As many may have come instead, as when another list's file is loaded by mistake.
        sentence = _("%(gone)d of the %(before)d entries in force are not in it.")
        found[SHRUNK] = [sentence % {"gone": gone, "before": current.entries}]
    if reading.doubt:
        found[NOT_ENDED] = [reading.doubt]
    elif current.ended and not version.ended:
        sentence = _(
            "The mark that ends the file is missing; it may be cut off after entry %(now)d."
        )
        found[NOT_ENDED] = [sentence % {"now": version.entries}, *reading.notes]
    if version.dated_at and current.dated_at and version.dated_at < current.dated_at:
        sentence = _("It is of %(now)s, older than the version in force (%(before)s).")
        days = {"now": version.dated_at, "before": current.dated_at}
        found[OLDER] = [sentence % {key: day.date().isoformat() for key, day in days.items()}]
    return found


def _unfindable(staged: Staged) -> list[str]:
    """What a person should know of names that screening finds nobody by, or not by all of them."""
    notes: list[str] = []
    if staged.mute:
        text = _("%(count)d names have fewer than two letters: nobody is found by them.")
        notes.append(text % {"count": staged.mute})
    if staged.long:
        text = _("%(count)d names have more than %(most)d characters; the rest is cut off.")
        notes.append(text % {"count": staged.long, "most": LONGEST_NAME})
    return notes


def _lost(now: int, before: int) -> float:
    return 1 - now / before if before else 0


def _hold(
    version: WatchlistVersion, doubts: list[str], path: Path, actor: User, at: datetime
) -> WatchlistVersion:
    version.file_digest = _digest(path)
    same = version.watchlist.versions.filter(
        standing=VersionState.HELD, file_digest=version.file_digest
    ).first()
    if same is not None:
        return same
    _retire_held(version.watchlist, actor, at)
    version.standing = VersionState.HELD
    version.doubts = sayings.kept(doubts)
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
            for one in _tables(path):
                archive.write(one, one.name)
        buffer.seek(0)
        yield buffer


def _tables(folder: Path) -> list[Path]:
    """The tables of a folder, which a Windows system may have named in capitals."""
    return sorted(
        (one for one in folder.iterdir() if one.suffix.lower() == ".csv" and one.is_file()),
        key=lambda one: one.name.lower(),
    )


def _digest(path: Path) -> str:
    """Of what the file has, or of the names and content of a folder's tables."""
    whole = hashlib.sha256()
    for one in [path] if path.is_file() else _tables(path):
        with one.open("rb") as file:
            whole.update(one.name.lower().encode() if one is not path else b"")
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()
