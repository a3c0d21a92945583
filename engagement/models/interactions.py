"""What passed between the bank and a customer, conversation by conversation."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.models import Record


class Channel(models.TextChoices):
    PHONE = "phone", _("Telephone")
    MEETING = "meeting", _("Meeting in the branch")
    VIDEO = "video", _("Video meeting")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    APP = "app", _("Mobile or online bank")
    LETTER = "letter", _("Letter")


class Purpose(models.TextChoices):
    SERVICE = "service", _("Service")
    ADVICE = "advice", _("Advice")
    SALES = "sales", _("Offer")
    RETENTION = "retention", _("Keeping the customer")
    COMPLAINT = "complaint", _("Complaint")
    WELCOME = "welcome", _("Welcome")
    REVIEW = "review", _("Yearly review")


class Outcome(models.TextChoices):
    REACHED = "reached", _("Spoke with the customer")
    NOT_REACHED = "not_reached", _("Not reached")
    AGREED = "agreed", _("Agreed on something")
    DECLINED = "declined", _("Customer declined")
    FOLLOW_UP = "follow_up", _("To be followed up")
    RESOLVED = "resolved", _("Resolved")


class Sentiment(models.IntegerChoices):
    VERY_BAD = -2, _("Very unhappy (−2)")
    BAD = -1, _("Unhappy (−1)")
    NEUTRAL = 0, _("Neutral (0)")
    GOOD = 1, _("Happy (+1)")
    VERY_GOOD = 2, _("Very happy (+2)")


class Interaction(Record):
    """
    One contact with a customer.

    `text` holds what was said: personal, kept off the event and erased with the customer.
    """

    customer = models.ForeignKey(
        "customers.Customer",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="interactions",
    )
    at = models.DateTimeField(_("when"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    sentiment = models.SmallIntegerField(
        _("mood of the customer"),
        choices=Sentiment.choices,
        null=True,
        blank=True,
        validators=[MinValueValidator(-2), MaxValueValidator(2)],
    )
    text = models.TextField(_("what was said"), max_length=4000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        constraints = [
            models.CheckConstraint(
                name="interaction_sentiment_scale",
                condition=Q(sentiment__isnull=True) | Q(sentiment__range=(-2, 2)),
            )
        ]
        indexes = [
            models.Index(fields=["customer", "-at", "-id"], name="interaction_of_customer"),
            models.Index(fields=["-at", "-id"], name="interaction_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.get_outcome_display()}"

    @property
    def reached(self) -> bool:
        """Whether the customer was spoken with at all."""
        return self.outcome != Outcome.NOT_REACHED
