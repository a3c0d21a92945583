"""Loading lists: whole or not at all, as a version that says what it changed."""

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import files, records
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User
from kyc.lists import Listed, ListError, Reading, formats
from kyc.models import VersionState, Watchlist, WatchlistEntry, WatchlistName, WatchlistVersion

#: A list that lost more than this share of its entries waits for a person.
SHRUNK = 0.20
BATCH = 2000


@dataclass(frozen=True)
class Loaded:
    """What became of a load: the version, or None where the list is the one in force."""

    watchlist: Watchlist
    version: WatchlistVersion | None
    notes: list[str] = field(default_factory=list)

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

    A list that shrank by more than a fifth, or that lost the mark that ends its files, is held
    back: nothing changes, the file is kept, and a person accepts it (`force` does so at once).

    :raises ListError: no such format, or the file is not whole; the version in force stays
    """
    reader = formats().get(format)
    if reader is None:
        raise ListError(
            _("There is no format %(name)s; there are %(known)s.")
            % {"name": format, "known": ", ".join(formats())}
        )
    reading = Reading()
    listed = list(reader.read(path, reading))
    if not listed:
        raise ListError(_("The file has no entry at all."))
    digests = {one.key: _digest(one) for one in listed}
    whole = hashlib.sha256(
        "".join(f"{key}{digests[key]}" for key in sorted(digests)).encode()
    ).hexdigest()
    with transaction.atomic():
        watchlist = _watchlist(name or reader.list_name, format, actor, at)
        current = watchlist.versions.filter(standing=VersionState.IN_FORCE).first()
        if current is not None and current.digest == whole:
            return Loaded(watchlist, None, reading.notes)
        version = WatchlistVersion(
            watchlist=watchlist,
            number=watchlist.versions.count() + 1,
            standing=VersionState.IN_FORCE,
            loaded_at=at,
            entries=len(listed),
            names=sum(len(one.names) for one in listed),
            orphans=reading.orphans,
            ended=reading.end_mark,
            digest=whole,
        )
        doubt = "" if force or current is None else _doubt(version, current)
        if doubt:
            return Loaded(watchlist, _hold(version, doubt, path, actor, at), reading.notes)
        _put_in_force(version, current, listed, digests, actor, at)
    return Loaded(watchlist, version, reading.notes)


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
        path.write_bytes(files.read(key=locked.file))
        records.change(
            record=locked, changes={"standing": VersionState.PAST, "accepted_by": actor},
            actor=actor, at=at,
        )  # fmt: skip
        return load_list(
            format=locked.watchlist.format, path=path, name=locked.watchlist.name, force=True,
            actor=actor, at=at,
        )  # fmt: skip


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


def _doubt(version: WatchlistVersion, current: WatchlistVersion) -> str:
    lost = 1 - version.entries / current.entries if current.entries else 0
    if lost > SHRUNK:
        return _(
            "%(percent)d %% shorter than the version in force (%(now)d entries, %(before)d before)."
        ) % {"percent": round(lost * 100), "now": version.entries, "before": current.entries}
    if current.ended and not version.ended:
        return _(
            "The mark that ends the file is missing; it may be cut off after entry %(now)d."
        ) % {"now": version.entries}
    return ""


def _hold(
    version: WatchlistVersion, doubt: str, path: Path, actor: User, at: datetime
) -> WatchlistVersion:
    WatchlistVersion.objects.filter(watchlist=version.watchlist, standing=VersionState.HELD).update(
        standing=VersionState.PAST
    )
    version.standing = VersionState.HELD
    version.held_because = doubt
    version.file = files.store(content=_packed(path), name=path.name)
    return records.create(
        record=version, actor=actor, at=at, payload={"entries": version.entries, "held": True}
    )


def _packed(path: Path) -> bytes:
    """The file, or the folder as a zip."""
    if path.is_file():
        return path.read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(path.glob("*.csv")):
            archive.write(one, one.name)
    return buffer.getvalue()


def _put_in_force(
    version: WatchlistVersion,
    current: WatchlistVersion | None,
    listed: list[Listed],
    digests: dict[str, str],
    actor: User,
    at: datetime,
) -> None:
    watchlist = version.watchlist
    known = {
        key: (pk, digest, removed is not None)
        for key, pk, digest, removed in WatchlistEntry.objects.filter(
            watchlist=watchlist
        ).values_list("key", "pk", "digest", "removed_in_id")
    }
    new = [one for one in listed if one.key not in known]
    back = [one for one in listed if one.key in known and known[one.key][2]]
    changed = [
        one
        for one in listed
        if one.key in known and not known[one.key][2] and known[one.key][1] != digests[one.key]
    ]
    gone = [key for key, (_pk, _d, removed) in known.items() if not removed and key not in digests]
    version.added, version.changed, version.removed = len(new) + len(back), len(changed), len(gone)
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
    _insert(version, new, digests)
    _update(version, [*changed, *back], {one.key: known[one.key][0] for one in [*changed, *back]},
            digests, {one.key for one in back})  # fmt: skip
    for start in range(0, len(gone), BATCH):
        WatchlistEntry.objects.filter(
            watchlist=watchlist, key__in=gone[start : start + BATCH]
        ).update(removed_in=version)


def _insert(version: WatchlistVersion, new: list[Listed], digests: dict[str, str]) -> None:
    for start in range(0, len(new), BATCH):
        part = new[start : start + BATCH]
        entries = WatchlistEntry.objects.bulk_create(
            [
                WatchlistEntry(
                    watchlist=version.watchlist, key=one.key, added_in=version, changed_in=version,
                    **_fields(one, digests[one.key]),
                )
                for one in part
            ]
        )  # fmt: skip
        _write_names(zip(entries, part, strict=True))


def _update(
    version: WatchlistVersion,
    changed: list[Listed],
    keys: dict[str, Any],
    digests: dict[str, str],
    back: set[str],
) -> None:
    for start in range(0, len(changed), BATCH):
        part = changed[start : start + BATCH]
        entries = {
            entry.key: entry
            for entry in WatchlistEntry.objects.filter(pk__in=[keys[one.key] for one in part])
        }
        for one in part:
            entry = entries[one.key]
            for attribute, value in _fields(one, digests[one.key]).items():
                setattr(entry, attribute, value)
            entry.changed_in = version
            entry.removed_in = None
            if one.key in back:
                entry.added_in = version
        # An insert that meets itself: one statement, where an UPDATE by CASE takes minutes.
        WatchlistEntry.objects.bulk_create(
            list(entries.values()),
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*_fields(part[0], ""), "changed_in", "removed_in", "added_in"],
        )
        WatchlistName.objects.filter(entry__in=list(entries.values())).delete()
        _write_names((entries[one.key], one) for one in part)


def _write_names(pairs: Iterable[tuple[WatchlistEntry, Listed]]) -> None:
    WatchlistName.objects.bulk_create(
        [
            WatchlistName(entry=entry, name=name.name[:500], primary=name.primary, weak=name.weak)
            for entry, one in pairs
            for name in one.names
        ],
        batch_size=5000,
    )


def _fields(one: Listed, digest: str) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "births": [
            {"first": b.first.isoformat(), "last": b.last.isoformat(), "circa": b.circa}
            for b in one.births
        ],
        "birth_places": one.birth_places,
        "nationalities": one.nationalities,
        "countries": one.countries,
        "programmes": one.programmes,
        "identifiers": one.identifiers,
        "remarks": one.remarks,
        "digest": digest,
    }


def _digest(one: Listed) -> str:
    text = json.dumps(asdict(one), default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
