"""`application-templates` and `messages`."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import messages
from clm.core.api.operations import ACCEPTED
from clm.core.api.serializers import RecordSerializer, StrictSerializer
from clm.core.api.views import ReadingViewSet, RecordViewSet
from onboarding import selectors, services
from onboarding.models import ApplicationTemplate, WelcomeMessage


class TemplateSerializer(RecordSerializer):
    """A version of what one kind of customer is asked: `data` holds steps, tasks and fields."""

    class Meta:
        model = ApplicationTemplate
        fields: ClassVar = [
            "id", "kind", "number", "state", "name", "note", "data", "simulation", "origin",
            "valid_from", "valid_to", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["number", "simulation", "origin", "valid_from", "valid_to"]
        # The page says by its own sentence what cannot be; so does this.
        validators: ClassVar[list[Any]] = []


class TrialSerializer(StrictSerializer):
    """On the applications of how many days a draft is tried."""

    days = serializers.IntegerField(min_value=1, max_value=3650, default=365, required=False)


class TemplateViewSet(RecordViewSet):
    """
    Versions of what is asked of whom. A draft is changed and tried on past applications; then it
    is proposed, and a person who did not propose it puts it in force.
    """

    serializer_class = TemplateSerializer
    selector = staticmethod(selectors.visible_templates)
    scopes = {"read": "application-templates:read", "write": "application-templates:write"}
    permissions = {
        "create": "onboarding.change_applicationtemplate",
        "trial": "onboarding.change_applicationtemplate",
    }
    filters = ("kind", "state", "number")
    ordering_fields = ("number",)
    http_method_names = ["get", "head", "post", "patch"]

    def make(self, data: dict[str, Any]) -> ApplicationTemplate:
        return services.draft_template(**{"note": "", **data}, actor=self.actor, at=self.at)

    def change(
        self, record: ApplicationTemplate, data: dict[str, Any], version: int | None
    ) -> ApplicationTemplate:
        if data.get("kind", record.kind) != record.kind:
            raise serializers.ValidationError({"kind": [_("A version stays of its kind.")]})
        changes = {name: value for name, value in data.items() if name != "kind"}
        return services.change_template(
            template=record, changes=changes, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(request=TrialSerializer, responses=ACCEPTED)
    @action(detail=True, methods=["post"])
    def trial(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Try a draft on past applications, as a job; what it finds stands in `simulation`."""
        template = self.get_object()
        body = TrialSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self.accepted(
            services.start_trial(
                template=template,
                days=body.validated_data.get("days", 365),
                actor=self.actor,
                at=self.at,
            )
        )


class MessageSerializer(serializers.ModelSerializer[WelcomeMessage]):
    """
    A message of a welcome plan: when it is due, and how it ended. Neither its words nor an address.

    `push_reference` is how the customer is called towards the app that takes pushes.
    """

    application = serializers.UUIDField(source="plan.application_id", read_only=True)
    customer = serializers.UUIDField(source="plan.application.customer_id", read_only=True)
    push_reference = serializers.SerializerMethodField()

    class Meta:
        model = WelcomeMessage
        fields: ClassVar = [
            "id", "customer", "application", "step", "sending", "channel", "due_at", "done_at",
            "attempts", "note", "push_reference",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields

    def get_push_reference(self, message: WelcomeMessage) -> str:
        return messages.push_reference(customer_id=message.plan.application.customer_id)


class MessageViewSet(ReadingViewSet):
    """What is written to customers, and what came of it."""

    serializer_class = MessageSerializer
    selector = staticmethod(selectors.visible_messages)
    scopes = {"read": "messages:read"}
    permissions = {"read": "onboarding.view_application"}
    filters = {
        "customer": "plan__application__customer",
        "application": "plan__application",
        "sending": "sending",
    }
    http_method_names = ["get", "head"]
