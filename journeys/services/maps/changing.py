"""
One change of a map at a time: the map's row is locked first, whatever is written.

So places can be counted without anybody getting in between, and thirty people write one after
the other in a few milliseconds each; nobody waits for somebody who is only typing.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from clm.core import actors, records
from clm.core.canonical import plain
from clm.core.models import Record, User
from journeys.models import JourneyMap, MapCard, MapChange, MapEmotion, MapLane, MapStep

DRAW = "journeys.change_journeymap"
JOIN = "journeys.join_journeymap"
#: Between neighbours lies so much room that a hundred cards can go in before anybody counts anew.
GAP = 2**20
PARTS: Mapping[str, type[Record]] = {
    "card": MapCard, "step": MapStep, "lane": MapLane, "emotion": MapEmotion,
}  # fmt: skip
P = TypeVar("P", bound=Record)


@dataclass
class Edit:
    """
    A change that is being made.

    :param said: what its author has to be told
    """

    map: JourneyMap
    actor: User
    at: datetime
    undoes: bool = False
    said: list[str] = field(default_factory=list)


def may_draw(*, actor: User) -> bool:
    """Whether the actor may change steps and lanes, name versions, and share."""
    return actors.may(actor=actor, permission=DRAW)


def may_write(*, on: JourneyMap, actor: User) -> bool:
    """Whether the actor may write cards, emotions and comments on this map."""
    return may_draw(actor=actor) or (on.shared and actors.may(actor=actor, permission=JOIN))


@contextmanager
def editing(
    *, on: JourneyMap | UUID, actor: User, at: datetime, draws: bool = False, undoes: bool = False
) -> Iterator[Edit]:
    """
    Lock the map, and say that it has changed when the block is through.

    :raises PermissionDenied: the actor may not, or not any more
    :raises JourneyMap.DoesNotExist: there is none
    """
    key = on.pk if isinstance(on, JourneyMap) else on
    with transaction.atomic():
        locked = JourneyMap.objects.select_for_update(of=("self",)).get(pk=key)
        if not (may_draw(actor=actor) if draws else may_write(on=locked, actor=actor)):
            raise PermissionDenied(_("The board is not shared just now; ask whoever draws it."))
        edit = Edit(locked, actor, at, undoes)
        yield edit
        JourneyMap.objects.filter(pk=key).update(revision=F("revision") + 1)
        if isinstance(on, JourneyMap):
            on.revision = locked.revision + 1


def part(edit: Edit, model: type[P], key: Any) -> P:
    """
    A part of this map, removed or not, as it is now.

    :raises ValidationError: it is none of this map's
    """
    manager: Any = model._default_manager
    try:
        found: P = manager.get(map=edit.map, pk=key)
    except (model.DoesNotExist, ValidationError, ValueError, TypeError) as exc:
        raise ValidationError(_("This is not on the map any more.")) from exc
    return found


def add(edit: Edit, record: P) -> P:
    """Put a new part on the map, which its author may take back."""
    made = records.create(record=record, actor=edit.actor, at=edit.at)
    names = [one.attname for one in made._meta.concrete_fields if one.attname in _KEPT]
    _note(edit, made, None, _values(made, names))
    return made


def write(edit: Edit, record: P, **changes: Any) -> P:
    """Change fields of a part, which its author may take back."""
    names = [name for name, value in changes.items() if getattr(record, name) != value]
    if not names:
        return record
    before = _values(record, names)
    saved = records.change(record=record, changes=changes, actor=edit.actor, at=edit.at)
    _note(edit, saved, before, _values(saved, names))
    return saved


def revive(edit: Edit, record: P) -> P:
    """
    What somebody works on lives: a part that was taken away meanwhile comes back.

    Nothing that is written can so be hidden behind a step or lane that somebody else removed.
    """
    if getattr(record, "removed_at", None) is None:
        return record
    edit.said.append(
        _("“%(what)s” had been taken away meanwhile. It is back, because you worked on it.")
        % {"what": str(record)[:80]}
    )
    return write(edit, record, removed_at=None)


def order_before(siblings: models.QuerySet[Any], before: Any = None) -> int:
    """
    The place just before one of the siblings, or after all of them where it is none of them.

    Where there is no room left they are counted anew; that is layout and no change of theirs.
    """
    rows: list[tuple[Any, int]] = list(siblings.order_by("order", "pk").values_list("pk", "order"))
    places = [str(pk) for pk, _order in rows]
    at = places.index(str(before)) if before and str(before) in places else len(rows)
    if not rows:
        return GAP
    if at == len(rows):
        return rows[-1][1] + GAP
    low = rows[at - 1][1] if at else rows[0][1] - 2 * GAP
    if rows[at][1] - low > 1:
        return (low + rows[at][1]) // 2
    for number, (pk, _order) in enumerate(rows, start=1):
        siblings.model._default_manager.filter(pk=pk).update(order=number * GAP)
    return at * GAP + GAP // 2


def clean(text: Any, *, most: int, empty: bool = False) -> str:
    """
    A text as it may stand on a map: without what cannot be shown, and no longer than `most`.

    :raises ValidationError: nothing is left of it, or it is longer
    """
    lines = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(
        one for one in lines if one == "\n" or unicodedata.category(one) not in {"Cc", "Cs"}
    ).strip()
    if not shown and not empty:
        raise ValidationError(_("Write something first."))
    if len(shown) > most:
        raise ValidationError(
            _("That is %(length)s characters; there is room for %(most)s.")
            % {"length": len(shown), "most": most}
        )
    return shown


def given(model: type[models.Model], stored: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept of fields, as the fields' own values."""
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in stored}
    return {name: fields[name].to_python(value) for name, value in stored.items()}


_KEPT = {"title", "phase", "kind", "activities", "text", "value", "lane_id", "step_id"}


def _values(record: Record, names: list[str]) -> dict[str, Any]:
    return {name: plain(getattr(record, name)) for name in names}


def _note(edit: Edit, record: Record, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    name = next(name for name, model in PARTS.items() if isinstance(record, model))
    MapChange.objects.create(
        map=edit.map,
        actor=edit.actor,
        at=edit.at,
        part=name,
        part_id=record.pk,
        before=before,
        after=after,
        undoes=edit.undoes,
    )
