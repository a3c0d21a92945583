"""How a customer comes to their application, and who they showed to be."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from onboarding.models.applications import Application


class ApplicationLink(models.Model):
    """
    A way in for the customer without signing in: one application, for a while, until taken back.

    Of the secret in its address only a digest under a key is kept: the bank cannot show it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.CASCADE, related_name="links"
    )
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last used"), null=True, blank=True)
    # Of which absence it was told that the customer stayed away.
    away_since = models.DateTimeField(null=True, blank=True, editable=False)
    consented_at = models.DateTimeField(_("consents answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("customer link")
        verbose_name_plural = _("customer links")

    def __str__(self) -> str:
        return str(self.application)


class ApplicationIdentity(models.Model):
    """
    That the customer, or a young person's guardian, showed who they are, by an electronic
    identity, for one application.

    The provider's own name of it is what a dispute is settled by; that, a guardian's name and the
    digest of their number go with an erasure and are otherwise never changed.
    """

    class Role(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        GUARDIAN = "guardian", _("Guardian")

    class Assurance(models.TextChoices):
        LOW = "low", _("Low")
        SUBSTANTIAL = "substantial", _("Substantial")
        HIGH = "high", _("High")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(
        Application,
        verbose_name=_("application"),
        on_delete=models.CASCADE,
        related_name="identities",
    )
    at = models.DateTimeField(_("at"))
    provider = models.CharField(_("identity provider"), max_length=200)
    assurance = models.CharField(_("assurance level"), max_length=12, choices=Assurance.choices)
    transaction_id = models.CharField(_("transaction at the provider"), max_length=100, blank=True)
    role = models.CharField(_("as whom"), max_length=8, choices=Role.choices, default=Role.CUSTOMER)
    name = models.CharField(_("name of the guardian"), max_length=200, blank=True)
    # Of a guardian: by it they are known if they are a customer; the number itself is not kept.
    number_index = models.BinaryField(max_length=32, null=True, editable=False)

    class Meta:
        verbose_name = _("proof of identity")
        verbose_name_plural = _("proofs of identity")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "provider", "transaction_id"],
                condition=~Q(transaction_id=""),
                name="application_identity_once",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="identity_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["transaction_id", "name", "number_index"]),
            ),
            pgtrigger.Protect(
                name="identity_forgets_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.transaction_id <> NEW.transaction_id AND NEW.transaction_id <> '')"
                    " OR (OLD.name <> NEW.name AND NEW.name <> '')"
                    " OR (OLD.number_index IS DISTINCT FROM NEW.number_index"
                    " AND NEW.number_index IS NOT NULL))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_assurance_display())
