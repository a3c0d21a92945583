"""Leads and campaigns as the API shows and takes them."""

from typing import Any, ClassVar

from rest_framework import serializers

from acquisition import selectors
from acquisition.models import Campaign, Lead
from clm.core.api.serializers import MoneyField, RecordSerializer, ReferenceField
from clm.core.models import Branch, User
from customers.models import Product


def _colleagues(*, actor: User) -> Any:
    return User.objects.filter(is_active=True, is_robot=False)


def _branches(*, actor: User) -> Any:
    return Branch.objects.all()


def _products(*, actor: User) -> Any:
    return Product.objects.all()


class LeadSerializer(RecordSerializer):
    campaign = ReferenceField(selector=selectors.visible_campaigns, required=False, allow_null=True)
    product = ReferenceField(selector=_products, required=False, allow_null=True)
    branch = ReferenceField(selector=_branches, required=False, allow_null=True)
    adviser = ReferenceField(selector=_colleagues, required=False, allow_null=True)
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
            "cpr_masked", "state", "state_since", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["customer", "cpr_masked", "state_since"]


class CampaignSerializer(RecordSerializer):
    budget = MoneyField(amount="budget", required=False)

    class Meta:
        model = Campaign
        fields: ClassVar = [
            "id", "name", "channel", "starts_on", "ends_on", "budget",
            "version", "created_at", "updated_at",
        ]  # fmt: skip
