"""Transactions, and accounts at other banks, over the API."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core.api.operations import ACCEPTED
from clm.core.api.parsers import too_large
from clm.core.api.preconditions import expected_version
from clm.core.api.serializers import (
    MoneyField,
    RecordSerializer,
    ReferenceField,
    StrictFieldsMixin,
    StrictSerializer,
)
from clm.core.api.views import ReadingViewSet, RecordViewSet
from customers import selectors, services
from customers.account_lifecycle import MAX_DAYS
from customers.models import (
    AccountConsent,
    AccountScope,
    OtherAccount,
    OtherBank,
    ParkedTransaction,
    Transaction,
)
from customers.transactions.rows import MEMBERS, Fault, NewTransaction, understand

MOST = 10_000
MAX_UPLOAD = 20 * 1024 * 1024


class TransactionSerializer(StrictFieldsMixin, serializers.ModelSerializer[Any]):
    """A booking; money in is positive. The counterparty's account is masked."""

    amount = MoneyField(amount="amount")

    class Meta:
        model = Transaction
        fields = (
            "id", "customer", "holding", "other_account", "booked_on", "valued_on", "amount",
            "kind", "text", "counterparty_name", "counterparty_account", "counterparty_country",
            "source", "external_id", "batch",
        )  # fmt: skip
        read_only_fields = fields


class NewTransactionSerializer(StrictSerializer):
    """One transaction; `id` is what its source calls it, `account` a holding's reference or id."""

    id = serializers.CharField(max_length=200)
    account = serializers.CharField(max_length=60)
    booked_on = serializers.DateField()
    valued_on = serializers.DateField(required=False)
    amount = MoneyField(amount="amount")
    kind = serializers.CharField(required=False)
    text = serializers.CharField(max_length=500, required=False, allow_blank=True)
    counterparty_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    counterparty_account = serializers.CharField(max_length=60, required=False, allow_blank=True)
    counterparty_country = serializers.CharField(max_length=2, required=False, allow_blank=True)


class TransactionBatchSerializer(StrictSerializer):
    """Up to 10,000 transactions."""

    transactions = serializers.ListField(
        child=serializers.JSONField(), min_length=1, max_length=MOST
    )


class _DocumentedBatchSerializer(serializers.Serializer[Any]):
    transactions = NewTransactionSerializer(many=True)


class RefusedItemSerializer(StrictSerializer):
    """A transaction that did not go in: its place in the batch, the member, and why."""

    index = serializers.IntegerField()
    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ParkedItemSerializer(StrictSerializer):
    index = serializers.IntegerField()
    reason = serializers.CharField()


class BatchOutcomeSerializer(StrictSerializer):
    """What became of a batch; without anything new `batch` is null."""

    batch = serializers.UUIDField(allow_null=True)
    added = serializers.IntegerField()
    known = serializers.IntegerField()
    parked = ParkedItemSerializer(many=True)
    refused = RefusedItemSerializer(many=True)


class TransactionFileSerializer(StrictSerializer):
    """A file of transactions, as a form upload."""

    file = serializers.FileField()
    source = serializers.CharField(max_length=60)  # type: ignore[assignment]
    format = serializers.ChoiceField(choices=["csv", "camt053"], required=False, default="")


