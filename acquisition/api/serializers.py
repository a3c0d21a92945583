"""Leads and campaigns as the API shows and takes them."""

from typing import Any, ClassVar

from rest_framework import serializers

from acquisition import selectors
from acquisition.models import Campaign, CampaignCost, Channel, Lead, LeadTouch, TouchKind
from clm.core.api.serializers import (
    MoneyField,
    RecordSerializer,
    ReferenceField,
    StrictSerializer,
)
from clm.core.models import Branch, User
from customers.models import Product


def _colleagues(*, actor: User) -> Any:
    return User.objects.filter(is_active=True, is_robot=False)


def _branches(*, actor: User) -> Any:
    return Branch.objects.all()


def _products(*, actor: User) -> Any:
    return Product.objects.all()


class AmountField(MoneyField):
    """Money in the campaign's own currency."""

    def to_representation(self, value: Any) -> dict[str, str] | None:
        return {
            "amount": str(getattr(value, self.amount)),
            "currency": value.campaign.currency,
        }


class LeadSerializer(RecordSerializer):
    campaign = ReferenceField(selector=selectors.visible_campaigns, required=False, allow_null=True)
    product = ReferenceField(selector=_products, required=False, allow_null=True)
    branch = ReferenceField(selector=_branches, required=False, allow_null=True)
    adviser = ReferenceField(selector=_colleagues, required=False, allow_null=True)
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, allow_blank=True, max_length=60,
        help_text="Who tells of the lead; set once, with `external_id`.",
    )  # fmt: skip
    external_id = serializers.CharField(
        required=False, allow_blank=True, max_length=120,
        help_text="What the source calls it: the same one a second time is refused.",
    )  # fmt: skip
    cpr = serializers.CharField(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=11,
        help_text="Kept encrypted; read back masked only.",
    )

    class Meta:
        model = Lead
        fields: ClassVar = [
            "id", "given_names", "family_name", "organisation_name", "email", "phone", "language",
            "channel", "note", "campaign", "product", "branch", "adviser", "customer", "cpr",
            "cpr_masked", "source", "external_id", "state", "state_since", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["customer", "cpr_masked", "state_since"]


class CampaignSerializer(RecordSerializer):
    budget = MoneyField(amount="budget", required=False)
    spent = MoneyField(amount="spent", read_only=True)

    class Meta:
        model = Campaign
        fields: ClassVar = [
            "id", "name", "audience", "channel", "starts_on", "ends_on", "budget", "spent",
            "target_leads", "target_customers", "target_cost",
            "version", "created_at", "updated_at",
        ]  # fmt: skip


class CostSerializer(RecordSerializer):
    """What a campaign has cost; a negative amount takes a wrong entry back."""

    amount = AmountField(amount="amount")

    class Meta:
        model = CampaignCost
        fields: ClassVar = [
            "id", "spent_on", "kind", "amount", "reference", "note", "version", "created_at",
            "updated_at",
        ]  # fmt: skip


class AnswerMoneySerializer(serializers.Serializer[Any]):
    """An amount with its currency."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    currency = serializers.CharField()


class StepSerializer(serializers.Serializer[Any]):
    """How many leads came this far, or further."""

    state = serializers.CharField()
    count = serializers.IntegerField()
    share = serializers.FloatField()


class ResultSerializer(serializers.Serializer[Any]):
    """What a campaign cost and brought, over all leads of the bank; duplicates count nowhere."""

    leads = serializers.IntegerField()
    customers = serializers.IntegerField()
    conversion = serializers.FloatField()
    spent = AnswerMoneySerializer()
    cost_per_customer = AnswerMoneySerializer(allow_null=True)
    first_year_margin = AnswerMoneySerializer()
    gain = AnswerMoneySerializer()
    funnel = StepSerializer(many=True)


class MatchSerializer(serializers.Serializer[Any]):
    """Whom a lead may be: a customer or an open lead, with the reasons in the caller's language."""

    exact = serializers.BooleanField()
    points = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())
    customer = serializers.UUIDField(source="customer.pk", allow_null=True, default=None)
    lead = serializers.UUIDField(source="lead.pk", allow_null=True, default=None)


class TouchSerializer(serializers.ModelSerializer[LeadTouch]):
    """One thing a lead did, or that was done with them."""

    class Meta:
        model = LeadTouch
        fields: ClassVar = [
            "id", "at", "kind", "channel", "campaign", "product", "source", "external_id",
        ]  # fmt: skip
        read_only_fields = fields


class NewTouchSerializer(StrictSerializer):
    """A touch; the same `external_id` of a source is one touch however often it is sent."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=TouchKind.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    campaign = ReferenceField(selector=selectors.visible_campaigns, required=False, allow_null=True)
    product = ReferenceField(selector=_products, required=False, allow_null=True)
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=60, required=False, default=""
    )
    external_id = serializers.CharField(max_length=120, required=False, default="")


class LeadFileSerializer(StrictSerializer):
    """A file of leads, as a form upload."""

    file = serializers.FileField()
    source = serializers.CharField(max_length=60)  # type: ignore[assignment]
    campaign = ReferenceField(
        selector=selectors.visible_campaigns, required=False, default=None, allow_null=True
    )
    dry_run = serializers.BooleanField(required=False, default=False)
