"""Accounts that customers have with other banks, read under a consent of its own."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from customers.account_lifecycle import MAX_DAYS, AccountConsentLifecycle, ConsentState
from customers.models.party import Customer
from customers.openbanking.addresses import check_address


class AccountScope(models.TextChoices):
    """What a consent covers (Berlin Group: the members of `access`)."""

    ACCOUNTS = "accounts", _("Accounts")
    BALANCES = "balances", _("Balances")
    TRANSACTIONS = "transactions", _("Transactions")


class OtherBank(Record):
    """Another bank whose account interface is read (Berlin Group NextGenPSD2, AIS)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    country = models.CharField(_("country"), max_length=2, default="DK")
    address = models.URLField(
        _("address of its interface"),
        max_length=300,
        validators=[check_address],
        help_text=_("Up to but without /v1, such as https://psd2.example.com"),
    )
    is_open = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("other bank")
        verbose_name_plural = _("other banks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AccountConsent(AccountConsentLifecycle, Record):
    """
    A customer's leave to read accounts at another bank, until a day or until withdrawn.

    What there is to tell or ask that bank is due at `call_at`; a worker that takes it leases
    it, talks without holding a lock, and writes what it heard.
    """

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="account_consents", verbose_name=_("customer")
    )
    bank = models.ForeignKey(
        OtherBank, models.PROTECT, related_name="consents", verbose_name=_("bank")
    )
    scopes = ArrayField(
        models.CharField(max_length=12, choices=AccountScope.choices), verbose_name=_("covers")
    )
    asked_on = models.DateField(_("asked on"))
    valid_until = models.DateField(_("valid until"))
    frequency_per_day = models.PositiveSmallIntegerField(
        _("readings a day"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    external_id = models.CharField(_("id at the bank"), max_length=120, blank=True)
    authorise_url = models.CharField(max_length=500, blank=True)
    ended_by = models.CharField(
        _("ended by"),
        max_length=8,
        choices=[("customer", _("Customer")), ("us", _("Our bank")), ("them", _("The other bank"))],
        blank=True,
    )
    state_since = models.DateTimeField(_("in this state since"), editable=False)
    told_at = models.DateTimeField(_("the other bank was told"), null=True, blank=True)
    fetched_at = models.DateTimeField(_("last read"), null=True, blank=True)
    call_at = models.DateTimeField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("account consent")
        verbose_name_plural = _("account consents")
        constraints = [
            models.CheckConstraint(
                name="account_consent_ends",
                condition=Q(
                    valid_until__lte=ExpressionWrapper(
                        F("asked_on") + MAX_DAYS, output_field=models.DateField()
                    )
                ),
                violation_error_message=_("A consent lasts 180 days at most."),
            )
        ]
        indexes = [
            models.Index(
                fields=["call_at"], name="account_consent_due", condition=Q(call_at__isnull=False)
            )
        ]
        triggers = [
            state_trigger(AccountConsentLifecycle, initial={ConsentState.RECEIVED}),
        ]

    def __str__(self) -> str:
        return f"{self.bank}"


class OtherAccount(Record):
    """An account of the customer at another bank, as that bank last told."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="other_accounts")
    bank = models.ForeignKey(OtherBank, models.PROTECT, related_name="accounts")
    consent = models.ForeignKey(AccountConsent, models.PROTECT, related_name="accounts")
    resource_id = models.CharField(_("id at the bank"), max_length=120)
    masked = models.CharField(_("account"), max_length=40)
    index = models.BinaryField(max_length=32, editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    balance = models.DecimalField(
        _("balance"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    balance_on = models.DateField(_("balance as of"), null=True, blank=True)
    read_to = models.DateField(_("read up to"), null=True, blank=True)

    class Meta:
        verbose_name = _("account with another bank")
        verbose_name_plural = _("accounts with other banks")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "bank", "index", "currency"], name="other_account_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.masked}"
