"""Money that moved: transactions, what keeps them unique, and those that have to wait."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from clm.core.models import Record
from customers.models.business import Holding
from customers.models.openbanking import OtherAccount
from customers.models.party import Customer


class TransactionKind(models.TextChoices):
    TRANSFER = "transfer", _("Transfer")
    CARD = "card", _("Card")
    DIRECT_DEBIT = "direct-debit", _("Direct debit")
    STANDING_ORDER = "standing-order", _("Standing order")
    SALARY = "salary", _("Salary")
    CASH = "cash", _("Cash")
    LOAN = "loan", _("Loan")
    SECURITIES = "securities", _("Securities")
    FEE = "fee", _("Fee")
    INTEREST = "interest", _("Interest")
    OTHER = "other", _("Other")


#: What the bank books by itself; it is no sign of life of the customer.
BY_THE_BANK = frozenset({TransactionKind.FEE.value, TransactionKind.INTEREST.value})


class TransactionBatch(Record):
    """One delivery of transactions: where it came from, and what became of its rows."""

    class Route(models.TextChoices):
        API = "api", _("API")
        CSV = "csv", _("CSV file")
        CAMT053 = "camt053", _("Account statement (camt.053)")
        OPEN_BANKING = "open-banking", _("Open banking")

    route = models.CharField(_("received by"), max_length=12, choices=Route.choices)
    source = models.CharField(_("source"), max_length=120)
    job = models.ForeignKey("core.Job", models.PROTECT, null=True, related_name="+", editable=False)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    added = models.PositiveIntegerField(_("added"), default=0)
    known = models.PositiveIntegerField(_("known before"), default=0)
    parked = models.PositiveIntegerField(_("parked"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)

    class Meta:
        verbose_name = _("transaction batch")
        verbose_name_plural = _("transaction batches")

    def __str__(self) -> str:
        return self.file_name or self.source


class Transaction(models.Model):
    """
    One booking on a holding, or on an account that the customer has with another bank.

    Partitioned by month on `booked_on`; the table is made in a migration by hand (Django cannot
    declare partitions), hence `managed`. Its id is derived from (source, external id). The
    amount is signed as the customer sees it: money in is positive.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    booked_on = models.DateField(_("booked on"))
    valued_on = models.DateField(_("value date"), null=True)
    customer = models.ForeignKey(
        Customer, models.DO_NOTHING, related_name="transactions", verbose_name=_("customer")
    )
    holding = models.ForeignKey(
        Holding,
        models.DO_NOTHING,
        null=True,
        related_name="transactions",
        verbose_name=_("holding"),
    )
    other_account = models.ForeignKey(
        OtherAccount,
        models.DO_NOTHING,
        null=True,
        related_name="transactions",
        verbose_name=_("account with another bank"),
    )
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    kind = models.CharField(_("kind"), max_length=16, choices=TransactionKind.choices)
    text = models.CharField(_("text"), max_length=500, blank=True)
    counterparty_name = models.CharField(_("counterparty"), max_length=200, blank=True)
    counterparty_account = models.CharField(_("counterparty’s account"), max_length=40, blank=True)
    # Equal accounts meet here although only their last digits are kept.
    counterparty_index = models.BinaryField(max_length=16, null=True, editable=False)
    counterparty_country = models.CharField(_("counterparty’s country"), max_length=2, blank=True)
    source = models.CharField(_("source"), max_length=120)
    external_id = models.CharField(_("id at the source"), max_length=200)
    batch = models.ForeignKey(
        TransactionBatch, models.DO_NOTHING, related_name="transactions", verbose_name=_("batch")
    )

    class Meta:
        managed = False
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount} {self.currency}"


class TransactionKey(models.Model):
    """
    Makes a transaction unique across partitions, and tells when another one has its id.

    A unique index on a partitioned table must contain the partition's column; the same
    transaction under a corrected date would slip through.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    booked_on = models.DateField()
    digest = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("transaction key")
        verbose_name_plural = _("transaction keys")

    def __str__(self) -> str:
        return str(self.pk)


class ParkedTransaction(models.Model):
    """A transaction that cannot go in yet: kept whole, seen by people, tried again."""

    class Reason(models.TextChoices):
        UNKNOWN_HOLDING = "unknown-holding", _("No holding has this reference")
        IMPLAUSIBLE_DATE = "implausible-date", _("The date is not plausible")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(
        TransactionBatch, models.PROTECT, related_name="waiting", verbose_name=_("batch")
    )
    source = models.CharField(_("source"), max_length=120)
    external_id = models.CharField(_("id at the source"), max_length=200)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    account = models.CharField(_("account"), max_length=60)
    booked_on = models.DateField(_("booked on"))
    # What the row says of people is sealed: it belongs to nobody whose page it would stand on.
    content = models.TextField(editable=False)
    parked_at = models.DateTimeField(_("parked at"))

    class Meta:
        verbose_name = _("parked transaction")
        verbose_name_plural = _("parked transactions")
        indexes = [
            models.Index(fields=["account"], name="parked_by_account"),
            models.Index(fields=["parked_at", "id"], name="parked_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
