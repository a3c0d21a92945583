"""Versions of a map: named pictures of it, to look at and to go back to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from clm.core import records
from clm.core.canonical import plain
from clm.core.models import User
from journeys.models import (
    JourneyMap,
    MapCard,
    MapChange,
    MapEmotion,
    MapLane,
    MapStep,
    MapVersion,
)
from journeys.services.maps.changing import Edit, clean, editing, given

#: What of each kind of part a picture holds.
_HELD: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "steps": (MapStep, ("title", "phase", "activities", "order")),
    "lanes": (MapLane, ("kind", "title", "order")),
    "cards": (MapCard, ("lane_id", "step_id", "text", "order")),
}


def picture(*, on: JourneyMap) -> dict[str, Any]:
    """
    What can be seen on the map now: `steps`, `lanes` and `cards` with their ids in their order,
    and `emotions` by step and persona.
    """
    found: dict[str, Any] = {"name": on.name}
    for name, (model, fields) in _HELD.items():
        rows = model.objects.filter(map=on, removed_at=None)
        if model is MapCard:
            rows = rows.filter(lane__removed_at=None, step__removed_at=None)
        found[name] = [
            {"id": str(row.pk), **{field: plain(getattr(row, field)) for field in fields}}
            for row in rows.order_by("order", "pk")
        ]
    felt = MapEmotion.objects.filter(map=on, value__isnull=False, step__removed_at=None)
    found["emotions"] = [
        {"step": str(one.step_id), "persona": str(one.persona_id), "value": str(one.value)}
        for one in felt.order_by("pk")
    ]
    return found


def save_version(*, on: JourneyMap, name: str, actor: User, at: datetime) -> MapVersion:
    """Keep the map as it is now under a name; never changed afterwards."""
    name = clean(name, most=120)
    with editing(on=on, actor=actor, at=at, draws=True) as edit:
        return _save(edit, name)


def restore(*, on: JourneyMap, version: Any, actor: User, at: datetime) -> MapVersion:
    """
    Make the map again what it was; what it is now is kept as a version of its own before.

    Of two at once the later one stands, and the earlier one's picture is among the versions.

    :returns: the version that was made of what was there
    :raises ValidationError: the map has no such version
    """
    with editing(on=on, actor=actor, at=at, draws=True) as edit:
        try:
            wanted = MapVersion.objects.get(map=edit.map, pk=version)
        except (MapVersion.DoesNotExist, ValidationError, ValueError, TypeError) as exc:
            raise ValidationError(_("The map has no such version.")) from exc
        kept = _save(edit, _("Before going back to version %(n)s") % {"n": wanted.number})
        put_back(edit, wanted.content)
        MapChange.objects.create(
            map=edit.map, actor=actor, at=at, part="version", part_id=kept.pk, before={}, after={}
        )
        records.note(record=edit.map, action="restore", actor=actor, at=at,
                     payload={"version": str(wanted.pk)})  # fmt: skip
        return kept


def put_back(edit: Edit, content: Mapping[str, Any]) -> None:
    """Make every part what it is in the picture; what the picture has not is taken away."""
    for name, (model, fields) in _HELD.items():
        wanted = {row["id"]: row for row in content[name]}
        for part in model.objects.filter(map=edit.map):
            row = wanted.get(str(part.pk))
            if row is not None:
                told = given(model, {field: row[field] for field in fields})
                changes = {**told, "removed_at": None}
                if model is MapCard and part.text != row["text"]:
                    changes["worded"] = part.version + 1
            else:
                changes = {} if part.removed_at else {"removed_at": edit.at}
            _write(edit, part, changes)
    felt = {(row["step"], row["persona"]): row["value"] for row in content["emotions"]}
    for one in MapEmotion.objects.filter(map=edit.map):
        value = felt.get((str(one.step_id), str(one.persona_id)))
        _write(edit, one, given(MapEmotion, {"value": value}))


def _write(edit: Edit, part: Any, changes: Mapping[str, Any]) -> None:
    if any(getattr(part, name) != value for name, value in changes.items()):
        records.change(record=part, changes=changes, actor=edit.actor, at=edit.at)


def _save(edit: Edit, name: str) -> MapVersion:
    last = MapVersion.objects.filter(map=edit.map).aggregate(last=Max("number"))["last"]
    version = MapVersion(
        map=edit.map,
        number=(last or 0) + 1,
        name=name[:120],
        content=picture(on=edit.map),
        author=edit.actor,
    )
    return records.create(record=version, actor=edit.actor, at=edit.at)
