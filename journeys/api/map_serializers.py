"""Bodies of `journey-maps`, `journey-map-cards` and `personas`."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clm.core.api.serializers import RecordSerializer, ReferenceField
from journeys import selectors
from journeys.models import (
    JourneyMap,
    MapCard,
    MapEmotion,
    MapLane,
    MapStep,
    Persona,
)


class PersonaSerializer(RecordSerializer):
    class Meta:
        model = Persona
        fields = (
            "id", "name", "life_phase", "description", "goals", "reassures", "worries",
            "creates_value", "version", "created_at", "updated_at",
        )  # fmt: skip


class JourneyMapSerializer(RecordSerializer):
    """A map without what stands on it; `revision` grows with every change of anything on it."""

    journey = ReferenceField(selector=selectors.visible_journeys, required=False, allow_null=True)
    personas = ReferenceField(selector=selectors.visible_personas, many=True, required=False)

    class Meta:
        model = JourneyMap
        fields = (
            "id", "name", "kind", "description", "journey", "counterpart", "personas", "shared",
            "owner", "revision", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = ("counterpart", "owner", "revision", "shared")


class MapStepSerializer(serializers.ModelSerializer[MapStep]):
    class Meta:
        model = MapStep
        fields = ("id", "title", "phase", "activities", "origin")
        read_only_fields = fields


class MapLaneSerializer(serializers.ModelSerializer[MapLane]):
    class Meta:
        model = MapLane
        fields = ("id", "kind", "title")
        read_only_fields = fields


class CardOnMapSerializer(serializers.ModelSerializer[MapCard]):
    class Meta:
        model = MapCard
        fields = ("id", "lane", "step", "text", "author", "version")
        read_only_fields = fields


class MapEmotionSerializer(serializers.ModelSerializer[MapEmotion]):
    value = serializers.FloatField(read_only=True)

    class Meta:
        model = MapEmotion
        fields = ("step", "persona", "value")
        read_only_fields = fields


class WholeJourneyMapSerializer(JourneyMapSerializer):
    """A map with its steps, lanes and cards in their order, and the emotions."""

    steps = serializers.SerializerMethodField()
    lanes = serializers.SerializerMethodField()
    cards = serializers.SerializerMethodField()
    emotions = serializers.SerializerMethodField()

    class Meta(JourneyMapSerializer.Meta):
        fields = (*JourneyMapSerializer.Meta.fields, "steps", "lanes", "cards", "emotions")  # type: ignore[assignment]

    @extend_schema_field(MapStepSerializer(many=True))
    def get_steps(self, of: JourneyMap) -> list[dict[str, Any]]:
        found = of.steps.filter(removed_at=None).order_by("order", "pk")
        return list(MapStepSerializer(found, many=True).data)

    @extend_schema_field(MapLaneSerializer(many=True))
    def get_lanes(self, of: JourneyMap) -> list[dict[str, Any]]:
        found = of.lanes.filter(removed_at=None).order_by("order", "pk")
        return list(MapLaneSerializer(found, many=True).data)

    @extend_schema_field(CardOnMapSerializer(many=True))
    def get_cards(self, of: JourneyMap) -> list[dict[str, Any]]:
        return list(CardOnMapSerializer(selectors.cards_of(of=of), many=True).data)

    @extend_schema_field(MapEmotionSerializer(many=True))
    def get_emotions(self, of: JourneyMap) -> list[dict[str, Any]]:
        found = of.emotions.filter(value__isnull=False, step__removed_at=None).order_by("pk")
        return list(MapEmotionSerializer(found, many=True).data)


class NewJourneyMapSerializer(JourneyMapSerializer):
    """A new map; `steps` are titles, each with its phase before a colon where it has one."""

    steps = serializers.ListField(
        child=serializers.CharField(max_length=300), required=False, max_length=60, write_only=True
    )

    class Meta(JourneyMapSerializer.Meta):
        fields = (*JourneyMapSerializer.Meta.fields, "steps")  # type: ignore[assignment]


class MapCardSerializer(RecordSerializer):
    """
    A card; where it is put before another one, `before` names it, or it comes last.

    A card that was taken away is gone from lists; writing on it brings it back.
    """

    map = ReferenceField(selector=selectors.visible_maps)
    lane = serializers.UUIDField(source="lane_id")
    step = serializers.UUIDField(source="step_id")
    before = serializers.UUIDField(required=False, allow_null=True, write_only=True)

    class Meta:
        model = MapCard
        fields = (
            "id", "map", "lane", "step", "text", "author", "before", "version", "created_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields = ("author",)
