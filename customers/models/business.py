"""What the customer has with the bank: catalogue, holdings, offers."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from customers.lifecycle import OfferLifecycle, OfferState
from customers.models.party import Customer, PartyKind


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
    currency = models.CharField(_("currency"), max_length=3, default="DKK")
    price_per_year = models.DecimalField(
        _("price a year"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    margin_per_year = models.DecimalField(
        _("margin a year"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    channels = ArrayField(
        models.CharField(max_length=20), verbose_name=_("channels"), default=list, blank=True
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_da if (get_language() or "").startswith("da") else self.name_en


class Holding(Record):
    """A product that a customer has: account, card, loan, …; balances are what core banking last told."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="holdings")
    product = models.ForeignKey(Product, models.PROTECT, related_name="holdings")
    reference = models.CharField(_("reference"), max_length=60)
    opened_on = models.DateField(_("opened on"))
    matures_on = models.DateField(_("matures on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="DKK")
    balance = models.DecimalField(_("balance"), max_digits=16, decimal_places=2, default=Decimal(0))
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
            )
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
