"""A case is one look at one customer: its checks, hits and decisions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.ids import uuid7
from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from customers.models import Customer
from kyc.lifecycle import AT_WORK, CaseLifecycle, CaseState
from kyc.models.watchlists import Watchlist, WatchlistEntry


class Trigger(models.TextChoices):
    ONBOARDING = "onboarding", _("New customer")
    CUSTOMER_CHANGED = "customer_changed", _("Customer changed")
    LIST_CHANGED = "list_changed", _("List changed")
    REVIEW = "review", _("Review due")
    ALERT = "alert", _("Transaction alert")
    OWNERSHIP_CHANGED = "ownership_changed", _("Ownership changed")
    RULES_CHANGED = "rules_changed", _("Rules changed")
    REACTIVATED = "reactivated", _("Awake again")
    REGISTER_DISCREPANCY = "register_discrepancy", _("The register says otherwise")
    DOCUMENT_EXPIRY = "document_expiry", _("Identity document runs out")
    REQUEST = "request", _("Opened by hand")


class CheckResult(models.TextChoices):
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("To be looked at")


class HitState(models.TextChoices):
    OPEN = "open", _("Open")
    TRUE_MATCH = "true_match", _("The listed person")
    FALSE_MATCH = "false_match", _("Another person")


class ReasonCode(models.TextChoices):
    BORN = "born", _("Date of birth")
    NAME = "name", _("Name differs in what matters")
    COUNTRY = "country", _("Nationality or country")
    GENDER = "gender", _("Gender")
    IDENTIFIER = "identifier", _("Identity number")
    DOCUMENT = "document", _("Document seen")
    OTHER = "other", _("Other, see the comment")


@tracked(table="kyc_case", silent=["state", "state_since"])
class Case(CaseLifecycle, Record):
    """One look at one customer, from its trigger to a decision."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="kyc_cases"
    )
    trigger = models.CharField(_("opened because"), max_length=20, choices=Trigger.choices)
    # Whose event opened it: a reaction that runs twice opens one case.
    opening_event = models.UUIDField(unique=True, null=True, blank=True, editable=False)
    application_id = models.UUIDField(_("application"), null=True, blank=True, editable=False)
    # Which checks it asks, none meaning all, and what each trigger gave as its reason.
    asked = ArrayField(
        models.CharField(max_length=40), verbose_name=_("checks asked"), default=list, blank=True,
        editable=False,
    )  # fmt: skip
    because = models.JSONField(_("why"), default=list, blank=True, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("assigned to"), null=True,
        blank=True, related_name="+",
    )  # fmt: skip
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)
    # The round of checks; reopening and checking again begins the next.
    round = models.PositiveSmallIntegerField(_("round"), default=1, editable=False)
    top_score = models.DecimalField(
        _("highest score"), max_digits=5, decimal_places=4, null=True, blank=True, editable=False
    )
    risk = models.CharField(_("risk"), max_length=6, blank=True, editable=False)

    class Meta:
        verbose_name = _("KYC case")
        verbose_name_plural = _("KYC cases")
        permissions = [("assign_case", _("Can assign a case"))]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="case_queue",
                condition=Q(state__in=[*AT_WORK, CaseState.PENDING_APPROVAL]),
            ),
            models.Index(fields=["assignee", "due_at"], name="case_mine"),
        ]
        triggers = [state_trigger(CaseLifecycle, initial={CaseState.OPEN})]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_whole(self) -> bool:
        """Whether it asks every check, so that deciding it is a review of the customer."""
        return not self.asked

    @property
    def reference(self) -> str:
        """What people call it: the end of its id."""
        return f"KY-{self.pk.hex[-6:].upper()}"


@tracked(table="kyc_hit")
class Hit(Record):
    """
    A customer who may be a listed party; grouped by party, decided once.

    `facts_digest` stands for the facts compared. A party decided to be somebody else is not
    brought up again while that digest is the same; when it differs, `previous` says what was
    decided then.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="hits")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    watchlist = models.ForeignKey(Watchlist, models.PROTECT, related_name="+")
    entry = models.ForeignKey(WatchlistEntry, models.PROTECT, related_name="hits")
    name = models.CharField(_("listed name"), max_length=500)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=4)
    threshold = models.DecimalField(_("threshold"), max_digits=5, decimal_places=4)
    explanation = models.JSONField(_("explanation"))
    model = models.CharField(_("model"), max_length=20)
    facts_digest = models.CharField(max_length=64)
    facts = models.JSONField(_("facts compared"), default=dict)
    status = models.CharField(
        _("decision"), max_length=12, choices=HitState.choices, default=HitState.OPEN
    )
    reason_code = models.CharField(
        _("reason"), max_length=12, choices=ReasonCode.choices, blank=True
    )
    comment = models.TextField(_("comment"), blank=True, max_length=2000)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("screening hit")
        verbose_name_plural = _("screening hits")
        permissions = [("decide_hit", _("Can decide a hit"))]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "entry", "facts_digest"], name="hit_once_a_case"
            ),
            models.CheckConstraint(
                name="hit_decided_whole",
                condition=Q(status="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["customer", "entry"], name="hit_of_pair")]

    def __str__(self) -> str:
        return f"{self.name} ({self.score})"

    @property
    def points(self) -> int:
        return round(self.score * 100)


class Check(models.Model):
    """The result of one check in one round of a case."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="checks")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    kind = models.CharField(_("check"), max_length=40)
    round = models.PositiveSmallIntegerField(_("round"))
    result = models.CharField(_("result"), max_length=8, choices=CheckResult.choices)
    code = models.CharField(_("finding"), max_length=60, blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "round"], name="check_once_a_round")
        ]

    def __str__(self) -> str:
        return self.kind
