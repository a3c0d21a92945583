"""Customers in the administrator's workbench."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clm.core.admin import HistoryAdmin, ReadOnlyAdmin, RecordAdmin
from clm.core.models import User
from customers import selectors
from customers.models import (
    AccountConsent,
    Address,
    ConsentEntry,
    ConsentWording,
    ContactPoint,
    Customer,
    CustomerInsight,
    CustomerMerge,
    CustomerSearch,
    Document,
    DuplicatePair,
    Holding,
    Identifier,
    ImportBatch,
    ImportMapping,
    LawSet,
    MatchKey,
    MergeRow,
    Offer,
    OtherAccount,
    OtherBank,
    ParkedTransaction,
    Product,
    Relation,
    RobinsonList,
    RobinsonMark,
    SignIn,
    SourceRecord,
    SourceSystem,
    SurvivorshipRules,
    Transaction,
    TransactionBatch,
)
from customers.selectors import duplicates, golden


class AboutCustomerAdmin(ReadOnlyAdmin):
    """A customer's part, within the reach of whoever looks."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request)
        return found.filter(
            selectors.reach_q(actor=cast("User", request.user), prefix="customer__")
        )


@admin.register(Customer)
class CustomerAdmin(RecordAdmin):
    """Found by id: what is searched here stands in the address, where no name belongs."""

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
class IdentifierAdmin(AboutCustomerAdmin):
    """Masked, as everywhere; a number is revealed on the customer's page, for a reason."""

    list_display = ("masked", "kind", "country", "customer", "added_at")
    list_filter = ("kind",)
    exclude = ("ciphertext", "index")


@admin.register(ContactPoint)
class ContactPointAdmin(AboutCustomerAdmin):
    list_display = ("value", "kind", "customer", "valid_from", "valid_to")


@admin.register(Address)
class AddressAdmin(AboutCustomerAdmin):
    list_display = ("line1", "city", "country", "customer", "valid_to")


@admin.register(ConsentEntry)
class ConsentEntryAdmin(AboutCustomerAdmin):
    list_display = ("customer", "purpose", "channel", "decision", "at", "recorded_by")
    list_filter = ("purpose", "channel", "decision")


@admin.register(ConsentWording)
class ConsentWordingAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_wordings)
    list_display = ("purpose", "code", "state", "origin", "in_force_from", "in_force_until")
    list_filter = ("purpose", "state", "origin")


@admin.register(RobinsonList)
class RobinsonListAdmin(ReadOnlyAdmin):
    list_display = ("listed_on", "people", "customers", "added", "removed", "applied_at")


@admin.register(RobinsonMark)
class RobinsonMarkAdmin(AboutCustomerAdmin):
    list_display = ("customer", "list")
    list_filter = ("list",)


@admin.register(CustomerInsight)
class CustomerInsightAdmin(AboutCustomerAdmin):
    list_display = ("customer", "churn_probability", "churn_band", "value", "updated_at")
    list_filter = ("churn_band",)


@admin.register(SourceRecord)
class SourceRecordAdmin(AboutCustomerAdmin):
    list_display = ("system", "external_id", "customer", "seen_at")
    list_filter = ("system",)
    exclude = ("digest", "ciphertext")


@admin.register(Relation)
class RelationAdmin(AboutCustomerAdmin):
    """Both ends are within the reach of whoever looks."""

    list_display = ("customer", "kind", "other", "share", "votes", "valid_from", "valid_to")
    list_filter = ("kind",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        far = selectors.reach_q(actor=cast("User", request.user), prefix="other__")
        return super().get_queryset(request).filter(far)


@admin.register(LawSet)
class LawSetAdmin(ReadOnlyAdmin):
    """A version never changes; a new one comes from its file."""

    list_display = ("code", "number", "name_en", "in_force_from", "in_force_to", "loaded_at")
    list_filter = ("code",)


@admin.register(CustomerSearch)
class CustomerSearchAdmin(ReadOnlyAdmin):
    list_display = ("id", "at")
    exclude = ("ciphertext",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(user=request.user.pk)


@admin.register(ImportMapping)
class ImportMappingAdmin(HistoryAdmin):
    list_display = ("name",)
    search_fields = ("name",)


@admin.register(SourceSystem)
class SourceSystemAdmin(HistoryAdmin):
    list_display = ("name", "code")
    search_fields = ("name", "code")
    readonly_fields = ("code",)


@admin.register(SurvivorshipRules)
class SurvivorshipRulesAdmin(RecordAdmin):
    selector = staticmethod(golden.visible_rules)
    list_display = ("number", "note", "state", "created_at")
    list_filter = ("state",)


@admin.register(DuplicatePair)
class DuplicatePairAdmin(RecordAdmin):
    selector = staticmethod(duplicates.visible_pairs)
    list_display = ("first", "second", "score", "state", "decided_by", "decided_at")
    list_filter = ("state",)
    list_select_related = ("first", "second", "decided_by")


@admin.register(CustomerMerge)
class CustomerMergeAdmin(RecordAdmin):
    """Undone on its page, where it says what stays."""

    selector = staticmethod(duplicates.visible_merges)
    list_display = ("absorbed", "survivor", "merged_by", "merged_at", "undone_at")
    list_select_related = ("absorbed", "survivor", "merged_by")
    # What moved and stayed may tell of compliance work; the page shows it by permission.
    exclude = ("ciphertext", "fields", "moved", "stayed")


@admin.register(MergeRow)
class MergeRowAdmin(ReadOnlyAdmin):
    list_display = ("merge", "side", "model")
    list_filter = ("side",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        merges = duplicates.visible_merges(actor=cast("User", request.user))
        return super().get_queryset(request).filter(merge__in=merges)


@admin.register(MatchKey)
class MatchKeyAdmin(AboutCustomerAdmin):
    list_display = ("customer", "kind")
    list_filter = ("kind",)
    exclude = ("key",)


@admin.register(Transaction)
class TransactionAdmin(AboutCustomerAdmin):
    list_display = ("booked_on", "amount", "currency", "kind", "customer", "source")
    list_filter = ("kind",)
    exclude = ("counterparty_index",)


@admin.register(TransactionBatch)
class TransactionBatchAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_transaction_batches)
    list_display = ("created_at", "route", "source", "file_name", "added", "parked", "refused")
    list_filter = ("route",)


@admin.register(ParkedTransaction)
class ParkedTransactionAdmin(ReadOnlyAdmin):
    list_display = ("account", "booked_on", "reason", "source", "parked_at")
    list_filter = ("reason",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return selectors.visible_parked(actor=cast("User", request.user))


@admin.register(OtherBank)
class OtherBankAdmin(RecordAdmin):
    list_display = ("name", "code", "country", "address", "is_open")


@admin.register(AccountConsent)
class AccountConsentAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_account_consents)
    list_display = ("bank", "customer", "state", "asked_on", "valid_until", "fetched_at")
    list_filter = ("state", "bank")


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_documents)
    list_display = ("kind", "customer", "state", "uploaded_at", "expires_on")
    list_filter = ("state", "kind")
    exclude = ("file", "digest")


@admin.register(OtherAccount)
class OtherAccountAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_other_accounts)
    list_display = ("bank", "masked", "customer", "balance", "currency", "balance_on")
    exclude = ("index",)


@admin.register(SignIn)
class SignInAdmin(AboutCustomerAdmin):
    list_display = ("at", "customer", "outcome", "assurance", "provider")
    list_filter = ("outcome", "assurance")
