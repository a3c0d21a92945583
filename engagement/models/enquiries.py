"""What customers ask and complain of, and the correspondence about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.ids import uuid7
from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from engagement.lifecycle import EnquiryLifecycle, EnquiryState
from engagement.models.interactions import Channel


class Kind(models.TextChoices):
    QUESTION = "question", _("Question")
    COMPLAINT = "complaint", _("Complaint")


class Priority(models.TextChoices):
    HIGH = "high", _("High")
    NORMAL = "normal", _("Normal")
    LOW = "low", _("Low")


class Tier(models.TextChoices):
    """How much a customer has with the bank, and for how long; it shortens the clock."""

    GOLD = "gold", _("Gold")
    SILVER = "silver", _("Silver")
    STANDARD = "standard", _("Standard")


class RootCause(models.TextChoices):
    """What was behind a complaint; each is a touchpoint of its own."""

    FEE = "fee", _("Price and fees")
    WAITING = "waiting", _("Waiting time")
    MISTAKE = "mistake", _("A mistake of ours")
    INFORMATION = "information", _("Unclear information")
    CONDUCT = "conduct", _("How we met the customer")
    DIGITAL = "digital", _("App and netbank")
    PRODUCT = "product", _("Terms of the product")
    UNFOUNDED = "unfounded", _("No fault was found")


@tracked(table="engagement_enquiry", silent=["state", "state_since"])
class Enquiry(Record, EnquiryLifecycle):
    """
    One thing that a customer wants an answer to.

    `subject` and the messages are the customer's words: kept off events, erased with them.
    """

    customer = models.ForeignKey(
        "customers.Customer",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="enquiries",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    priority = models.CharField(
        _("priority"), max_length=6, choices=Priority.choices, default=Priority.NORMAL
    )
    tier = models.CharField(
        _("tier"), max_length=8, choices=Tier.choices, default=Tier.STANDARD, editable=False
    )
    subject = models.CharField(_("subject"), max_length=120)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    root_cause = models.CharField(
        _("root cause"), max_length=12, choices=RootCause.choices, blank=True
    )
    due_at = models.DateTimeField(_("due"))
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        permissions = [("handle_complaint", _("Can handle complaints"))]
        indexes = [
            models.Index(fields=["customer", "-created_at"], name="enquiry_of_customer"),
            models.Index(
                fields=["due_at", "id"],
                name="enquiry_queue",
                condition=~Q(state__in=["ANSWERED", "CLOSED"]),
            ),
            models.Index(fields=["assignee", "state"], name="enquiry_assignee"),
        ]
        triggers = [state_trigger(EnquiryLifecycle, initial={EnquiryState.NEW})]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.customer}"

    @property
    def is_complaint(self) -> bool:
        return self.kind == Kind.COMPLAINT


class Said(models.TextChoices):
    """What a message of the correspondence is."""

    CUSTOMER = "customer", _("The customer wrote")
    QUESTION = "question", _("The bank asked")
    ANSWER = "answer", _("The bank answered")


class EnquiryMessage(models.Model):
    """One message of the correspondence; written once, and blanked when the customer is erased."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enquiry = models.ForeignKey(
        Enquiry, verbose_name=_("enquiry"), on_delete=models.CASCADE, related_name="messages"
    )
    said = models.CharField(_("what it is"), max_length=8, choices=Said.choices)
    text = models.TextField(_("text"), max_length=4000)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("message of an enquiry")
        verbose_name_plural = _("messages of enquiries")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["enquiry", "at"], name="enquiry_message")]

    def __str__(self) -> str:
        return str(self.get_said_display())
