"""The welcome plan of a new customer, and its messages."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from clm.core.models import Record
from onboarding.models.applications import Application

#: What a new customer does for the first time, and the field that says when.
MILESTONES = {
    "login": _("First login"),
    "payment": _("First payment"),
    "salary": _("Salary in"),
    "card": _("Card in use"),
}


class WelcomePlan(Record):
    """What follows an activation: messages, and what the customer does for the first time."""

    application = models.OneToOneField(
        Application,
        verbose_name=_("application"),
        on_delete=models.CASCADE,
        related_name="welcome",
    )
    begun_at = models.DateTimeField(_("begun"))
    login_at = models.DateTimeField(_("first login"), null=True, blank=True)
    payment_at = models.DateTimeField(_("first payment"), null=True, blank=True)
    salary_at = models.DateTimeField(_("salary in"), null=True, blank=True)
    card_at = models.DateTimeField(_("card in use"), null=True, blank=True)

    class Meta:
        verbose_name = _("welcome plan")
        verbose_name_plural = _("welcome plans")
        indexes = [models.Index(fields=["begun_at"], name="welcome_begun")]

    def __str__(self) -> str:
        return str(self.application)

    def reached(self, milestone: str) -> Any:
        """When, or None."""
        return getattr(self, f"{milestone}_at") if milestone in MILESTONES else None


class Sending(models.TextChoices):
    WAITING = "waiting", _("To come")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Not needed or not allowed")
    FAILED = "failed", _("Could not be sent")


class WelcomeMessage(models.Model):
    """
    One message of a plan, from the day it is made until it is sent or not.

    Neither its words nor an address stand here: both are looked up when it goes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(
        WelcomePlan,
        verbose_name=_("welcome plan"),
        on_delete=models.CASCADE,
        related_name="messages",
    )
    step = models.CharField(_("step"), max_length=40)
    sending = models.CharField(
        _("sending"), max_length=8, choices=Sending.choices, default=Sending.WAITING
    )
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    channel = models.CharField(_("channel"), max_length=8, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    note = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("message of a welcome plan")
        verbose_name_plural = _("messages of welcome plans")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "step"], name="welcome_message_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="welcome_message_due", condition=Q(sending="waiting")
            )
        ]

    def __str__(self) -> str:
        return self.step
