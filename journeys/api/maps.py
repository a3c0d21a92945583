"""`journey-maps`, `journey-map-cards`, `personas`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core.api import preconditions
from clm.core.api.views import RecordViewSet
from journeys import selectors
from journeys.api.map_serializers import (
    JourneyMapSerializer,
    MapCardSerializer,
    NewJourneyMapSerializer,
    PersonaSerializer,
    WholeJourneyMapSerializer,
)
from journeys.models import JourneyMap, MapCard, Persona
from journeys.services import maps

_SCOPES = {"read": "journey-maps:read", "write": "journey-maps:write"}


class JourneyMapViewSet(RecordViewSet):
    """Journeys as people draw them; one by itself comes with everything that stands on it."""

    serializer_class = JourneyMapSerializer
    selector = staticmethod(selectors.visible_maps)
    scopes = _SCOPES
    filters = ("kind", "journey")
    ordering_fields = ("created_at", "updated_at")
    http_method_names = ["get", "head", "post", "patch"]

    def get_serializer_class(self) -> Any:
        return {"retrieve": WholeJourneyMapSerializer, "create": NewJourneyMapSerializer}.get(
            str(self.action), JourneyMapSerializer
        )

    def make(self, data: dict[str, Any]) -> JourneyMap:
        return maps.draw_map(**data, actor=self.actor, at=self.at)

    def change(self, record: JourneyMap, data: dict[str, Any], version: int | None) -> JourneyMap:
        return maps.change_map(
            on=record, changes=data, actor=self.actor, at=self.at, version=version
        )


class MapCardViewSet(RecordViewSet):
    """
    The cards of maps. A text for a card that somebody else wrote meanwhile, in the moment
    between the question and the answer, becomes a card of its own: nothing is lost.
    """

    serializer_class = MapCardSerializer
    selector = staticmethod(selectors.visible_cards)
    scopes = _SCOPES
    permissions = {"read": "journeys.view_journeymap", "write": "journeys.join_journeymap"}
    filters = ("map", "lane", "step")
    ordering_fields = ("created_at",)
    versioned = ("destroy",)

    def make(self, data: dict[str, Any]) -> MapCard:
        done = maps.add_card(
            on=data["map"], lane=data["lane_id"], step=data["step_id"], text=data["text"],
            before=data.get("before"), actor=self.actor, at=self.at,
        )  # fmt: skip
        made: MapCard = done.record
        return made

    def change(self, record: MapCard, data: dict[str, Any], version: int | None) -> MapCard:
        on, found = record.map, record
        if data.get("map", on) != on:
            raise ValidationError({"map": _("A card stays on its map.")})
        if "text" in data:
            done = maps.write_card(
                on=on, card=record.pk, text=data["text"], version=version,
                actor=self.actor, at=self.at,
            )  # fmt: skip
            found = done.record
        if {"lane_id", "step_id", "before"} & data.keys():
            done = maps.move_card(
                on=on, card=found.pk, lane=data.get("lane_id", found.lane_id),
                step=data.get("step_id", found.step_id), before=data.get("before"),
                actor=self.actor, at=self.at,
            )  # fmt: skip
            found = done.record
        return found

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the card away; undo and versions bring it back."""
        record = self.get_object()
        preconditions.expected_version(request, record, self.tag)
        maps.remove_card(on=record.map, card=record.pk, actor=self.actor, at=self.at)
        return Response(status=204)


class PersonaViewSet(RecordViewSet):
    """Kinds of customers as we imagine them, each with the empathy map."""

    serializer_class = PersonaSerializer
    selector = staticmethod(selectors.visible_personas)
    scopes = _SCOPES
    permissions = {"write": "journeys.change_persona"}
    ordering_fields = ("created_at", "name")
    http_method_names = ["get", "head", "post", "patch"]

    def make(self, data: dict[str, Any]) -> Persona:
        return maps.save_persona(values=data, actor=self.actor, at=self.at)

    def change(self, record: Persona, data: dict[str, Any], version: int | None) -> Persona:
        return maps.save_persona(
            values=data, persona=record, version=version, actor=self.actor, at=self.at
        )
