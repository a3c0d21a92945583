"""The bank's own values and the community's shared solutions, and placing them on maps."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clm.core import actors, records
from clm.core.models import User
from journeys.models import BankValue, MapCard, MapLane, MapStep, SharedSolution
from journeys.services import maps

FIELDS = {
    BankValue: ("name", "evidence", "touchpoints", "score", "in_use"),
    SharedSolution: ("name", "provider", "solves", "in_use"),
}


def add_known(*, record: Any, actor: User, at: datetime) -> Any:
    """
    Add a value or a shared solution.

    :raises PermissionDenied: `actor` may not
    :raises ValidationError: there is one of this name, or a field does not hold
    """
    actors.require(actor=actor, permission="journeys.change_mappingproject")
    return records.create(record=record, actor=actor, at=at)


def change_known(
    *,
    record: Any,
    changes: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
) -> Any:
    """
    Change one; cards that were placed keep the text they have.

    :raises PermissionDenied: `actor` may not
    :raises StaleVersion: somebody else changed it since `version`
    """
    actors.require(actor=actor, permission="journeys.change_mappingproject")
    unknown = changes.keys() - set(FIELDS[type(record)])
    if unknown:
        raise ValidationError({name: _("This field cannot be changed here.") for name in unknown})
    return records.change(record=record, changes=changes, actor=actor, at=at, version=version)


def place_on_map(
    *, record: BankValue | SharedSolution, step: MapStep, actor: User, at: datetime
) -> MapCard:
    """
    Put a value or a shared solution on a map, as a card under a step in the lane of its kind.

    A map without such a lane gets one. The card stands for the record and shows its name.

    :raises PermissionDenied: `actor` may not write on this map
    :raises ValidationError: it is out of use, it stands there already, or the map is full
    """
    name = "value" if isinstance(record, BankValue) else "solution"
    kind = MapLane.Kind.DNA if name == "value" else MapLane.Kind.SOLUTION
    if not record.in_use:
        raise ValidationError(_("“%(name)s” is out of use.") % {"name": record})
    with transaction.atomic():
        if MapCard.objects.filter(step=step, removed_at=None, **{name: record}).exists():
            raise ValidationError(_("“%(name)s” stands there already.") % {"name": record})
        lanes = MapLane.objects.filter(map=step.map, kind=kind, removed_at=None)
        lane = lanes.order_by("order").first()
        if lane is None:
            lane = maps.add_lane(on=step.map, kind=kind, actor=actor, at=at).record
        text = (
            f"{record.name} ({record.provider})"
            if isinstance(record, SharedSolution)
            else record.name
        )
        done = maps.add_card(on=step.map, lane=lane.pk, step=step.pk, text=text, actor=actor, at=at)
        card: MapCard = done.record
        return records.change(record=card, changes={name: record}, actor=actor, at=at)
