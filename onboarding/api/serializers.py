"""Applications as the API shows and takes them."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clm.core.api.serializers import RecordSerializer, ReferenceField, StrictSerializer
from clm.core.models import User
from customers import selectors as customers
from customers.models import Product
from onboarding import selectors
from onboarding.kinds import TemplateKind
from onboarding.models import Application, ApplicationIdentity, ApplicationLink


def _colleagues(*, actor: User) -> Any:
    return User.objects.filter(is_active=True, is_robot=False)


def _products(*, actor: User) -> Any:
    return Product.objects.all()


class QuestionSerializer(serializers.Serializer[Any]):
    """One question; `value` is what is known, a number of identity masked."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    choices = serializers.ListField(child=serializers.CharField())
    value = serializers.JSONField()


class ApplicationTaskSerializer(serializers.Serializer[Any]):
    """One thing to be done for an application."""

    step = serializers.CharField()
    key = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    done_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    questions = QuestionSerializer(many=True)


class CheckSerializer(StrictSerializer):
    done = serializers.BooleanField()
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


SHOWN = [
    "id", "customer", "product", "template", "template_version", "state", "state_since", "officer",
    "due_at", "submitted_at", "decided_at", "kyc_outcome", "straight_through",
]  # fmt: skip
ALWAYS = ["version", "created_at", "updated_at"]
OWN = ["state_since", "due_at", "submitted_at", "decided_at", "kyc_outcome", "straight_through"]


class ApplicationSummarySerializer(RecordSerializer):
    """An application in a list."""

    customer = ReferenceField(selector=customers.visible_customers)
    product = ReferenceField(selector=_products, allow_null=True, required=False)
    officer = ReferenceField(selector=_colleagues, allow_null=True, required=False)
    template = serializers.CharField(source="template.kind", read_only=True)
    template_version = serializers.IntegerField(source="template.number", read_only=True)

    class Meta:
        model = Application
        fields: ClassVar = [*SHOWN, *ALWAYS]
        read_only_fields: ClassVar = OWN


class IdentitySerializer(serializers.ModelSerializer[ApplicationIdentity]):
    """
    That the customer, or a young person's guardian (`role`, with the name the provider gave),
    showed who they are, how sure that is, and the provider's own name of it.
    """

    class Meta:
        model = ApplicationIdentity
        fields: ClassVar = ["at", "role", "name", "provider", "assurance", "transaction_id"]
        read_only_fields: ClassVar = fields


class ApplicationSerializer(ApplicationSummarySerializer):
    """An application with its tasks, what is missing in words, and the ways to answer."""

    identities = IdentitySerializer(many=True, read_only=True)
    kind = serializers.ChoiceField(
        choices=TemplateKind.choices,
        write_only=True,
        required=False,
        help_text="What the customer is asked as, when it is opened; without it what fits them.",
    )
    tasks = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()
    answers = serializers.DictField(
        child=serializers.DictField(),
        write_only=True,
        required=False,
        help_text="Answers by task and question.",
    )
    checks = serializers.DictField(
        child=CheckSerializer(),
        write_only=True,
        required=False,
        help_text="The officer's checks by task.",
    )

    class Meta(ApplicationSummarySerializer.Meta):
        fields: ClassVar = [
            *SHOWN, "kind", "identities", "tasks", "missing", "answers", "checks", *ALWAYS,
        ]  # fmt: skip

    @extend_schema_field(ApplicationTaskSerializer(many=True))
    def get_tasks(self, application: Application) -> list[dict[str, Any]]:
        return [
            {
                "step": step.key,
                "key": task.record.key,
                "kind": task.record.kind,
                "title": task.blueprint.title,
                "required": task.record.required,
                "done_at": task.record.done_at,
                "due_at": task.record.due_at,
                "questions": [
                    {
                        "key": one.question.key,
                        "label": one.question.label,
                        "type": one.question.type,
                        "required": one.question.required,
                        "choices": [value for value, _label in one.question.choices],
                        "value": one.value,
                    }
                    for one in task.answers
                ],
            }
            for step in self._steps(application)
            for task in step.tasks
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_missing(self, application: Application) -> list[str]:
        return selectors.missing(views=self._steps(application))

    def _steps(self, application: Application) -> list[selectors.StepView]:
        # Asked for twice in one answer, read once.
        held = self.__dict__.setdefault("_steps_held", {})
        key = (application.pk, application.version, id(application))
        if key not in held:
            held[key] = selectors.steps(application=application)
        found: list[selectors.StepView] = held[key]
        return found


class LinkSerializer(serializers.ModelSerializer[ApplicationLink]):
    """The customer's link to an application; its address is told when it is made and never again."""

    created_by = serializers.UUIDField(source="created_by_id", read_only=True)

    class Meta:
        model = ApplicationLink
        fields: ClassVar = [
            "id", "created_at", "created_by", "expires_at", "revoked_at", "seen_at",
            "consented_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields


class NewLinkSerializer(LinkSerializer):
    """A link that was just made, with the address to be sent to the customer."""

    url = serializers.URLField(read_only=True)

    class Meta(LinkSerializer.Meta):
        fields: ClassVar = [*LinkSerializer.Meta.fields, "url"]
        read_only_fields: ClassVar = fields


class RevokedSerializer(serializers.Serializer[Any]):
    """Whether there was a link to take back."""

    revoked = serializers.BooleanField()
