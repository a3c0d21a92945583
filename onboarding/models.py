"""Application templates, applications and their tasks."""

import hashlib
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clm.core.canonical import canonical
from clm.core.history import tracked
from clm.core.ids import uuid7
from clm.core.lifecycle import RulesState, state_trigger
from clm.core.models import Record
from onboarding.blueprint import worded
from onboarding.kinds import TemplateKind
from onboarding.lifecycle import CLOSED_STATES, ApplicationLifecycle, ApplicationState
from onboarding.refusals import OUTCOMES, Ground
from onboarding.template_lifecycle import TemplateLifecycle


@tracked(table="onboarding_applicationtemplate", silent=["state"])
class ApplicationTemplate(TemplateLifecycle, Record):
    """
    What is asked of one kind of customer: steps -> tasks -> fields, as data; one version a kind is
    in force.

    What was in force once is never edited and never goes: applications stand on it. The shape of
    `data` is told in :mod:`onboarding.blueprint`. `simulation` is what its last trial on past
    applications found, with the digest of the content it was about.
    """

    class Origin(models.TextChoices):
        OWN = "own", _("Written by the bank")
        SHIPPED = "shipped", _("Came with the platform")

    kind = models.CharField(_("kind"), max_length=32, choices=TemplateKind.choices)
    number = models.PositiveIntegerField(_("version"))
    name = models.JSONField(_("name"))
    note = models.CharField(_("what changes and why"), max_length=300, blank=True)
    data = models.JSONField(_("content"))
    simulation = models.JSONField(_("trial"), default=dict, blank=True, editable=False)
    origin = models.CharField(
        _("origin"), max_length=7, choices=Origin.choices, default=Origin.OWN, editable=False
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("application template")
        verbose_name_plural = _("application templates")
        ordering = ["kind", "-number"]
        permissions = [
            ("approve_applicationtemplate", _("Can put an application template in force"))
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="template_number_once_a_kind"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state=RulesState.IN_FORCE),
                name="template_one_in_force",
            ),
            models.CheckConstraint(
                name="template_in_force_since",
                condition=Q(state__in=[RulesState.DRAFT, RulesState.PENDING])
                | Q(valid_from__isnull=False),
            ),
        ]
        triggers = [
            state_trigger(
                TemplateLifecycle,
                initial={RulesState.DRAFT, RulesState.IN_FORCE, RulesState.RETIRED},
            ),
            # What the bank writes itself takes the whole way, past a second person.
            pgtrigger.Protect(
                name="own_begins_as_draft",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.origin = 'own' AND NEW.state <> 'DRAFT'"),
            ),
            pgtrigger.Protect(
                name="template_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('PENDING', 'IN_FORCE', 'RETIRED') AND (OLD.kind, OLD.number,"
                    " OLD.name, OLD.data, OLD.simulation, OLD.origin)"
                    " IS DISTINCT FROM (NEW.kind, NEW.number, NEW.name, NEW.data,"
                    " NEW.simulation, NEW.origin)"
                ),
            ),
            pgtrigger.Protect(
                name="template_never_goes",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state IN ('IN_FORCE', 'RETIRED')"),
            ),
        ]

    def __str__(self) -> str:
        return f"{worded(self.name)} · {self.number}"

    @property
    def digest(self) -> str:
        """Stands for the content; another content has another."""
        return hashlib.sha256(canonical({"name": self.name, "data": self.data})).hexdigest()


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


class RefusalLetter(Record):
    """
    The letter that says no, as it was written; what the customer says against it, and the answer.

    `due_at` is the law's last moment for it, where there is one (a basic payment account).
    """

    application = models.OneToOneField(
        Application,
        verbose_name=_("application"),
        on_delete=models.CASCADE,
        related_name="refusal_letter",
    )
    ground = models.CharField(_("ground"), max_length=16, choices=Ground.choices, blank=True)
    text_da = models.TextField(_("in Danish"))
    text_en = models.TextField(_("in English"))
    written_at = models.DateTimeField(_("written"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    contest_until = models.DateTimeField(_("may be contested until"))
    contested_at = models.DateTimeField(_("contested"), null=True, blank=True)
    contest = models.TextField(_("what the customer says"), blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("looked at again by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    review_due_at = models.DateTimeField(_("to be answered by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=OUTCOMES, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    following = models.ForeignKey(
        Application,
        verbose_name=_("goes on as"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("letter of refusal")
        verbose_name_plural = _("letters of refusal")

    def __str__(self) -> str:
        return str(self.application)

    @property
    def text(self) -> str:
        """In the reader's language."""
        return self.text_da if (get_language() or "").startswith("da") else self.text_en

    @property
    def in_time(self) -> bool | None:
        """Whether it was written by the law's last moment; None where there is none."""
        return None if self.due_at is None else self.written_at <= self.due_at

    @property
    def is_contested(self) -> bool:
        """Whether somebody has to answer."""
        return self.contested_at is not None and self.answered_at is None


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
