"""What customers asked a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.models import Record
from onboarding.models.applications import Application


class CustomerQuestion(Record):
    """
    What a customer asks a person of the bank by their link, and what they were answered.

    Both texts are personal: they stand here alone and go with the customer's file.
    """

    application = models.ForeignKey(
        Application,
        verbose_name=_("application"),
        on_delete=models.CASCADE,
        related_name="questions",
    )
    text = models.TextField(_("question"), max_length=500)
    due_at = models.DateTimeField(_("due"))
    task = models.ForeignKey(
        "core.Task",
        verbose_name=_("task"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    reply = models.TextField(_("answer"), max_length=2000, blank=True)
    replied_at = models.DateTimeField(_("answered"), null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("question of a customer")
        verbose_name_plural = _("questions of customers")
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"], name="question_open", condition=Q(replied_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} · {self.application}"
