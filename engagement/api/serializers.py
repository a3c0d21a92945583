from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from clm.core.api.serializers import (
    RecordSerializer,
    ReferenceField,
    StrictSerializer,
    TransitionSerializer,
)
from clm.core.models import User
from customers import selectors as customers
from engagement.models import (
    Enquiry,
    EnquiryMessage,
    Feedback,
    Interaction,
    NextBestAction,
    Refusal,
    RootCause,
    Survey,
)


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
    assignee = ReferenceField(selector=colleagues, required=False, allow_null=True)
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


class SurveySerializer(RecordSerializer):
    """One question with a scale, in both languages."""

    class Meta:
        model = Survey
        fields: ClassVar = [
            "id", "name", "measure", "question_da", "question_en", "days", "is_open", "version",
            "created_at", "updated_at",
        ]  # fmt: skip


class AnswerGivenSerializer(RecordSerializer):
    """One answer within reach; `band` is `good`, `between` or `bad`."""

    customer = serializers.UUIDField(source="customer_id", read_only=True, allow_null=True)
    survey = serializers.UUIDField(source="survey_id", read_only=True, allow_null=True)
    band = serializers.CharField(read_only=True)

    class Meta:
        model = Feedback
        fields: ClassVar = [
            "id", "survey", "customer", "origin", "measure", "score", "band", "text", "said_at",
        ]  # fmt: skip
        read_only_fields = fields


class SurveyLinkOrderSerializer(StrictSerializer):
    """Whom a link is for."""

    customer = ReferenceField(selector=customers.visible_customers)


class SurveyLinkSerializer(serializers.Serializer[Any]):
    """A link that answers once."""

    url = serializers.CharField()
    expires_at = serializers.DateTimeField()


class SurveyResultSerializer(serializers.Serializer[Any]):
    """The figure of the last 90 days with its 95 % interval; null with fewer than 20 answers."""

    measure = serializers.CharField()
    n = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    missing = serializers.IntegerField()


class NextBestActionSerializer(RecordSerializer):
    """
    One offer proposed for one customer. `explanation.arbitration` has the factors of its score.
    """

    customer = serializers.UUIDField(source="customer_id", read_only=True)
    product = serializers.UUIDField(source="product_id", read_only=True)
    offer = serializers.UUIDField(source="offer_id", read_only=True, allow_null=True)
    explanation = serializers.JSONField(read_only=True)

    class Meta:
        model = NextBestAction
        fields: ClassVar = [
            "id", "customer", "product", "state", "state_since", "value", "propensity", "context",
            "score", "explanation", "channel", "proposed_on", "expires_on", "deferred_until",
            "refusal", "offer", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class DeferSerializer(TransitionSerializer):
    """Until when."""

    until = serializers.DateField()


class RefuseSerializer(TransitionSerializer):
    """Why not."""

    refusal = serializers.ChoiceField(choices=Refusal.choices)
