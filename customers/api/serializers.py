"""The customer record as the API shows it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clm.core.api.serializers import (
    MoneyField,
    RecordSerializer,
    ReferenceField,
    StrictSerializer,
)
from clm.core.api.shapes import Gathered
from clm.core.models import Branch, User
from clm.core.tables import FORMATS
from customers import selectors
from customers.countries import known_country
from customers.identification import IdentifierKind
from customers.models import (
    Address,
    Channel,
    ContactPoint,
    Customer,
    Holding,
    Identifier,
    ImportBatch,
    Offer,
    Product,
)

MAX_PARTS = 20


def _staff(*, actor: User) -> Any:
    return User.objects.filter(is_active=True, is_robot=False)


def _branches(*, actor: User) -> Any:
    return Branch.objects.all()


def _products(*, actor: User) -> Any:
    return Product.objects.all()


class CountryField(serializers.CharField):
    """A country by its two letters (ISO 3166-1)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2, **kwargs)
        self.validators.append(known_country)


class AddressSerializer(StrictSerializer):
    kind = serializers.ChoiceField(choices=Address.Kind.choices, default=Address.Kind.HOME)
    line1 = serializers.CharField(max_length=200)
    line2 = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    postal_code = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    city = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    country = CountryField(default="DK")


class NewIdentifierSerializer(StrictSerializer):
    """A number to be kept encrypted."""

    kind = serializers.ChoiceField(choices=IdentifierKind.choices)
    value = serializers.CharField(max_length=60)
    country = CountryField(default="DK")


class IdentifierSerializer(serializers.ModelSerializer[Identifier]):
    """A number as it may be shown."""

    class Meta:
        model = Identifier
        fields = ["id", "kind", "country", "masked", "source", "added_at"]
        read_only_fields = fields


@extend_schema_field(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "kind": {"type": "string"},
                "country": {"type": "string"},
                "value": {"type": "string", "writeOnly": True},
                "masked": {"type": "string", "readOnly": True},
            },
        },
    }
)
class IdentifiersField(serializers.Field[Any, Any, Any, Any]):
    """Shown masked; given with a new customer as `[{"kind", "value", "country"}]`."""

    def to_internal_value(self, data: Any) -> list[tuple[str, str, str]]:
        body = NewIdentifierSerializer(data=data, many=True, max_length=MAX_PARTS)  # type: ignore[call-arg]
        body.is_valid(raise_exception=True)
        return [(one["kind"], one["value"], one["country"]) for one in body.validated_data]


def _reached_at(kind: str) -> ArraySubquery:
    points = ContactPoint.objects.filter(
        customer=OuterRef("pk"), kind=kind, valid_to__isnull=True
    ).order_by("valid_from", "id")
    return ArraySubquery(points.values("value"))


def _parts(queryset: QuerySet[Any], members: Iterable[str]) -> ArraySubquery:
    """What the queryset has of a customer, as an array of objects."""
    shown = JSONObject(**{name: name for name in members})
    return ArraySubquery(queryset.filter(customer=OuterRef("pk")).values_list(shown, flat=True))


