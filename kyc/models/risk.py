"""How risk is rated: models as versioned data, each rating with its reasons, and gaps in files."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from clm.core.lifecycle import RulesState, state_trigger
from clm.core.models import Record
from customers.models import Customer
from kyc.rating.lifecycle import RiskModelLifecycle
from kyc.rating.policy import digest_of

RISK_LEVELS = [("low", _("Low")), ("medium", _("Medium")), ("high", _("High"))]


class RiskModel(RiskModelLifecycle, Record):
    """
    One version of how risk is rated and of what follows from it, as data; one is in force.

    `factors`: `[{"code", "points", "level"?, …parameters}]`; `levels`: `{"medium": points,
    "high": points}`; `diligence`: by level `{"kind", "years", "hours", "requirements"}`. What was
    in force once never changes and never goes: ratings point at it. `back_test` is what its last
    simulation on the whole portfolio found, with the digest of the content it was about.
    """

    class Origin(models.TextChoices):
        OWN = "own", _("Written by the bank")
        SHIPPED = "shipped", _("Came with the platform")

    number = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    note = models.CharField(_("what changes and why"), max_length=300, blank=True)
    factors = models.JSONField(_("factors"))
    levels = models.JSONField(_("levels"))
    diligence = models.JSONField(_("due diligence"), default=dict)
    back_test = models.JSONField(_("back-test"), default=dict, blank=True, editable=False)
    origin = models.CharField(
        _("origin"), max_length=7, choices=Origin.choices, default=Origin.OWN, editable=False
    )
    in_force_from = models.DateTimeField(_("in force from"), null=True, editable=False)
    in_force_until = models.DateTimeField(_("in force until"), null=True, editable=False)

    class Meta:
        verbose_name = _("risk model")
        verbose_name_plural = _("risk models")
        ordering = ["-number"]
        permissions = [("approve_riskmodel", _("Can put a risk model in force"))]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=RulesState.IN_FORCE),
                name="risk_model_one_in_force",
            ),
            models.CheckConstraint(
                name="risk_model_in_force_since",
                condition=Q(state__in=[RulesState.DRAFT, RulesState.PENDING])
                | Q(in_force_from__isnull=False),
            ),
            models.CheckConstraint(
                name="risk_model_period",
                condition=Q(in_force_until__isnull=True)
                | Q(in_force_until__gte=F("in_force_from")),
            ),
        ]
        triggers = [
            state_trigger(
                RiskModelLifecycle,
                initial={RulesState.DRAFT, RulesState.IN_FORCE, RulesState.RETIRED},
            ),
            # What the bank writes itself takes the whole way, past a second person.
            pgtrigger.Protect(
                name="own_begins_as_draft",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.origin = 'own' AND NEW.state <> 'DRAFT'"),
            ),
            pgtrigger.Protect(
                name="model_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('PENDING', 'IN_FORCE', 'RETIRED') AND (OLD.number, OLD.factors,"
                    " OLD.levels, OLD.diligence, OLD.back_test, OLD.origin)"
                    " IS DISTINCT FROM (NEW.number, NEW.factors, NEW.levels, NEW.diligence,"
                    " NEW.back_test, NEW.origin)"
                ),
            ),
            pgtrigger.Protect(
                name="model_never_goes",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state IN ('IN_FORCE', 'RETIRED')"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Risk model %(number)s") % {"number": self.number})

    @property
    def digest(self) -> str:
        """Stands for what is rated and what follows from it; another content has another."""
        return digest_of(factors=self.factors, levels=self.levels, diligence=self.diligence)


class RiskAssessment(models.Model):
    """A rating of a customer in a case; the newest of a case counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("kyc.Case", models.PROTECT, related_name="assessments")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    level = models.CharField(_("level"), max_length=6, choices=RISK_LEVELS)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=1)
    factors = models.JSONField(_("factors"))  # [{"code", "points", "facts"}]
    model = models.ForeignKey(RiskModel, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("risk assessment")
        verbose_name_plural = _("risk assessments")
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="risk_assessment_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.level} ({self.score})"


class FileGap(models.Model):
    """
    Something in a customer's file that does not meet the rules in force, as last looked at.

    Gone when the next look does not find it; `found_at` is when it was first seen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    code = models.CharField(_("what is missing"), max_length=60)
    facts = models.JSONField(_("facts"), default=dict)
    level = models.CharField(_("risk"), max_length=6, blank=True)
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("gap in a file")
        verbose_name_plural = _("gaps in files")
        constraints = [models.UniqueConstraint(fields=["customer", "code"], name="gap_once")]
        indexes = [models.Index(fields=["code", "id"], name="gap_by_code")]

    def __str__(self) -> str:
        return self.code
