"""Serializers that accept what they know and nothing else."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django_fsm import FSMField
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from clm.core import jobs
from clm.core.models import Approval, Branch, Event, Job, JobError, Task, User


class StrictFieldsMixin:
    """Refuses members it does not know, and members that only the service itself sets."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            fields = self.fields  # type: ignore[attr-defined]
            errors = {}
            for name in data:
                if name not in fields:
                    errors[name] = [ErrorDetail(_("There is no such field."), "unknown_field")]
                elif fields[name].read_only:
                    errors[name] = [ErrorDetail(_("This field cannot be set."), "read_only")]
            if errors:
                raise ValidationError(errors)
        return super().to_internal_value(data)  # type: ignore[misc]


class StrictSerializer(StrictFieldsMixin, serializers.Serializer[Any]):
    """A body without a model behind it."""


class RecordSerializer(StrictFieldsMixin, serializers.ModelSerializer[Any]):
    """
    A record as the API shows it.

    `id`, `version`, `created_at`, `updated_at` and every state field are read-only whatever
    the subclass says. References accept only ids that the caller's selectors reach: declare
    them as `ReferenceField`.
    """

    ALWAYS_READ_ONLY = frozenset({"id", "version", "created_at", "updated_at"})

    def build_standard_field(
        self, field_name: str, model_field: "models.Field[Any, Any]"
    ) -> tuple[Any, dict[str, Any]]:
        klass, options = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, FSMField) or field_name in self.ALWAYS_READ_ONLY:
            options = {
                key: value for key, value in options.items() if key in {"label", "help_text"}
            }
            if "choices" in options or issubclass(klass, serializers.ChoiceField):
                klass = serializers.CharField
            options["read_only"] = True
        return klass, options

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        klass, options = super().build_relational_field(field_name, relation_info)
        # A plain foreign key would accept any id there is, seen or not.
        options = {key: value for key, value in options.items() if key in {"many", "label"}}
        options["read_only"] = True
        return klass, options

    def get_unique_together_validators(self) -> list[Any]:
        # The model validates itself when the service writes it, and knows more.
        return []


class ReferenceField(serializers.PrimaryKeyRelatedField[Any]):
    """
    The id of another record, which must be within the caller's reach.

    :param selector: called with `actor=`, gives the records that may be named
    """

    def __init__(self, *, selector: Any = None, **kwargs: Any) -> None:
        self._selector = selector
        if selector is not None and not kwargs.get("read_only"):
            kwargs["queryset"] = User.objects.none()
        kwargs.setdefault("pk_field", serializers.UUIDField())
        super().__init__(**kwargs)

    def get_queryset(self) -> Any:
        if self._selector is None:
            return super().get_queryset()
        return self._selector(actor=self.context["request"].user)


@extend_schema_field(
    {
        "type": ["object", "null"],
        "required": ["amount", "currency"],
        "properties": {
            "amount": {"type": "string", "pattern": r"^-?[0-9]{1,16}(\.[0-9]{1,2})?$"},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        },
    }
)
class MoneyField(serializers.Field[Any, Any, Any, Any]):
    """
    An amount with its currency, `{"amount": "1234.50", "currency": "DKK"}`.

    Reads and writes two columns; use with `source="*"`.

    :param amount: the column of the amount
    :param currency: the column of the currency
    """

    def __init__(self, *, amount: str, currency: str = "currency", **kwargs: Any) -> None:
        self.amount, self.currency = amount, currency
        kwargs["source"] = "*"
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> dict[str, str] | None:
        amount = getattr(value, self.amount)
        if amount is None:
            return None
        return {"amount": str(Decimal(amount)), "currency": getattr(value, self.currency)}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        parsed = _Money(data=data)
        parsed.is_valid(raise_exception=True)
        return {
            self.amount: parsed.validated_data["amount"],
            self.currency: parsed.validated_data["currency"],
        }


class _Money(StrictSerializer):
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    currency = serializers.RegexField(r"^[A-Z]{3}$")


class TransitionSerializer(StrictSerializer):
    """What a caller says with a transition."""

    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2000, trim_whitespace=True
    )


class WaySerializer(serializers.Serializer[Any]):
    """A transition that starts here, and what stands in its way for the caller."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    target = serializers.CharField()
    allowed = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    policy = serializers.CharField()
    four_eyes = serializers.BooleanField()
    reason_required = serializers.BooleanField()


class UserSerializer(serializers.ModelSerializer[User]):
    """A colleague, as far as the others may know them."""

    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "name", "branch", "is_robot"]
        read_only_fields = fields


class BranchSerializer(serializers.ModelSerializer[Branch]):
    class Meta:
        model = Branch
        fields = ["id", "code", "name"]
        read_only_fields = fields


class EventSerializer(serializers.ModelSerializer[Event]):
    """An entry of the audit stream; facts only, words stay with the record."""

    actor = serializers.UUIDField(source="actor_id", read_only=True)
    hash = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = [
            "id", "at", "actor", "record_type", "record_id", "action", "source", "target",
            "payload", "sequence", "hash", "request_id", "cause_id",
        ]  # fmt: skip
        read_only_fields = fields

    def get_hash(self, event: Event) -> str:
        return bytes(event.hash).hex()


class ApprovalSerializer(serializers.ModelSerializer[Approval]):
    """A question to a second person; what was shown is read on the record itself."""

    maker = serializers.UUIDField(source="maker_id", read_only=True)
    checker = serializers.UUIDField(source="checker_id", read_only=True, allow_null=True)

    class Meta:
        model = Approval
        fields = [
            "id", "record_type", "record_id", "action", "round", "maker", "made_at",
            "checker", "decided_at", "decision",
        ]  # fmt: skip
        read_only_fields = fields


def _colleagues(*, actor: User) -> models.QuerySet[User]:
    """Whom a task may be given to: any person, whatever the actor's reach over customers."""
    del actor
    return User.objects.filter(is_active=True, is_robot=False)


class TaskSerializer(RecordSerializer):
    assignee = ReferenceField(
        selector=_colleagues,
        required=False,
        allow_null=True,
    )

    class Meta:
        model = Task
        fields = [
            "id", "title", "record_type", "record_id", "url", "assignee", "due_at", "done_at",
            "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["done_at", "url", "record_type", "record_id"]


class JobErrorSerializer(serializers.ModelSerializer[JobError]):
    class Meta:
        model = JobError
        fields = ["id", "line", "column", "code", "detail"]
        read_only_fields = fields


class JobSerializer(serializers.ModelSerializer[Job]):
    """Long work and how far it has come."""

    created_by = serializers.UUIDField(source="created_by_id", read_only=True)
    message = serializers.SerializerMethodField()
    errors_url = serializers.SerializerMethodField()
    result_url = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "id", "kind", "state", "done", "total", "message", "outcome", "created_by",
            "created_at", "started_at", "finished_at", "errors_url", "result_url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_message(self, job: Job) -> str:
        return jobs.message_of(job=job)

    def get_errors_url(self, job: Job) -> str:
        return self._url(job, "errors")

    def get_result_url(self, job: Job) -> str | None:
        return self._url(job, "result") if job.result_file else None

    def _url(self, job: Job, part: str) -> str:
        path = f"/api/v1/jobs/{job.pk}/{part}/"
        request = self.context.get("request")
        return request.build_absolute_uri(path) if request else path
