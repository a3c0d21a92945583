"""Policies that people attest, and cleared cases that a second person looks at again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import RulesState, state_trigger
from clm.core.models import Record
from kyc.culture.lifecycle import PolicyLifecycle
from kyc.models.cases import Case


class PolicyText(PolicyLifecycle, Record):
    """One version of a policy; the one in force of a code is to be attested. Texts never change."""

    code = models.SlugField(_("code"), max_length=40)
    number = models.PositiveIntegerField(_("version"), editable=False)
    title_da = models.CharField(_("title in Danish"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120)
    text_da = models.TextField(_("text in Danish"), max_length=20_000)
    text_en = models.TextField(_("text in English"), max_length=20_000)
    roles = ArrayField(models.CharField(max_length=40), verbose_name=_("roles that attest"))
    due_on = models.DateField(_("to be attested by"))

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        permissions = [
            ("view_culture", _("Can see compliance culture and early warning")),
            ("approve_policytext", _("Can publish a policy that another person wrote")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state=RulesState.IN_FORCE),
                name="policy_one_in_force",
            ),
        ]
        triggers = [state_trigger(PolicyLifecycle, initial={RulesState.DRAFT})]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.title_da if (get_language() or "").startswith("da") else self.title_en

    @property
    def role_labels(self) -> list[str]:
        """Who attests it."""
        known = settings.CLM_ROLES
        return [str(known[name].label) if name in known else name for name in self.roles]

    @property
    def text(self) -> str:
        return self.text_da if (get_language() or "").startswith("da") else self.text_en


class Attestation(Record):
    """Somebody has read a version of a policy and will keep to it."""

    policy = models.ForeignKey(PolicyText, models.PROTECT, related_name="attestations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        constraints = [models.UniqueConstraint(fields=["policy", "user"], name="attested_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.policy}"


class QualitySample(Record):
    """A random part of the cases cleared in a month; the same seed draws the same cases."""

    month = models.DateField(_("month"), unique=True)
    percent = models.PositiveSmallIntegerField(
        _("percent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    seed = models.CharField(_("seed"), max_length=40)
    population = models.PositiveIntegerField(_("cases cleared"))

    class Meta:
        verbose_name = _("quality sample")
        verbose_name_plural = _("quality samples")
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class QualityReview(Record):
    """A case of a sample, looked at again by somebody who had no hand in it."""

    class Verdict(models.TextChoices):
        AGREE = "agree", _("Agree")
        ERROR = "error", _("Error")

    class ErrorKind(models.TextChoices):
        DECISION = "decision", _("The decision is wrong")
        HIT = "hit", _("A hit was decided wrongly")
        EVIDENCE = "evidence", _("Evidence is missing")
        REASON = "reason", _("The reason does not carry the decision")
        LATE = "late", _("A deadline was passed")

    sample = models.ForeignKey(QualitySample, models.PROTECT, related_name="reviews")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, blank=True)
    error_kind = models.CharField(
        _("kind of error"), max_length=12, choices=ErrorKind.choices, blank=True
    )
    comment = models.TextField(_("comment"), blank=True, max_length=2000)
    examiner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("examined by"),
    )  # fmt: skip
    examined_at = models.DateTimeField(_("examined at"), null=True, blank=True)

    class Meta:
        verbose_name = _("quality review")
        verbose_name_plural = _("quality reviews")
        constraints = [
            models.UniqueConstraint(fields=["sample", "case"], name="sampled_once"),
            models.CheckConstraint(
                name="quality_error_named",
                condition=~Q(verdict="error") | ~Q(error_kind=""),
            ),
            models.CheckConstraint(
                name="quality_examined_whole",
                condition=Q(verdict="", examiner__isnull=True, examined_at__isnull=True)
                | (~Q(verdict="") & Q(examiner__isnull=False, examined_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample}: {self.case}"