def _with_instants(numbers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # In JSON, PostgreSQL writes an instant as text; the renderer writes it like all others.
    return [{**one, "added_at": datetime.fromisoformat(one["added_at"])} for one in numbers]


class CustomerSerializer(RecordSerializer):
    """
    A person or organisation. `stage`, `risk_level` and `segment` are the platform's own.

    `emails`, `phones` and `addresses` are given whole; what is left out of them ends today.
    """

    emails = serializers.ListField(
        child=serializers.CharField(max_length=254), required=False, max_length=MAX_PARTS
    )
    phones = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=MAX_PARTS
    )
    addresses = AddressSerializer(many=True, required=False)
    identifiers = IdentifiersField(required=False)
    nationalities = serializers.ListField(
        child=CountryField(), required=False, max_length=MAX_PARTS
    )
    tax_countries = serializers.ListField(
        child=CountryField(), required=False, max_length=MAX_PARTS
    )
    residence_country = CountryField(required=False, allow_blank=True)
    adviser = ReferenceField(selector=_staff, required=False, allow_null=True)
    branch = ReferenceField(selector=_branches, required=False, allow_null=True)

    class Meta:
        model = Customer
        fields = [
            "id", "kind", "given_names", "family_name", "name", "display_name", "born_on",
            "birth_place", "nationalities", "residence_country", "tax_countries", "language",
            "occupation", "legal_form", "emails", "phones", "addresses", "identifiers", "stage",
            "stage_since", "risk_level", "adviser", "branch", "segment", "source",
            "customer_since", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["display_name", "stage_since", "risk_level", "segment"]
        gathered = {
            "emails": Gathered(_reached_at("email")),
            "phones": Gathered(_reached_at("phone")),
            "addresses": Gathered(
                _parts(
                    Address.objects.filter(valid_to__isnull=True).order_by("valid_from", "id"),
                    AddressSerializer().fields,
                )
            ),
            "identifiers": Gathered(
                _parts(
                    Identifier.objects.order_by("added_at", "id"), IdentifierSerializer.Meta.fields
                ),
                _with_instants,
            ),
        }  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance is not None:
            for name in ("kind", "identifiers"):
                if name in attrs:
                    raise serializers.ValidationError({name: [_("This cannot be changed here.")]})
        return attrs


class SearchSerializer(StrictSerializer):
    query = serializers.CharField(max_length=200)
    limit = serializers.IntegerField(min_value=1, max_value=50, default=20)


class RevealSerializer(StrictSerializer):
    reason = serializers.CharField(min_length=3, max_length=500)


class RevealedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    value = serializers.CharField()


class ProductSerializer(RecordSerializer):
    """An entry of the catalogue."""

    price = MoneyField(amount="price_per_year", required=False)
    margin = MoneyField(amount="margin_per_year", required=False)
    countries = serializers.ListField(child=CountryField(), required=False, max_length=MAX_PARTS)

    class Meta:
        model = Product
        fields = [
            "id", "code", "name_da", "name_en", "description_da", "description_en", "category",
            "customer_kinds", "minimum_age", "maximum_age", "countries", "price", "margin",
            "channels", "documents", "term_months", "notice_days", "valid_from", "valid_to",
            "version", "created_at", "updated_at",
        ]  # fmt: skip


class HoldingSerializer(RecordSerializer):
    """A product that a customer has."""

    product = ReferenceField(selector=_products)
    customer = serializers.UUIDField(source="customer_id", read_only=True)
    balance = MoneyField(amount="balance", required=False)

    class Meta:
        model = Holding
        fields = [
            "id", "customer", "product", "reference", "opened_on", "matures_on", "renewed_on",
            "closed_on", "balance", "balance_on", "income_per_year", "version", "created_at",
            "updated_at",
        ]  # fmt: skip
        read_only_fields = ["closed_on", "renewed_on", "balance_on"]


class CloseHoldingSerializer(StrictSerializer):
    closed_on = serializers.DateField()
    reason = serializers.CharField(max_length=2000, required=False, default="")


class RenewHoldingSerializer(StrictSerializer):
    matures_on = serializers.DateField()
    reason = serializers.CharField(max_length=2000, required=False, default="")


class EligibilitySerializer(StrictSerializer):
    """Whether the customer can have a product, and each reason why not."""

    product = serializers.UUIDField(source="product.pk")
    code = serializers.CharField(source="product.code")
    eligible = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())


class OfferSerializer(RecordSerializer):
    """Something offered to a customer; what came of it is a transition."""

    customer = ReferenceField(selector=selectors.visible_customers)
    product = ReferenceField(selector=_products, required=False, allow_null=True)
    cost = MoneyField(amount="cost", required=False)
    channel = serializers.ChoiceField(
        choices=[one for one in Channel.choices if one[0] != Channel.ANY],
        required=False, write_only=True,
        help_text="How the bank turns to the customer with it; refused where that is not allowed.",
    )  # fmt: skip

    class Meta:
        model = Offer
        fields = [
            "id", "customer", "product", "kind", "text", "cost", "channel", "state", "given_at",
            "valid_until", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["given_at"]


class TimelineSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    title = serializers.CharField()
    detail = serializers.CharField()
    who = serializers.CharField()
    kind = serializers.CharField()


class ExportSerializer(StrictSerializer):
    """Which customers, which columns, in which format."""

    format = serializers.ChoiceField(choices=FORMATS, default="csv")
    columns = serializers.ListField(
        child=serializers.CharField(max_length=60), default=list, max_length=100
    )
    filters = serializers.DictField(
        child=serializers.CharField(max_length=60, allow_blank=True), default=dict
    )

    def validate_filters(self, value: dict[str, str]) -> dict[str, str]:
        known = {"stage", "risk_level", "kind", "branch", "adviser", "portfolio"}
        if unknown := sorted(set(value) - known):
            raise serializers.ValidationError(
                _("There is no filter “%(name)s”.") % {"name": unknown[0]}
            )
        return value


class ImportSerializer(StrictSerializer):
    """A file of customers, as a form upload."""

    file = serializers.FileField()
    source = serializers.CharField(max_length=60)  # type: ignore[assignment]
    mapping = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    dry_run = serializers.BooleanField(required=False, default=False)
    review_on = serializers.DateField(required=False, default=None)


class ImportBatchSerializer(RecordSerializer):
    """The customers that one import brought."""

    class Meta:
        model = ImportBatch
        fields = [
            "id", "state", "system", "file_name", "customers", "review_on", "version",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["system", "file_name", "customers", "review_on"]
