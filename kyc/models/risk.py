"""How risk is rated: models as versioned data, and each rating with its reasons."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from customers.models import Customer


class RiskModel(models.Model):
    """
    Weighted factors and the points at which a level begins, as data; one is in force.

    `factors`: `[{"code", "points", …parameters}]`; `levels`: `{"medium": points, "high": points}`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(_("version"), unique=True)
    factors = models.JSONField(_("factors"))
    levels = models.JSONField(_("levels"))
    in_force = models.BooleanField(_("in force"), default=False)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("risk model")
        verbose_name_plural = _("risk models")
        constraints = [
            models.UniqueConstraint(
                fields=["in_force"], condition=Q(in_force=True), name="risk_model_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return str(self.number)


class RiskAssessment(models.Model):
    """A rating of a customer in a case; the newest of a case counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("kyc.Case", models.PROTECT, related_name="assessments")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    level = models.CharField(
        _("level"), max_length=6,
        choices=[("low", _("Low")), ("medium", _("Medium")), ("high", _("High"))],
    )  # fmt: skip
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
