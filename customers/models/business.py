"""What the customer has with the bank: catalogue, holdings, offers."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from customers.lifecycle import OfferLifecycle, OfferState
from customers.models.party import Customer, PartyKind


class SalesChannel(models.TextChoices):
    """Where a product can be had."""

    BRANCH = "branch", _("Branch")
    PHONE = "phone", _("Phone")
    ONLINE = "online", _("Netbank")
    APP = "app", _("App")
    PARTNER = "partner", _("Partner")


class ProductDocument(models.TextChoices):
    """What the customer hands in or signs for a product."""

    AGREEMENT = "agreement", _("Signed agreement")
    IDENTITY = "identity", _("Proof of identity")
    PAYSLIP = "payslip", _("Payslips")
    TAX_STATEMENT = "tax-statement", _("Tax statement")
    BUDGET = "budget", _("Budget")
    DEED = "deed", _("Deed")
    ACCOUNTS = "accounts", _("Annual accounts")
    SUITABILITY = "suitability", _("Suitability test")


def _in_danish() -> bool:
    return (get_language() or "").startswith("da")


@tracked(table="customers_product")
class Product(Record):
    """One entry of the catalogue that holdings and offers refer to."""

    class Category(models.TextChoices):
        ACCOUNT = "account", _("Account")
        CARD = "card", _("Card")
        LOAN = "loan", _("Loan")
        MORTGAGE = "mortgage", _("Mortgage")
        DEPOSIT = "deposit", _("Deposit")
        INVESTMENT = "investment", _("Investment")
        INSURANCE = "insurance", _("Insurance")
        PENSION = "pension", _("Pension")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_da = models.CharField(_("name in Danish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    customer_kinds = ArrayField(
        models.CharField(max_length=12, choices=PartyKind.choices),
        verbose_name=_("for"),
        default=list,
        blank=True,
    )
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("maximum age"), null=True, blank=True)
    countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("for residents of"),
        default=list,
        blank=True,
        help_text=_("Two letters each; none means everywhere."),
    )
    description_da = models.TextField(_("description in Danish"), max_length=1000, blank=True)
    description_en = models.TextField(_("description in English"), max_length=1000, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="DKK")
    price_per_year = models.DecimalField(
        _("price a year"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    margin_per_year = models.DecimalField(
        _("margin a year"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    channels = ArrayField(
        models.CharField(max_length=20, choices=SalesChannel.choices),
        verbose_name=_("channels"),
        default=list,
        blank=True,
    )
    documents = ArrayField(
        models.CharField(max_length=20, choices=ProductDocument.choices),
        verbose_name=_("documents"),
        default=list,
        blank=True,
        help_text=_("What has to be there before the customer can have it."),
    )
    term_months = models.PositiveSmallIntegerField(
        _("term in months"), null=True, blank=True, help_text=_("Empty: it runs on without end.")
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days before maturity to prepare renewal"), default=60
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="product_period",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("A product cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="product_ages",
                condition=Q(minimum_age__isnull=True)
                | Q(maximum_age__isnull=True)
                | Q(maximum_age__gte=F("minimum_age")),
                violation_error_message=_("The maximum age lies below the minimum age."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_da if _in_danish() else self.name_en

    @property
    def description(self) -> str:
        """The description in the reader's language."""
        return self.description_da if _in_danish() else self.description_en

    @property
    def kind_labels(self) -> list[str]:
        """Whom it is for, in the reader's language."""
        return [str(PartyKind(one).label) for one in self.customer_kinds]

    @property
    def document_labels(self) -> list[str]:
        """The documents in the reader's language."""
        known = {value: str(label) for value, label in ProductDocument.choices}
        return [known.get(one, one) for one in self.documents]


class Holding(Record):
    """A product that a customer has: account, card, loan, …; balances are what core banking last told."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="holdings")
    product = models.ForeignKey(Product, models.PROTECT, related_name="holdings")
    reference = models.CharField(_("reference"), max_length=60)
    opened_on = models.DateField(_("opened on"))
    matures_on = models.DateField(_("matures on"), null=True, blank=True)
    renewed_on = models.DateField(_("renewed on"), null=True, blank=True, editable=False)
    # The maturity that somebody has been given a task about; a renewal makes it another one.
    reminded_for = models.DateField(null=True, blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="DKK")
    balance = models.DecimalField(_("balance"), max_digits=16, decimal_places=2, default=Decimal(0))
    balance_on = models.DateField(_("balance as of"), null=True, blank=True, editable=False)
    income_per_year = models.DecimalField(
        _("income a year"), max_digits=14, decimal_places=2, default=Decimal(0)
    )

    class Meta:
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="holding_reference_once"),
            models.CheckConstraint(
                name="holding_period",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("A holding cannot close before it opens."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer"], name="holding_open", condition=Q(closed_on__isnull=True)
            ),
            models.Index(
                fields=["matures_on"],
                name="holding_maturing",
                condition=Q(closed_on__isnull=True, matures_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.reference}"


class Offer(OfferLifecycle, Record):
    """Something offered to one customer, from the catalogue or as a gesture, and what came of it."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="offers")
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="offers", null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=40)
    text = models.TextField(_("text"), max_length=2000)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, default=Decimal(0))
    currency = models.CharField(_("currency"), max_length=3, default="DKK")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given at"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        permissions = [("make_offer", _("Can make an offer"))]
        indexes = [models.Index(fields=["customer", "-given_at"], name="offer_of_customer")]
        triggers = [state_trigger(OfferLifecycle, field="state", initial={OfferState.OFFERED})]

    def __str__(self) -> str:
        return self.text