class TransactionViewSet(ReadingViewSet):
    """Transactions of the customers within reach; sent in batches, and the same one twice is no change."""

    serializer_class = TransactionSerializer
    selector = staticmethod(selectors.visible_transactions)
    scopes = {"read": "transactions:read", "write": "transactions:write"}
    # A file adds as a batch does: an action of its own is no change of something there is.
    permissions = {"write": "customers.add_transaction"}
    filters = {
        "customer": "customer_id",
        "holding": "holding_id",
        "other_account": "other_account_id",
        "kind": "kind",
        "booked_from": "booked_on__gte",
        "booked_to": "booked_on__lte",
    }
    ordering_fields = ("booked_on",)
    ordering = "-booked_on"
    http_method_names = ["get", "head", "post"]

    def get_object(self) -> Any:
        found = selectors.transaction_named(actor=self.actor, pk=self.kwargs["pk"])
        if found is None:
            raise Http404
        return found

    @extend_schema(request=_DocumentedBatchSerializer, responses={200: BatchOutcomeSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take in a batch; each transaction that cannot be used is named by its place, the rest is kept."""
        body = TransactionBatchSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        rows: list[NewTransaction] = []
        faults: list[Fault] = []
        for index, given in enumerate(body.validated_data["transactions"]):
            found = _understood(given, index)
            if isinstance(found, Fault):
                faults.append(found)
            else:
                rows.append(found)
        outcome, batch = services.receive_batch(
            rows=rows,
            source=f"api:{self.actor.username}"[:120],
            refused=len(faults),
            actor=self.actor,
            at=self.at,
        )
        faults = sorted(faults + outcome.faults, key=lambda one: one.place)
        answer = {
            "batch": str(batch.pk) if batch else None,
            "added": outcome.added,
            "known": outcome.known,
            "parked": [
                {"index": place, "reason": reason}
                for place, reason in sorted(outcome.parked.items())
            ],
            "refused": [
                {
                    "index": one.place,
                    "pointer": f"/transactions/{one.place}/{one.member}".rstrip("/"),
                    "code": one.code,
                    "detail": one.sentence,
                }
                for one in faults
            ],
        }
        return Response(answer)

    @extend_schema(request={"multipart/form-data": TransactionFileSerializer}, responses=ACCEPTED)
    @action(detail=False, methods=["post"], url_path="import", parser_classes=[MultiPartParser])
    def import_file(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take in a file as a job: a table (CSV, XLSX, JSON Lines) or account statements (camt.053)."""
        body = TransactionFileSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        upload = body.validated_data["file"]
        if upload.size > MAX_UPLOAD:
            raise too_large()
        job = services.start_transaction_import(
            file=upload.file,
            file_name=upload.name,
            source=body.validated_data["source"],
            form=body.validated_data["format"],
            actor=self.actor,
            at=self.at,
        )
        return self.accepted(job)


def _understood(given: Any, index: int) -> NewTransaction | Fault:
    """One item of a batch; money is given with its currency, as everywhere in the API."""
    if not isinstance(given, dict):
        return Fault(index, "", "invalid", _("This must be an object."))
    amount = given.get("amount")
    if not isinstance(amount, dict) or amount.keys() != {"amount", "currency"}:
        return Fault(index, "amount", "invalid", _("An amount and its currency."))
    values = {**given, **amount}
    unknown = next((name for name in given if name not in MEMBERS or name == "currency"), None)
    if unknown is not None:
        return Fault(index, str(unknown)[:60], "unknown_field", _("There is no such field."))
    return understand(values=values, place=index)


class ParkedTransactionSerializer(StrictFieldsMixin, serializers.ModelSerializer[Any]):
    """A transaction that waits; what it says of people is sealed until it has found its account."""

    class Meta:
        model = ParkedTransaction
        fields = (
            "id", "source", "external_id", "reason", "account", "booked_on", "parked_at", "batch",
        )  # fmt: skip
        read_only_fields = fields


class ParkedTransactionViewSet(ReadingViewSet):
    """Transactions that wait for their holding or for somebody to look at their day."""

    serializer_class = ParkedTransactionSerializer
    selector = staticmethod(selectors.visible_parked)
    scopes = {"read": "transactions:read"}
    filters = ("reason", "account", "source")
    http_method_names = ["get", "head"]


class OtherBankSerializer(RecordSerializer):
    """A bank whose accounts can be read."""

    class Meta:
        model = OtherBank
        fields = ("id", "code", "name", "country", "is_open", "version")
        read_only_fields = fields


class OtherBankViewSet(ReadingViewSet):
    """Other banks whose account interface is read."""

    serializer_class = OtherBankSerializer
    selector = staticmethod(selectors.visible_banks)
    scopes = {"read": "account-consents:read"}
    permissions = {"read": "customers.view_accountconsent"}
    ordering_fields = ("name",)
    ordering = "name"
    http_method_names = ["get", "head"]


class AccountConsentSerializer(RecordSerializer):
    """A customer's leave to read accounts at another bank."""

    customer = ReferenceField(selector=selectors.visible_customers)
    bank = ReferenceField(selector=selectors.visible_banks)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=AccountScope.choices), required=False, max_length=3
    )
    days = serializers.IntegerField(
        min_value=1, max_value=MAX_DAYS, required=False, write_only=True, default=MAX_DAYS
    )

    class Meta:
        model = AccountConsent
        fields = (
            "id", "customer", "bank", "scopes", "days", "asked_on", "valid_until", "state",
            "ended_by", "authorise_url", "fetched_at", "trouble", "version", "created_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields = (
            "asked_on", "valid_until", "ended_by", "authorise_url", "fetched_at", "trouble",
        )  # fmt: skip


class RevokeSerializer(StrictSerializer):
    """Who withdraws a consent, and why."""

    by = serializers.ChoiceField(choices=["customer", "us"], required=False, default="customer")
    reason = serializers.CharField(max_length=2000)


class AccountConsentViewSet(RecordViewSet):
    """Consents to read customers' accounts at other banks; each ends within 180 days."""

    serializer_class = AccountConsentSerializer
    selector = staticmethod(selectors.visible_account_consents)
    scopes = {"read": "account-consents:read", "write": "account-consents:write"}
    permissions = {"read_now": "customers.add_accountconsent"}
    filters = {"customer": "customer_id", "bank": "bank_id", "state": "state"}
    transition_serializers = {"revoke": RevokeSerializer}
    versioned = ("read_now",)
    http_method_names = ["get", "head", "post"]

    def make(self, data: dict[str, Any]) -> AccountConsent:
        return services.ask_account_consent(**data, actor=self.actor, at=self.at)

    def take(self, record: Any, name: str, data: dict[str, Any], version: int | None) -> Any:
        if name != "revoke":
            return super().take(record, name, data, version)
        return services.revoke_account_consent(
            consent=record, **data, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(request=None, responses={200: AccountConsentSerializer})
    @action(detail=True, methods=["post"], url_path="read")
    def read_now(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Read the accounts now instead of at the next turn."""
        record = cast("AccountConsent", self.get_object())
        expected_version(request, record, self.tag)
        if not services.read_now(consent=record, at=self.at):
            raise ValidationError(_("This consent is not in force."))
        return self.shown(self.fresh(record))


class OtherAccountSerializer(RecordSerializer):
    """An account at another bank, as that bank last told."""

    balance = MoneyField(amount="balance")

    class Meta:
        model = OtherAccount
        fields = (
            "id", "customer", "bank", "consent", "masked", "name", "balance", "balance_on",
            "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class OtherAccountViewSet(ReadingViewSet):
    """Accounts that customers have with other banks, read under their consent."""

    serializer_class = OtherAccountSerializer
    selector = staticmethod(selectors.visible_other_accounts)
    scopes = {"read": "account-consents:read"}
    filters = {"customer": "customer_id", "bank": "bank_id"}
    http_method_names = ["get", "head"]
