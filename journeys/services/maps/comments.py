"""What people say about a step or a card."""

from datetime import datetime
from typing import Any

from clm.core import records
from clm.core.models import User
from journeys.models import JourneyMap, MapCard, MapComment, MapStep
from journeys.services.maps.changing import clean, editing, part


def comment(
    *, on: JourneyMap, text: str, actor: User, at: datetime, step: Any = None, card: Any = None
) -> MapComment:
    """
    Say something about a step, or about a card where one is given.

    :raises ValidationError: nothing is said, or the part is none of this map's
    """
    words = clean(text, most=2000)
    with editing(on=on, actor=actor, at=at) as edit:
        said = MapComment(map=edit.map, text=words, author=actor)
        if card:
            said.card = part(edit, MapCard, card)
        else:
            said.step = part(edit, MapStep, step)
        return records.create(record=said, actor=actor, at=at)


def resolve(
    *, on: JourneyMap, comment: Any, actor: User, at: datetime, resolved: bool = True
) -> MapComment:
    """Mark a comment as dealt with, or open it again."""
    with editing(on=on, actor=actor, at=at) as edit:
        found = part(edit, MapComment, comment)
        if bool(found.resolved_at) == resolved:
            return found
        changes = {
            "resolved_at": at if resolved else None,
            "resolved_by_id": actor.pk if resolved else None,
        }
        return records.change(record=found, changes=changes, actor=actor, at=at)
