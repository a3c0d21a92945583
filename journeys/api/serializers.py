"""Bodies of `journeys` and `touchpoints`."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from clm.core.api.serializers import RecordSerializer, StrictFieldsMixin, StrictSerializer
from customers.models import PartyKind
from journeys.logs.rows import FIRST_YEAR, farthest
from journeys.models import Journey, Touchpoint

MOST = 10_000


class JourneySerializer(RecordSerializer):
    events = serializers.IntegerField(source="feed.events", read_only=True)

    class Meta:
        model = Journey
        fields = (
            "id", "name", "slug", "source", "description", "events", "version", "created_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields = ("slug", "source")


class TouchpointSerializer(StrictFieldsMixin, serializers.ModelSerializer[Any]):
    class Meta:
        model = Touchpoint
        fields = (
            "id", "journey", "case_id", "customer", "activity", "at", "ended_at", "transition",
            "channel", "actor", "cost", "sentiment", "attributes", "external_id",
        )  # fmt: skip
        read_only_fields = fields


class NewTouchpointSerializer(StrictSerializer):
    """One event; `id` is what its source calls it."""

    id = serializers.CharField(max_length=200)
    case_id = serializers.CharField(max_length=200)
    activity = serializers.CharField(max_length=200)
    at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(required=False, allow_null=True)
    customer = serializers.UUIDField(required=False, allow_null=True)
    transition = serializers.CharField(max_length=40, required=False, allow_blank=True)
    channel = serializers.CharField(max_length=80, required=False, allow_blank=True)
    actor = serializers.CharField(max_length=200, required=False, allow_blank=True)
    cost = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, allow_null=True
    )
    sentiment = serializers.IntegerField(min_value=-2, max_value=2, required=False, allow_null=True)
    attributes = serializers.DictField(
        child=serializers.CharField(max_length=1000, allow_blank=True), required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        latest = farthest(self.context["now"])
        for name in ("at", "ended_at"):
            if (found := attrs.get(name)) is None:
                continue
            if found.year < FIRST_YEAR:
                raise serializers.ValidationError({name: _("This is not a plausible time.")})
            if found > latest:
                raise serializers.ValidationError({name: _("This lies more than a year ahead.")})
        if attrs.get("ended_at") and attrs["ended_at"] < attrs["at"]:
            raise serializers.ValidationError({"ended_at": _("It ends before it starts.")})
        return attrs


class FrictionQuerySerializer(StrictSerializer):
    """Which cases a report is about, and what its money rests on."""

    complete_only = serializers.BooleanField(required=False)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    branch = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=PartyKind.choices, required=False)
    channel = serializers.CharField(max_length=80, required=False)
    segment = serializers.CharField(max_length=40, required=False)
    value = serializers.FloatField(min_value=0, max_value=1e9, required=False)
    norm_days = serializers.FloatField(min_value=0, max_value=1000, required=False)
    horizon_days = serializers.IntegerField(min_value=1, max_value=1000, required=False)


class BatchSerializer(StrictSerializer):
    """Up to 10,000 events of one journey, which is made if there is none of that name."""

    journey = serializers.CharField(max_length=120)
    events = serializers.ListField(child=serializers.JSONField(), min_length=1, max_length=MOST)


class ItemSerializer(StrictSerializer):
    """An event that was not taken in, by its place in the batch, and why."""

    index = serializers.IntegerField()
    detail = serializers.DictField()


class BatchAnswerSerializer(StrictSerializer):
    journey = serializers.UUIDField()
    added = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = ItemSerializer(many=True)
