"""Applications and their tasks."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from onboarding.lifecycle import CLOSED_STATES, ApplicationLifecycle, ApplicationState
from onboarding.models.templates import ApplicationTemplate
from onboarding.refusals import Ground


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
    # Told to the customer when it is declined; what the bank notes for itself is the event's reason.
    refusal_ground = models.CharField(
        _("ground of refusal"), max_length=16, choices=Ground.choices, blank=True, editable=False
    )
    refusal_words = models.CharField(
        _("said to the customer"), max_length=1000, blank=True, editable=False
    )

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
    # What the template's conditions leave out now; answers given before are kept.
    applies = models.BooleanField(_("asked"), default=True)
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
