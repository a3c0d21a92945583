"""Customers in the administrator's workbench."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clm.core.admin import ReadOnlyAdmin, RecordAdmin
from clm.core.models import User
from customers import selectors
from customers.models import (
    Address,
    ConsentEntry,
    ContactPoint,
    Customer,
    CustomerInsight,
    CustomerSearch,
    Holding,
    Identifier,
    ImportBatch,
    ImportMapping,
    Offer,
    Product,
    SourceRecord,
)


class PartAdmin(ReadOnlyAdmin):
    """A customer's part, within the reach of whoever looks."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request)
        return found.filter(
            selectors.reach_q(actor=cast("User", request.user), prefix="customer__")
        )


@admin.register(Customer)
class CustomerAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_customers)
    list_display = (
        "display_name",
        "kind",
        "stage",
        "risk_level",
        "branch",
        "adviser",
        "updated_at",
    )
    list_filter = ("stage", "kind", "risk_level", "branch")
    search_fields = ("search_text",)
    exclude = ("sort_key", "search_text")


@admin.register(Holding)
class HoldingAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_holdings)
    list_display = ("reference", "customer", "product", "opened_on", "closed_on", "balance")
    list_filter = ("product",)
    search_fields = ("reference",)


@admin.register(Offer)
class OfferAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_offers)
    list_display = ("text", "customer", "kind", "state", "given_by", "given_at")
    list_filter = ("state", "kind")


@admin.register(ImportBatch)
class ImportBatchAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_batches)
    list_display = ("file_name", "system", "state", "customers", "review_on", "created_at")
    list_filter = ("state", "system")


@admin.register(Product)
class ProductAdmin(RecordAdmin):
    list_display = ("code", "name_en", "category", "valid_from", "valid_to")
    list_filter = ("category",)
    search_fields = ("code", "name_da", "name_en")


@admin.register(Identifier)
class IdentifierAdmin(PartAdmin):
    """Masked, as everywhere; a number is revealed on the customer's page, for a reason."""

    list_display = ("masked", "kind", "country", "customer", "added_at")
    list_filter = ("kind",)
    exclude = ("ciphertext", "index")


@admin.register(ContactPoint)
class ContactPointAdmin(PartAdmin):
    list_display = ("value", "kind", "customer", "valid_from", "valid_to")
    search_fields = ("=value",)


@admin.register(Address)
class AddressAdmin(PartAdmin):
    list_display = ("line1", "city", "country", "customer", "valid_to")


@admin.register(ConsentEntry)
class ConsentEntryAdmin(PartAdmin):
    list_display = ("customer", "purpose", "channel", "decision", "at", "recorded_by")
    list_filter = ("purpose", "channel", "decision")


@admin.register(CustomerInsight)
class CustomerInsightAdmin(PartAdmin):
    list_display = ("customer", "churn_probability", "churn_band", "value", "updated_at")
    list_filter = ("churn_band",)


@admin.register(SourceRecord)
class SourceRecordAdmin(PartAdmin):
    list_display = ("system", "external_id", "customer", "seen_at")
    list_filter = ("system",)
    exclude = ("digest",)


@admin.register(CustomerSearch)
class CustomerSearchAdmin(ReadOnlyAdmin):
    list_display = ("id", "at")
    exclude = ("ciphertext",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(user=request.user.pk)


@admin.register(ImportMapping)
class ImportMappingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name",)
    search_fields = ("name",)
