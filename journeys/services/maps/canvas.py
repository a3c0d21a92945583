"""Cards, steps, lanes and emotions: what is done on the canvas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clm.core.models import User
from journeys.models import JourneyMap, MapCard, MapChange, MapEmotion, MapLane, MapStep, Persona
from journeys.models.maps import BEST, LONGEST_TEXT, WORST
from journeys.services.maps.changing import (
    Edit,
    add,
    clean,
    editing,
    order_before,
    part,
    revive,
    write,
)

MOST = {"steps": 60, "lanes": 30, "cards": 1000}
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Done:
    """
    What became of a change.

    :param said: what its author has to be told; empty where all went as asked
    :param beside: the card was somebody else's meanwhile, and the text stands on one of its own
    """

    record: Any
    said: str = ""
    beside: bool = False


def add_card(
    *,
    on: JourneyMap,
    lane: Any,
    step: Any,
    text: str,
    actor: User,
    at: datetime,
    before: Any = None,
) -> Done:
    """
    A new card where a lane crosses a step, at the end or before another.

    A step or lane that somebody took away meanwhile comes back with it.

    :raises ValidationError: the text is empty or too long, or the map is full
    """
    words = clean(text, most=LONGEST_TEXT)
    with editing(on=on, actor=actor, at=at) as edit:
        _room(edit, MapCard, "cards")
        row = revive(edit, part(edit, MapLane, lane))
        column = revive(edit, part(edit, MapStep, step))
        card = _new_card(edit, row, column, words, before)
        return Done(card, " ".join(edit.said))


def write_card(
    *, on: JourneyMap, card: Any, text: str, version: int | None, actor: User, at: datetime
) -> Done:
    """
    Write a card's text; two texts for one card are both kept.

    Where somebody else wrote this card after the version that the author saw, their text stays,
    and the author's becomes a card of its own just after it: people see both side by side and
    take away the one they do not want. Moving a card is no conflict with writing it, and writing
    one that was taken away brings it back.

    :param version: the card's version that the author saw; None overwrites
    """
    words = clean(text, most=LONGEST_TEXT)
    with editing(on=on, actor=actor, at=at) as edit:
        found = part(edit, MapCard, card)
        if found.text == words and found.removed_at is None:
            return Done(found)
        if found.text != words and version is not None and version < found.worded:
            return _beside(edit, found, words)
        found = _alive(edit, found)
        if found.text != words:
            # The version to come: what is read from now on includes this text.
            found = write(edit, found, text=words, worded=found.version + 1)
        return Done(found, " ".join(edit.said))


def move_card(
    *,
    on: JourneyMap,
    card: Any,
    lane: Any,
    step: Any,
    actor: User,
    at: datetime,
    before: Any = None,
) -> Done:
    """Put a card elsewhere: before another one there, or after all; a removed one comes back."""
    with editing(on=on, actor=actor, at=at) as edit:
        found = part(edit, MapCard, card)
        row = revive(edit, part(edit, MapLane, lane))
        column = revive(edit, part(edit, MapStep, step))
        found = revive(edit, found)
        others = _cell(edit, row, column).exclude(pk=found.pk)
        order = order_before(others, before)
        found = write(edit, found, lane_id=row.pk, step_id=column.pk, order=order)
        return Done(found, " ".join(edit.said))


def remove_card(*, on: JourneyMap, card: Any, actor: User, at: datetime) -> Done:
    """Take a card away; it can be brought back by undo or by a version."""
    with editing(on=on, actor=actor, at=at) as edit:
        found = part(edit, MapCard, card)
        if found.removed_at is None:
            found = write(edit, found, removed_at=at)
        return Done(found)


def add_step(
    *, on: JourneyMap, title: str, actor: User, at: datetime, phase: str = "", before: Any = None
) -> Done:
    """A new step, at the end or before another."""
    return _add_part(on, MapStep, "steps", before, actor, at, title=title, phase=phase)


def change_step(
    *,
    on: JourneyMap,
    step: Any,
    actor: User,
    at: datetime,
    title: str | None = None,
    phase: str | None = None,
    activities: Sequence[str] | None = None,
) -> Done:
    """Another title, another phase, other activities that it is bound to; None leaves as it is."""
    changes: dict[str, Any] = {}
    if title is not None:
        changes["title"] = clean(title, most=LONGEST_TITLE)
    if phase is not None:
        changes["phase"] = clean(phase, most=LONGEST_TITLE, empty=True)
    if activities is not None:
        named = [clean(one, most=200) for one in activities][:50]
        changes["activities"] = list(dict.fromkeys(named))
    return _change_part(on, MapStep, step, actor, at, changes)


def move_step(*, on: JourneyMap, step: Any, before: Any, actor: User, at: datetime) -> Done:
    """Put a step before another, or at the end."""
    return _move_part(on, MapStep, step, before, actor, at)


def remove_step(*, on: JourneyMap, step: Any, actor: User, at: datetime) -> Done:
    """Take a step away with all that stands under it; undo brings all of it back."""
    return _remove_part(on, MapStep, step, actor, at)


def add_lane(
    *, on: JourneyMap, kind: str, actor: User, at: datetime, title: str = "", before: Any = None
) -> Done:
    """A new lane, at the end or before another."""
    if kind not in MapLane.Kind.values:
        raise ValidationError(_("There is no such kind of lane."))
    return _add_part(on, MapLane, "lanes", before, actor, at, title=title, kind=kind)


def change_lane(*, on: JourneyMap, lane: Any, title: str, actor: User, at: datetime) -> Done:
    """Another title; the empty one gives the lane its kind's own name."""
    title = clean(title, most=LONGEST_TITLE, empty=True)
    return _change_part(on, MapLane, lane, actor, at, {"title": title})


