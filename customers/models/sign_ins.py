"""Who showed by e-identification that they are a customer, and how sure that is."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from customers.models.party import Customer


class SignIn(models.Model):
    """
    One coming or going at My page. Rows are added, never changed.

    Whom the bank does not know leaves a row without a customer: that somebody came is known,
    who it was is not kept. Only a merge moves a row, and only erasure takes the broker's name
    for the sign-in away.
    """

    class Outcome(models.TextChoices):
        IN = "in", _("Signed in")
        OUT = "out", _("Signed out")
        UNKNOWN = "unknown", _("Not a customer")

    class Assurance(models.TextChoices):
        LOW = "low", _("Low")
        SUBSTANTIAL = "substantial", _("Substantial")
        HIGH = "high", _("High")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        related_name="sign_ins",
        null=True,
        blank=True,
        verbose_name=_("customer"),
    )
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    assurance = models.CharField(_("assurance level"), max_length=12, choices=Assurance.choices)
    provider = models.CharField(_("identity provider"), max_length=200)
    transaction_id = models.CharField(_("transaction at the provider"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes = [models.Index(fields=["customer", "-at"], name="sign_in_latest")]
        triggers = [
            pgtrigger.Protect(
                name="sign_in_append_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["customer", "transaction_id"]),
            ),
            pgtrigger.Protect(
                name="sign_in_moved_by_merge_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.customer_id IS DISTINCT FROM NEW.customer_id"
                    " AND current_setting('clm.merging', true) IS DISTINCT FROM 'on'"
                ),
            ),
            pgtrigger.Protect(
                name="sign_in_forgets_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.transaction_id <> NEW.transaction_id AND NEW.transaction_id <> ''"
                ),
            ),
            pgtrigger.Protect(name="sign_in_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.at:%Y-%m-%d %H:%M}"
