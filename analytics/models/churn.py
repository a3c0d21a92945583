"""The register of models, and what they said of whom."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics.lifecycle import ModelLifecycle, ModelState
from clm.core.history import tracked
from clm.core.ids import uuid7
from clm.core.lifecycle import state_trigger
from clm.core.models import Record

CHURN = "churn"


@tracked(table="analytics_modelversion", silent=["state"])
class ModelVersion(ModelLifecycle, Record):
    """
    One trained model with all that is needed to judge it and to run it again.

    `file` is a skops file, never a pickle: reading it cannot run anybody's code.
    """

    name = models.CharField(_("model"), max_length=40)
    number = models.PositiveIntegerField(_("version number"))
    algorithm = models.CharField(_("algorithm"), max_length=120)
    features = models.JSONField(_("features"))
    data_hash = models.CharField(_("digest of the data"), max_length=64)
    data_until = models.DateField(_("data until"), null=True, blank=True)
    metrics = models.JSONField(_("figures, out of fold"))
    card = models.JSONField(_("model card"))
    file = models.CharField(max_length=255, editable=False)
    file_hash = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        permissions = [
            ("train_model", _("Can train a model")),
            ("approve_model", _("Can approve a model")),
            ("score_customers", _("Can start scoring")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="model_version_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(state="APPROVED"), name="model_one_in_use"
            ),
        ]
        triggers = [state_trigger(ModelLifecycle, initial={ModelState.DRAFT})]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class ChurnScore(Record):
    """
    How likely one customer was to leave within 90 days, as one model saw it on one day.

    Computed data: written in bulk and never changed; what crosses the threshold, and another
    main reason above it, is an event.
    """

    class Band(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        related_name="churn_scores",
        verbose_name=_("customer"),
        db_index=False,  # churn_score_once_a_day begins with it
    )
    # Overrides the record's, without its index: nobody looks for scores by the second.
    created_at = models.DateTimeField(_("created at"), editable=False)
    scored_on = models.DateField(_("scored on"))
    probability = models.FloatField(_("probability"))
    band = models.CharField(_("band"), max_length=6, choices=Band.choices)
    main_reason = models.CharField(_("main reason"), max_length=60, blank=True)
    reasons = models.JSONField(_("reasons"), default=list)
    base = models.FloatField(_("probability without reasons"))
    model_version = models.ForeignKey(
        ModelVersion, models.PROTECT, related_name="scores", verbose_name=_("model"),
        db_index=False,
    )  # fmt: skip

    class Meta:
        verbose_name = _("churn score")
        verbose_name_plural = _("churn scores")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "scored_on"], name="churn_score_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1), name="churn_probability_range"
            ),
        ]
        indexes = [models.Index(fields=["scored_on", "-probability"], name="churn_score_day")]

    def __str__(self) -> str:
        return f"{self.probability:.0%}"


class DriftReading(models.Model):
    """
    What one day's scoring saw of all customers, for the model that scored them.

    Counts only: how many customers lie in each part of each feature and of the score (the parts
    are in the model's card), and how many of each group are at risk.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    model_version = models.ForeignKey(
        ModelVersion, models.PROTECT, related_name="readings", verbose_name=_("model"),
        db_index=False,
    )  # fmt: skip
    on = models.DateField(_("on"))
    rows = models.PositiveIntegerField(_("customers"), default=0)
    counts = models.JSONField(_("counts by feature"), default=dict)
    flagged = models.JSONField(_("at risk by group"), default=dict)

    class Meta:
        verbose_name = _("drift reading")
        verbose_name_plural = _("drift readings")
        constraints = [
            models.UniqueConstraint(fields=["model_version", "on"], name="drift_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.model_version} {self.on}"
