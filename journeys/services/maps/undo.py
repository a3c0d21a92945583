"""Taking back one's own last change, by a change that does the opposite."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from clm.core.canonical import plain
from clm.core.models import Record, User
from journeys.models import JourneyMap, MapChange, MapEmotion, MapVersion
from journeys.services.maps.canvas import Done
from journeys.services.maps.changing import PARTS, Edit, editing, given, write
from journeys.services.maps.versions import put_back

#: Where something stands among its like may have been counted anew; that is nobody's change.
_LAYOUT = {"order", "worded"}
RESTORED = "version"


def last_change(*, on: JourneyMap, actor: User) -> MapChange | None:
    """The actor's last change of this map that can still be taken back."""
    return (
        MapChange.objects.filter(map=on, actor=actor, undone=False, undoes=False)
        .order_by("-pk")
        .first()
    )


def undo(*, on: JourneyMap, actor: User, at: datetime) -> Done:
    """
    Take back the actor's own last change, as a change of its own; the audit keeps both.

    What somebody else has changed since is left to them: then nothing happens but that this is
    said, and the change before comes next.
    """
    with editing(on=on, actor=actor, at=at, undoes=True) as edit:
        change = last_change(on=edit.map, actor=actor)
        if change is None:
            return Done(None, _("There is nothing of yours to take back."))
        MapChange.objects.filter(pk=change.pk).update(undone=True)
        later = (
            MapChange.objects.filter(map=edit.map, pk__gt=change.pk)
            .exclude(actor=actor)
            .select_related("actor")
            .order_by("-pk")
        )
        if change.part == RESTORED:
            return _unrestore(edit, change, later.first())
        record: Any = PARTS[change.part]._default_manager.get(pk=change.part_id)
        if not _is_as_left(record, change):
            other = later.filter(part_id=change.part_id).first()
            return Done(record, _whose(other))
        write(edit, record, **_opposite(edit, record, change))
        return Done(record, _("Taken back."))


def _is_as_left(record: Record, change: MapChange) -> bool:
    kept = {name: value for name, value in change.after.items() if name not in _LAYOUT}
    if change.before is None and not isinstance(record, MapEmotion):
        # It came into being; moved or worded anew by somebody else it is theirs as well.
        kept["removed_at"] = None
    return all(plain(getattr(record, name)) == value for name, value in kept.items())


def _opposite(edit: Edit, record: Any, change: MapChange) -> dict[str, Any]:
    if change.before is None:
        return {"value": None} if isinstance(record, MapEmotion) else {"removed_at": edit.at}
    back = given(type(record), change.before)
    if "text" in back:
        back["worded"] = record.version + 1
    return back


def _unrestore(edit: Edit, change: MapChange, later: MapChange | None) -> Done:
    if later is not None:
        return Done(None, _whose(later))
    version = MapVersion.objects.get(map=edit.map, pk=change.part_id)
    put_back(edit, version.content)
    return Done(version, _("Taken back."))


def _whose(change: MapChange | None) -> str:
    if change is None:
        return _("It is no longer as you left it; nothing was taken back.")
    return _("%(who)s has changed it since; nothing was taken back.") % {"who": change.actor}