def move_lane(*, on: JourneyMap, lane: Any, before: Any, actor: User, at: datetime) -> Done:
    """Put a lane above another, or at the end."""
    return _move_part(on, MapLane, lane, before, actor, at)


def remove_lane(*, on: JourneyMap, lane: Any, actor: User, at: datetime) -> Done:
    """Take a lane away with all that stands in it; undo brings all of it back."""
    return _remove_part(on, MapLane, lane, actor, at)


def feel(*, on: JourneyMap, step: Any, persona: Any, value: Any, actor: User, at: datetime) -> Done:
    """
    How a persona feels at a step, rounded to tenths; of two people's the later one stands.

    :param value: from -2 to +2, or None to take it back
    :raises ValidationError: it is no such number, or the persona is not on the map
    """
    felt = _emotion(value)
    with editing(on=on, actor=actor, at=at) as edit:
        column = revive(edit, part(edit, MapStep, step))
        try:
            who = edit.map.personas.get(pk=persona)
        except (Persona.DoesNotExist, ValidationError, ValueError, TypeError) as exc:
            raise ValidationError(_("This persona is not on the map any more.")) from exc
        found = MapEmotion.objects.filter(step=column, persona=who).first()
        if found is None:
            found = MapEmotion(map=edit.map, step=column, persona=who, value=felt)
            return Done(add(edit, found), " ".join(edit.said))
        return Done(write(edit, found, value=felt), " ".join(edit.said))


def _emotion(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        felt = Decimal(str(value).replace("−", "-").replace(",", ".")[:20])
        felt = felt.quantize(Decimal("0.1"), ROUND_HALF_UP)
    except InvalidOperation:
        felt = BEST + 1
    if not felt.is_finite() or not WORST <= felt <= BEST:
        raise ValidationError(_("An emotion lies between −2 and +2."))
    return felt


def _new_card(edit: Edit, lane: MapLane, step: MapStep, words: str, before: Any = None) -> MapCard:
    order = order_before(_cell(edit, lane, step), before)
    card = MapCard(
        map=edit.map, lane=lane, step=step, text=words, author=edit.actor, order=order
    )  # fmt: skip
    return add(edit, card)


def _beside(edit: Edit, card: MapCard, words: str) -> Done:
    """Both texts are kept: the one that came first, and this one on a card of its own."""
    card = _alive(edit, card)
    following = (
        _cell(edit, card.lane, card.step)
        .filter(order__gte=card.order)
        .exclude(pk=card.pk)
        .order_by("order", "pk")
        .first()
    )
    made = _new_card(edit, card.lane, card.step, words, following and following.pk)
    last = (
        MapChange.objects.filter(part_id=card.pk, after__has_key="text")
        .select_related("actor")
        .order_by("-pk")
        .first()
    )
    told = _("%(who)s wrote “%(text)s” on this card meanwhile. Yours stands beside it.") % {
        "who": last.actor if last else card.author,
        "text": card.text[:120],
    }
    return Done(made, " ".join([told, *edit.said]), beside=True)


def _alive(edit: Edit, card: MapCard) -> MapCard:
    """The card back on the map, and with it whatever it stands on."""
    revive(edit, card.lane)
    revive(edit, card.step)
    return revive(edit, card)


def _cell(edit: Edit, lane: MapLane, step: MapStep) -> QuerySet[MapCard]:
    return MapCard.objects.filter(map=edit.map, lane=lane, step=step)


def _room(edit: Edit, model: type[MapStep | MapLane | MapCard], what: str) -> None:
    if model._default_manager.filter(map=edit.map, removed_at=None).count() >= MOST[what]:
        raise ValidationError(
            _("The map is full: it holds %(most)s of these.") % {"most": MOST[what]}
        )


def _add_part(
    on: JourneyMap,
    model: type[MapStep | MapLane],
    what: str,
    before: Any,
    actor: User,
    at: datetime,
    **values: str,
) -> Done:
    values = {
        name: clean(value, most=LONGEST_TITLE, empty=name != "title" or model is MapLane)
        for name, value in values.items()
    }
    with editing(on=on, actor=actor, at=at, draws=True) as edit:
        _room(edit, model, what)
        siblings: QuerySet[Any] = model._default_manager.filter(map=edit.map)
        order = order_before(siblings, before)
        return Done(add(edit, model(map=edit.map, order=order, **values)))


def _change_part(
    on: JourneyMap,
    model: type[MapStep | MapLane],
    key: Any,
    actor: User,
    at: datetime,
    changes: dict[str, Any],
) -> Done:
    with editing(on=on, actor=actor, at=at, draws=True) as edit:
        found = revive(edit, part(edit, model, key))
        return Done(write(edit, found, **changes), " ".join(edit.said))


def _move_part(
    on: JourneyMap,
    model: type[MapStep | MapLane],
    key: Any,
    before: Any,
    actor: User,
    at: datetime,
) -> Done:
    with editing(on=on, actor=actor, at=at, draws=True) as edit:
        found = revive(edit, part(edit, model, key))
        others: QuerySet[Any] = model._default_manager.filter(map=edit.map).exclude(pk=found.pk)
        return Done(write(edit, found, order=order_before(others, before)), " ".join(edit.said))


def _remove_part(
    on: JourneyMap, model: type[MapStep | MapLane], key: Any, actor: User, at: datetime
) -> Done:
    with editing(on=on, actor=actor, at=at, draws=True) as edit:
        found = part(edit, model, key)
        if found.removed_at is None:
            found = write(edit, found, removed_at=at)
        return Done(found)
