from typing import ClassVar

from rest_framework import serializers

from clm.core.api.serializers import RecordSerializer, ReferenceField, StrictSerializer
from customers import selectors as customers
from offboarding.models import Closure, ClosureObligation


class ClosureSerializer(RecordSerializer):
    """A customer's way out; what stands in its way is at `obligations`."""

    customer = ReferenceField(selector=customers.visible_customers)

    class Meta:
        model = Closure
        fields: ClassVar = [
            "id", "customer", "state", "state_since", "ground", "note", "exit_reason",
            "exit_comment", "switching", "new_bank", "requested_at", "due_at", "checked_at",
            "checklist", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = [
            "state_since", "requested_at", "due_at", "checked_at", "checklist",
        ]  # fmt: skip


class ObligationSerializer(RecordSerializer):
    """One thing to be out of the way before the customer can leave."""

    holding = serializers.UUIDField(source="holding_id", read_only=True)
    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True, allow_null=True)

    class Meta:
        model = ClosureObligation
        fields: ClassVar = [
            "id", "holding", "kind", "status", "confirmed_at", "reason", "decided_by",
            "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class WaiverSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=2000)


class NothingSerializer(StrictSerializer):
    """A body without members."""
