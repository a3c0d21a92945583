"""Bodies of `churn-scores` and `models`."""

from rest_framework import serializers

from analytics.models import ChurnScore, ModelVersion
from clm.core.api.serializers import RecordSerializer, StrictSerializer


class ChurnScoreSerializer(RecordSerializer):
    class Meta:
        model = ChurnScore
        fields = (
            "id", "customer", "scored_on", "probability", "band", "main_reason", "reasons", "base",
            "model_version", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class ModelVersionSerializer(RecordSerializer):
    class Meta:
        model = ModelVersion
        fields = (
            "id", "name", "number", "state", "algorithm", "features", "data_hash", "data_until",
            "metrics", "card", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class ScoringSerializer(StrictSerializer):
    """Whom to score."""

    customer = serializers.UUIDField()
