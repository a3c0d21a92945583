from typing import ClassVar

from rest_framework import serializers

from clm.core.api.serializers import RecordSerializer, ReferenceField
from customers import selectors as customers
from engagement.models import Interaction


class InteractionSerializer(RecordSerializer):
    """One contact with a customer; it is written once and not changed."""

    customer = ReferenceField(selector=customers.visible_customers)
    by = serializers.UUIDField(source="by_id", read_only=True)
    at = serializers.DateTimeField(required=False)

    class Meta:
        model = Interaction
        fields: ClassVar = [
            "id", "customer", "at", "channel", "purpose", "outcome", "sentiment", "text", "by",
            "version", "created_at", "updated_at",
        ]  # fmt: skip
