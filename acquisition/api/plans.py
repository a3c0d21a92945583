"""What campaigns plan for their leads: steps, offers, and what of it is due for whom."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from acquisition import selectors, services
from acquisition.api.serializers import AmountField
from acquisition.models import Incentive, LeadOffer, LeadStep, NurtureStep, StepOutcome
from acquisition.models.nurturing import STEP_CHANNELS
from clm.core.api.preconditions import expected_version
from clm.core.api.serializers import RecordSerializer, ReferenceField, StrictSerializer
from clm.core.api.views import ReadingViewSet, RecordViewSet
from clm.core.models import User
from customers.models import Product


def _products(*, actor: User) -> Any:
    return Product.objects.all()


class PlannedStepSerializer(RecordSerializer):
    """A step of a campaign's plan; out of use it becomes due for nobody any more."""

    campaign = ReferenceField(selector=selectors.visible_campaigns)

    class Meta:
        model = NurtureStep
        fields: ClassVar = [
            "id", "campaign", "position", "after_days", "channel", "title", "text_da", "text_en",
            "is_used", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["position"]


class IncentiveSerializer(RecordSerializer):
    """Something a campaign offers; once offered to somebody only its period and use change."""

    campaign = ReferenceField(selector=selectors.visible_campaigns)
    product = ReferenceField(selector=_products, required=False, allow_null=True)
    cost = AmountField(amount="cost", required=False)

    class Meta:
        model = Incentive
        fields: ClassVar = [
            "id", "campaign", "name_da", "name_en", "text_da", "text_en", "product", "cost",
            "valid_from", "valid_to", "is_used", "version", "created_at", "updated_at",
        ]  # fmt: skip


class LeadStepSerializer(RecordSerializer):
    """A step that is or was due for a lead."""

    done_by = serializers.UUIDField(source="done_by_id", read_only=True, allow_null=True)

    class Meta:
        model = LeadStep
        fields: ClassVar = [
            "id", "lead", "step", "due_at", "done_at", "outcome", "done_by", "version",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields


class FinishSerializer(StrictSerializer):
    """How a step was dealt with; leaving it out takes a reason."""

    outcome = serializers.ChoiceField(choices=StepOutcome.choices)
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class CheckedSerializer(serializers.Serializer[Any]):
    """One thing an offer was judged by: `ok`, `no`, or `later` where it is asked afterwards."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    state = serializers.CharField()
    words = serializers.CharField()


class OfferWaySerializer(serializers.Serializer[Any]):
    """One way of making an offer; an empty channel means that they asked for it themselves."""

    channel = serializers.CharField()
    allowed = serializers.SerializerMethodField()
    checks = CheckedSerializer(many=True)

    def get_allowed(self, way: Any) -> bool:
        return not way.refused


class LeadOfferViewSerializer(serializers.Serializer[Any]):
    """An offer of the lead's campaign: when it was made, or the ways of making it now."""

    offer = serializers.UUIDField(source="incentive.pk")
    name = serializers.CharField(source="incentive")
    made_at = serializers.DateTimeField(source="made.made_at", default=None, allow_null=True)
    made_by = serializers.UUIDField(source="made.made_by_id", default=None, allow_null=True)
    ways = OfferWaySerializer(many=True)


class LeadOfferSerializer(serializers.ModelSerializer[LeadOffer]):
    """An offer that was made to a lead."""

    offer = serializers.UUIDField(source="incentive_id", read_only=True)
    made_by = serializers.UUIDField(source="made_by_id", read_only=True)

    class Meta:
        model = LeadOffer
        fields: ClassVar = ["id", "offer", "channel", "made_at", "made_by"]
        read_only_fields: ClassVar = fields


class MakeOfferSerializer(StrictSerializer):
    """Which offer, and by what the bank turns to them; no channel where they asked for it."""

    offer = ReferenceField(selector=selectors.visible_incentives)
    channel = serializers.ChoiceField(
        choices=STEP_CHANNELS, required=False, default="", allow_blank=True
    )


class _PartViewSet(RecordViewSet):
    """A part of a campaign: it stays with its campaign, and is taken out of use, never deleted."""

    scopes = {"read": "campaigns:read", "write": "campaigns:write"}
    permissions = {"read": "acquisition.view_campaign"}
    http_method_names = ["get", "head", "post", "patch"]
    filters = {"campaign": "campaign_id", "is_used": "is_used"}

    def kept(self, record: Any, data: dict[str, Any]) -> dict[str, Any]:
        """
        The body's changes without the campaign.

        :raises ValidationError: it names another one
        """
        if data.pop("campaign", record.campaign) != record.campaign:
            raise ValidationError({"campaign": _("This stays with its campaign.")})
        return data


class PlannedStepViewSet(_PartViewSet):
    """The steps that campaigns plan for their leads; a new one goes to the end of its plan."""

    serializer_class = PlannedStepSerializer
    selector = staticmethod(selectors.planned_steps)

    def make(self, data: dict[str, Any]) -> NurtureStep:
        return services.add_step(**data, actor=self.actor, at=self.at)

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> NurtureStep:
        changes = self.kept(record, data)
        return services.change_step(
            step=record, changes=changes, actor=self.actor, at=self.at, version=version
        )


class IncentiveViewSet(_PartViewSet):
    """What campaigns offer; to whom is judged lead by lead under `leads/{id}/offers/`."""

    serializer_class = IncentiveSerializer
    selector = staticmethod(selectors.visible_incentives)

    def make(self, data: dict[str, Any]) -> Incentive:
        return services.add_incentive(**data, actor=self.actor, at=self.at)

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Incentive:
        changes = self.kept(record, data)
        return services.change_incentive(
            incentive=record, currency=changes.pop("currency", ""), changes=changes,
            actor=self.actor, at=self.at, version=version,
        )  # fmt: skip


class LeadStepViewSet(ReadingViewSet):
    """The steps of the leads within reach; `?waiting=true` are those not dealt with."""

    serializer_class = LeadStepSerializer
    selector = staticmethod(selectors.steps_of_leads)
    scopes = {"read": "leads:read", "write": "leads:write"}
    permissions = {"read": "acquisition.view_lead", "write": "acquisition.change_lead"}
    filters = {
        "lead": "lead_id",
        "campaign": "step__campaign_id",
        "waiting": "done_at__isnull",
        "due_to": "due_at__lte",
    }
    ordering_fields = ("due_at",)
    versioned = ("finish",)

    @extend_schema(request=FinishSerializer, responses=LeadStepSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Note that the step was taken, or left out; the next one becomes due."""
        step = self.get_object()
        version = expected_version(request, step, self.tag)
        body = FinishSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self.shown(
            services.finish_step(
                step=step, **body.validated_data, actor=self.actor, at=self.at, version=version
            )
        )
