from typing import ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from clm.core.api.serializers import (
    MoneyField,
    RecordSerializer,
    ReferenceField,
    StrictSerializer,
)
from clm.core.models import User
from customers import selectors as customers
from customers.models import Channel
from retention.models import Reason, SaveCase


def colleagues(*, actor: User) -> QuerySet[User]:
    """Who may own a case: people who are still here."""
    return User.objects.filter(is_active=True, is_robot=False)


class SaveCaseSerializer(RecordSerializer):
    """An attempt to keep a customer; opened with a customer and, if it is known, the reason."""

    customer = ReferenceField(selector=customers.visible_customers)
    reason_code = serializers.ChoiceField(choices=Reason.choices, required=False)
    owner = ReferenceField(selector=colleagues, required=False, allow_null=True)
    playbook = serializers.CharField(source="playbook.reason", read_only=True)
    budget = MoneyField(amount="budget", read_only=True)
    value = MoneyField(amount="value", read_only=True)
    offer = serializers.UUIDField(source="offer_id", read_only=True, allow_null=True)

    class Meta:
        model = SaveCase
        fields: ClassVar = [
            "id", "customer", "state", "state_since", "reason_code", "reasons", "probability",
            "value", "playbook", "budget", "owner", "offer", "due_at", "contacted_at",
            "interaction_id", "wants_to_leave", "review_30_on", "review_90_on", "outcome_30",
            "outcome_90", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = [
            "state_since", "reasons", "probability", "value", "due_at", "contacted_at",
            "interaction_id", "review_30_on", "review_90_on", "outcome_30", "outcome_90",
        ]  # fmt: skip


class CaseOfferSerializer(StrictSerializer):
    """An offer out of the case's budget; without a kind the playbook's."""

    text = serializers.CharField(max_length=2000)
    cost = MoneyField(amount="cost")
    kind = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    channel = serializers.ChoiceField(
        choices=[one for one in Channel.choices if one[0] != Channel.ANY], required=False
    )
