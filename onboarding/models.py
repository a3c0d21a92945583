"""Application templates, applications and their tasks."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.ids import uuid7
from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from onboarding.blueprint import worded
from onboarding.lifecycle import CLOSED_STATES, ApplicationLifecycle, ApplicationState


@tracked(table="onboarding_applicationtemplate")
class ApplicationTemplate(Record):
    """
    What is asked of one kind of customer: steps -> tasks -> fields, as data.

    A version that has been used is never edited; a change is the next number.
    The shape of `data` is told in :mod:`onboarding.blueprint`.
    """

    kind = models.CharField(_("kind"), max_length=32)
    number = models.PositiveIntegerField(_("version"))
    name = models.JSONField(_("name"))
    data = models.JSONField(_("content"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("application template")
        verbose_name_plural = _("application templates")
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="template_number_once_a_kind")
        ]

    def __str__(self) -> str:
        return f"{worded(self.name)} · {self.number}"


class KycOutcome(models.TextChoices):
    OPEN = "", _("Not decided")
    CLEARED = "cleared", _("Cleared")
    REJECTED = "rejected", _("Rejected")


@tracked(table="onboarding_application", silent=["state", "state_since"])
class Application(Record, ApplicationLifecycle):
    """One customer's request for one product."""

    customer = models.ForeignKey(
        "customers.Customer",
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="applications",
    )
    template = models.ForeignKey(
        ApplicationTemplate,
        verbose_name=_("template"),
        on_delete=models.PROTECT,
        related_name="applications",
    )
    product = models.ForeignKey(
        "customers.Product",
        verbose_name=_("product"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("officer"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)
    # The record whose event opened this one: opening twice for it finds the first.
    origin_id = models.UUIDField(_("origin"), null=True, blank=True, unique=True, editable=False)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    kyc_case_id = models.UUIDField(_("KYC case"), null=True, blank=True, editable=False)
    kyc_outcome = models.CharField(
        _("KYC"), max_length=8, choices=KycOutcome.choices, blank=True, default="", editable=False
    )
    straight_through = models.BooleanField(_("straight through"), default=False, editable=False)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [
            models.Index(fields=["state", "due_at"], name="application_queue"),
            models.Index(fields=["officer", "state"], name="application_officer"),
        ]
        permissions = [("assign_application", "Can take or assign an application")]
        triggers = [state_trigger(ApplicationLifecycle, initial={ApplicationState.DRAFT})]

    def __str__(self) -> str:
        return f"{self.customer} · {self.product or self.template}"

    @property
    def is_paused(self) -> bool:
        """Whether the deadline stands still, because the customer is asked."""
        return bool(self.state == ApplicationState.INFORMATION_REQUESTED)

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED_STATES


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
    That the customer showed who they are, by an electronic identity, for one application.

    The provider's own name of it is what a dispute is settled by; it goes with an erasure and is
    otherwise never changed.
    """

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
                condition=pgtrigger.AnyChange(exclude=["transaction_id"]),
            ),
            pgtrigger.Protect(
                name="identity_forgets_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.transaction_id <> NEW.transaction_id AND NEW.transaction_id <> ''"
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_assurance_display())


class TaskKind(models.TextChoices):
    ANSWERS = "answers", _("Answers by the customer")
    DOCUMENT = "document", _("Document from the customer")
    CHECK = "check", _("Check by the officer")


#: What is the customer's to do.
OF_THE_CUSTOMER = (TaskKind.ANSWERS, TaskKind.DOCUMENT)


@tracked(table="onboarding_applicationtask")
class ApplicationTask(Record):
    """
    One thing to be done for an application.

    Answers that belong to the shared record (name, birth, contacts, identifiers)
    are written there and not here; `answers` holds the rest and nothing secret.
    """

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.CASCADE, related_name="tasks"
    )
    step = models.CharField(_("step"), max_length=40)
    key = models.CharField(_("task"), max_length=40)
    kind = models.CharField(_("kind"), max_length=8, choices=TaskKind.choices)
    position = models.PositiveSmallIntegerField(_("position"))
    required = models.BooleanField(_("required"), default=True)
    answers: "models.JSONField[dict[str, Any]]" = models.JSONField(
        _("answers"), default=dict, blank=True
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)

    class Meta:
        verbose_name = _("application task")
        verbose_name_plural = _("application tasks")
        ordering = ["application", "position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="application_task_once")
        ]
        indexes = [
            models.Index(
                fields=["application"],
                name="application_task_open",
                condition=Q(done_at__isnull=True, required=True),
            )
        ]

    def __str__(self) -> str:
        return self.key
