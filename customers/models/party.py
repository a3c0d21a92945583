"""Who the customer is: names, contacts, addresses, identifiers."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.ids import uuid7
from clm.core.lifecycle import birth_trigger, state_trigger
from clm.core.models import Record
from customers.identification import IdentifierKind
from customers.lifecycle import CustomerLifecycle, Stage


class PartyKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class RiskLevel(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class CustomerManager(models.Manager["Customer"]):
    """Customers; a record that was merged into another is found through `Customer.everyone` only."""

    def get_queryset(self) -> "models.QuerySet[Customer]":
        return super().get_queryset().filter(merged_into__isnull=True)


@tracked(
    table="customers_customer",
    exclude=["search_text", "sort_key"],
    silent=["stage", "stage_since", "last_transaction_on"],
)
class Customer(CustomerLifecycle, Record):
    """
    A person or organisation the bank deals with, dealt with, or may deal with.

    With `merged_into` the record is a pointer: another record is this customer.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=PartyKind.choices)
    given_names = models.CharField(_("given names"), max_length=200, blank=True)
    family_name = models.CharField(_("family name"), max_length=200, blank=True)
    name = models.CharField(_("name of the organisation"), max_length=300, blank=True)
    display_name = models.CharField(_("name"), max_length=410)
    # Byte order is Danish order (customers.danish); a locale of the server would undo that.
    sort_key = models.CharField(max_length=900, db_collation="C", blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)

    born_on = models.DateField(_("born on"), null=True, blank=True)
    birth_place = models.CharField(_("birth place"), max_length=200, blank=True)
    nationalities = ArrayField(
        models.CharField(max_length=2), verbose_name=_("nationalities"), default=list, blank=True
    )
    residence_country = models.CharField(_("country of residence"), max_length=2, blank=True)
    tax_countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("tax residence"), default=list, blank=True
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("da", _("Danish")), ("en", _("English"))],
        default="da",
    )
    occupation = models.CharField(_("occupation"), max_length=200, blank=True)
    legal_form = models.CharField(_("legal form"), max_length=60, blank=True)

    stage_since = models.DateTimeField(_("in this stage since"), editable=False)
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("adviser"),
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # customer_by_adviser begins with it
    )
    branch = models.ForeignKey(
        "core.Branch",
        models.PROTECT,
        verbose_name=_("branch"),
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # customer_by_branch begins with it
    )
    segment = models.CharField(_("segment"), max_length=40, blank=True)
    risk_level = models.CharField(
        _("risk level"), max_length=6, choices=RiskLevel.choices, blank=True
    )
    kyc_cleared_at = models.DateTimeField(_("KYC cleared at"), null=True, blank=True)
    kyc_review_on = models.DateField(_("next KYC review"), null=True, blank=True)
    restriction = models.CharField(_("restriction"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)
    customer_since = models.DateField(_("customer since"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    retention_until = models.DateField(_("kept until"), null=True, blank=True)
    last_transaction_on = models.DateField(_("last transaction"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects: ClassVar[CustomerManager] = CustomerManager()
    everyone: ClassVar["models.Manager[Customer]"] = models.Manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [
            ("reveal_identifier", _("Can reveal an identifier")),
            ("import_customers", _("Can import customers")),
            ("export_customers", _("Can export customers")),
            ("give_access", _("Can give a customer access to their data")),
            ("view_restriction", _("Can see restrictions on customers")),
            ("restrict_customer", _("Can set a restriction on a customer")),
            ("merge_customer", _("Can merge two records of one customer")),
        ]
        constraints = [
            models.CheckConstraint(
                name="customer_has_a_name",
                condition=(
                    Q(stage=Stage.ERASED)
                    | (Q(kind="person") & ~Q(family_name="") & Q(name=""))
                    | (Q(kind="organisation") & ~Q(name="") & Q(family_name="", given_names=""))
                ),
                violation_error_message=_(
                    "A person needs a family name; an organisation needs a name and has no given names."
                ),
            ),
            models.CheckConstraint(
                name="customer_closed_has_retention_date",
                condition=~Q(stage=Stage.CLOSED)
                | (Q(closed_on__isnull=False) & Q(retention_until__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="customer_by_name"),
            models.Index(fields=["stage", "sort_key", "id"], name="customer_by_stage"),
            models.Index(fields=["adviser", "sort_key", "id"], name="customer_by_adviser"),
            models.Index(fields=["branch", "sort_key", "id"], name="customer_by_branch"),
            models.Index(
                fields=["retention_until"],
                name="customer_retention",
                condition=Q(retention_until__isnull=False),
            ),
            GinIndex(SearchVector("search_text", config="simple"), name="customer_words"),
        ]
        triggers = [
            state_trigger(CustomerLifecycle, field="stage", initial=None),
            birth_trigger(field="stage", initial={Stage.PROSPECT, Stage.UNADMITTED}),
            # What was merged away stands still until the merge is undone or the customer erased.
            pgtrigger.Protect(
                name="merged_is_still",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.merged_into_id IS NOT NULL AND NEW.merged_into_id IS NOT NULL"
                    " AND current_setting('clm.merging', true) IS DISTINCT FROM 'on'"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class _Part(models.Model):
    """A row that belongs to a customer's record; its changes are told on the customer's own chain."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


@tracked(table="customers_contactpoint")
class ContactPoint(_Part):
    """An e-mail address (lower case) or phone number (E.164) in its period of validity."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contact_points")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    value = models.CharField(_("value"), max_length=254)
    source = models.CharField(_("source"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "value"],
                condition=Q(valid_to__isnull=True),
                name="contact_point_once",
            ),
            models.CheckConstraint(
                name="contact_point_period",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["value"], name="contact_point_value")]

    def __str__(self) -> str:
        return self.value


@tracked(table="customers_address")
class Address(_Part):
    """A postal address in its period of validity."""

    class Kind(models.TextChoices):
        HOME = "home", _("Home")
        REGISTERED = "registered", _("Registered office")
        POSTAL = "postal", _("Postal")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="addresses")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.HOME)
    line1 = models.CharField(_("address"), max_length=200)
    line2 = models.CharField(_("address, second line"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, default="DK")
    source = models.CharField(_("source"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=Q(valid_to__isnull=True),
                name="address_one_of_a_kind",
            ),
            models.CheckConstraint(
                name="address_period",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.line1, f"{self.postal_code} {self.city}".strip()]))


@tracked(table="customers_identifier", exclude=["ciphertext", "index"])
class Identifier(_Part):
    """
    An identifier, encrypted, findable by its blind index and shown masked.

    Two customers never hold the same identifier: the bank would know one person twice.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="identifiers")
    kind = models.CharField(_("kind"), max_length=10, choices=IdentifierKind.choices)
    country = models.CharField(_("country"), max_length=2, blank=True)
    ciphertext = models.TextField(editable=False)
    index = models.BinaryField(max_length=32, editable=False)
    masked = models.CharField(_("number"), max_length=40)
    source = models.CharField(_("source"), max_length=60, blank=True)
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [
            # The index first, so that one is found by it alone, whatever its kind.
            models.UniqueConstraint(fields=["index", "kind", "country"], name="identifier_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.masked}"
