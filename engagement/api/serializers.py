from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from clm.core.api.serializers import RecordSerializer, ReferenceField, TransitionSerializer
from clm.core.models import User
from customers import selectors as customers
from engagement.models import Enquiry, EnquiryMessage, Interaction, RootCause


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


def colleagues(*, actor: User) -> QuerySet[User]:
    """Who may be given an enquiry: people who are still here."""
    return User.objects.filter(is_active=True, is_robot=False)


class EnquiryMessageSerializer(serializers.ModelSerializer[EnquiryMessage]):
    """One message of the correspondence."""

    by = serializers.UUIDField(source="by_id", read_only=True)

    class Meta:
        model = EnquiryMessage
        fields: ClassVar = ["id", "said", "text", "at", "by"]
        read_only_fields = fields


class EnquirySerializer(RecordSerializer):
    """What a customer asks or complains of; `text` is their first words."""

    customer = ReferenceField(selector=customers.visible_customers)
    assignee = ReferenceField(selector=colleagues, required=False)
    text = serializers.CharField(max_length=4000, write_only=True)
    messages = EnquiryMessageSerializer(many=True, read_only=True)

    class Meta:
        model = Enquiry
        fields: ClassVar = [
            "id", "customer", "kind", "channel", "priority", "tier", "subject", "text", "messages",
            "state", "state_since", "assignee", "root_cause", "due_at", "version", "created_at",
            "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["tier", "due_at", "state_since"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Whose it is, and what they wrote, is said once."""
        fixed = {"customer", "channel", "subject", "text"} & attrs.keys()
        if self.instance is not None and fixed:
            raise serializers.ValidationError({one: _("This field cannot be changed here.")
                                               for one in sorted(fixed)})  # fmt: skip
        return attrs


class AnswerSerializer(TransitionSerializer):
    """An answer; a complaint's names its root cause."""

    text = serializers.CharField(max_length=4000)
    root_cause = serializers.ChoiceField(choices=RootCause.choices, required=False, default="")


class QuestionSerializer(TransitionSerializer):
    """What the customer is asked."""

    text = serializers.CharField(max_length=4000)


class TakeUpSerializer(TransitionSerializer):
    """Whose it is from now on; the caller's where nobody is named."""

    assignee = ReferenceField(selector=colleagues, required=False)
