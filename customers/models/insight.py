"""What analytics has learnt about a customer; written through services, read by engagement and retention."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.party import Customer


class CustomerInsight(models.Model):
    """The latest scores of one customer. Never made from risk or KYC data (AMLR art. 76)."""

    class Band(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="insight"
    )
    churn_probability = models.FloatField(_("churn probability"), null=True, blank=True)
    churn_before = models.FloatField(_("churn probability before"), null=True, blank=True)
    churn_band = models.CharField(_("churn band"), max_length=6, choices=Band.choices, blank=True)
    churn_reasons = models.JSONField(_("reasons"), default=list, blank=True)
    churn_scored_at = models.DateTimeField(_("scored at"), null=True, blank=True)
    model_version = models.CharField(_("model version"), max_length=60, blank=True)
    value = models.DecimalField(
        _("lifetime value"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    value_low = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    value_high = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    segment = models.CharField(_("segment"), max_length=40, blank=True)
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("customer insight")
        verbose_name_plural = _("customer insights")
        indexes = [models.Index(fields=["-churn_probability"], name="insight_churn")]

    def __str__(self) -> str:
        return str(self.customer_id)
