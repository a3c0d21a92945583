"""Maps as wholes: made, named, shared, and a to-be drawn from an as-is."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import actors, records
from clm.core.models import User
from journeys.models import (
    Journey,
    JourneyMap,
    MapCard,
    MapEmotion,
    MapLane,
    MapStep,
    Persona,
)
from journeys.services.maps.canvas import LONGEST_TITLE, MOST
from journeys.services.maps.changing import GAP, clean, editing

#: The lanes that a new map begins with; others are added where they are wanted.
FIRST_LANES = (
    MapLane.Kind.ACTION, MapLane.Kind.DIGITAL, MapLane.Kind.PHYSICAL, MapLane.Kind.THOUGHTS,
    MapLane.Kind.PAIN, MapLane.Kind.FRONT, MapLane.Kind.BACK, MapLane.Kind.SUPPORT,
    MapLane.Kind.DNA, MapLane.Kind.SOLUTION, MapLane.Kind.IDEA,
)  # fmt: skip


def draw_map(
    *,
    name: str,
    actor: User,
    at: datetime,
    kind: str = JourneyMap.Kind.AS_IS,
    description: str = "",
    journey: Journey | None = None,
    personas: Iterable[Persona] = (),
    steps: Sequence[str] = (),
) -> JourneyMap:
    """
    A new map with the usual lanes.

    :param steps: titles, each with its phase before a colon where it has one
    :raises PermissionDenied: the actor draws no maps
    """
    if not actors.may(actor=actor, permission="journeys.add_journeymap"):
        raise PermissionDenied(_("You may not draw maps."))
    titles = [one for one in (clean(step, most=300, empty=True) for step in steps) if one]
    if len(titles) > MOST["steps"]:
        raise ValidationError(
            {"steps": _("A map has room for %(most)s steps.") % {"most": MOST["steps"]}}
        )
    with transaction.atomic():
        made = records.create(
            record=JourneyMap(
                name=clean(name, most=120),
                kind=kind,
                description=clean(description, most=2000, empty=True),
                journey=journey,
                owner=actor,
            ),
            actor=actor,
            at=at,
            payload={"kind": kind},
        )
        _set_personas(made, personas, actor, at)
        columns = []
        for number, text in enumerate(titles, start=1):
            phase, colon, title = text.partition(":")
            columns.append(
                MapStep(
                    map=made,
                    order=number * GAP,
                    title=clean(title if colon and title.strip() else text, most=LONGEST_TITLE),
                    phase=phase.strip()[:LONGEST_TITLE] if colon and title.strip() else "",
                )
            )
        rows = [
            MapLane(map=made, order=number * GAP, kind=one)
            for number, one in enumerate(FIRST_LANES, start=1)
        ]
        records.create_many(records=columns, actor=actor, at=at)
        records.create_many(records=rows, actor=actor, at=at)
    return made


def change_map(
    *,
    on: JourneyMap,
    changes: dict[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> JourneyMap:
    """
    Another name, description, measured journey, or other personas.

    :raises StaleVersion: `version` is no longer the one in force
    """
    fields = dict(changes)
    personas = fields.pop("personas", None)
    for name, most in (("name", 120), ("description", 2000)):
        if name in fields:
            fields[name] = clean(fields[name], most=most, empty=name == "description")
    with editing(on=on, actor=actor, at=at, draws=True) as edit:
        found = records.change(record=edit.map, changes=fields, actor=actor, at=at, version=version)
        if personas is not None:
            _set_personas(found, personas, actor, at)
    found.revision += 1
    return found


def share(*, on: JourneyMap, shared: bool, actor: User, at: datetime) -> JourneyMap:
    """Open the board to everybody who may join, as for a workshop, or close it again."""
    return change_map(on=on, changes={"shared": shared}, actor=actor, at=at)


def draw_to_be(*, of: JourneyMap, name: str, actor: User, at: datetime) -> JourneyMap:
    """
    A to-be drawn from an as-is: everything that stands on it, each step knowing where it is from.

    :raises ValidationError: it is a to-be itself
    """
    if of.kind != JourneyMap.Kind.AS_IS:
        raise ValidationError(_("A to-be is drawn from an as-is."))
    with editing(on=of, actor=actor, at=at, draws=True) as edit:
        made = records.create(
            record=JourneyMap(
                name=clean(name, most=120), kind=JourneyMap.Kind.TO_BE, journey=edit.map.journey,
                description=edit.map.description, counterpart=edit.map, owner=actor,
            ),
            actor=actor,
            at=at,
            payload={"kind": JourneyMap.Kind.TO_BE, "as_is": str(of.pk)},
        )  # fmt: skip
        _set_personas(made, edit.map.personas.all(), actor, at)
        steps = {
            one.pk: MapStep(
                map=made, order=one.order, title=one.title, phase=one.phase,
                activities=one.activities, origin=one,
            )
            for one in MapStep.objects.filter(map=of, removed_at=None)
        }  # fmt: skip
        lanes = {
            one.pk: MapLane(map=made, order=one.order, kind=one.kind, title=one.title)
            for one in MapLane.objects.filter(map=of, removed_at=None)
        }
        cards = [
            MapCard(
                map=made, lane=lanes[one.lane_id], step=steps[one.step_id], text=one.text,
                order=one.order, author_id=one.author_id, value_id=one.value_id,
                solution_id=one.solution_id,
            )
            for one in MapCard.objects.filter(map=of, removed_at=None)
            if one.lane_id in lanes and one.step_id in steps
        ]  # fmt: skip
        felt = [
            MapEmotion(
                map=made, step=steps[one.step_id], persona_id=one.persona_id, value=one.value
            )
            for one in MapEmotion.objects.filter(map=of, value__isnull=False)
            if one.step_id in steps
        ]
        for parts in (list(steps.values()), list(lanes.values()), cards, felt):
            # Each was valid where it comes from.
            records.create_many(records=parts, actor=actor, at=at, validate=False)
    return made


def save_persona(
    *,
    values: dict[str, str],
    actor: User,
    at: datetime,
    persona: Persona | None = None,
    version: int | None = None,
) -> Persona:
    """
    A new persona, or one described anew.

    :raises PermissionDenied: the actor draws no maps
    :raises StaleVersion: `version` is no longer the one in force
    """
    if not actors.may(actor=actor, permission="journeys.change_persona"):
        raise PermissionDenied(_("You may not describe personas."))
    told = {
        name: clean(value, most=120 if name in {"name", "life_phase"} else 2000,
                    empty=name != "name")
        for name, value in values.items()
    }  # fmt: skip
    if persona is None:
        return records.create(record=Persona(**told), actor=actor, at=at)
    return records.change(record=persona, changes=told, actor=actor, at=at, version=version)


def _set_personas(on: JourneyMap, personas: Iterable[Persona], actor: User, at: datetime) -> None:
    chosen = list(personas)
    if {one.pk for one in chosen} == set(on.personas.values_list("pk", flat=True)):
        return
    on.personas.set(chosen)
    records.note(
        record=on, action="personas", actor=actor, at=at,
        payload={"personas": sorted(str(one.pk) for one in chosen)},
    )  # fmt: skip
