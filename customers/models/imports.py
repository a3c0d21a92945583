"""Where customers came from: source records, and the batches in which they arrived."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from customers.lifecycle import BatchState, ImportBatchLifecycle
from customers.models.party import Customer


class ImportBatch(ImportBatchLifecycle, Record):
    """The customers that one import brought; a second person releases them into service."""

    state_since = models.DateTimeField(_("in this state since"), editable=False)
    job = models.OneToOneField("core.Job", models.PROTECT, related_name="+", editable=False)
    system = models.CharField(_("source system"), max_length=60)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    customers = models.PositiveIntegerField(_("customers"), default=0)
    review_on = models.DateField(_("next KYC review"))

    class Meta:
        verbose_name = _("import batch")
        verbose_name_plural = _("import batches")
        triggers = [state_trigger(ImportBatchLifecycle, initial={BatchState.LOADING})]

    def __str__(self) -> str:
        return self.file_name or self.system


class SourceRecord(models.Model):
    """
    One record of a source system, as last seen; its digest tells whether it has changed since.

    `ciphertext` is what it says of the customer, field by field with the day since when it says
    so (`customers.single_view.payloads`); numbers in it are masked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="source_records")
    system = models.CharField(_("source system"), max_length=60)
    external_id = models.CharField(_("id in the source system"), max_length=120)
    digest = models.BinaryField(max_length=32, editable=False)
    ciphertext = models.TextField(blank=True, editable=False)
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, related_name="rows", editable=False
    )
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("source record")
        verbose_name_plural = _("source records")
        constraints = [
            models.UniqueConstraint(fields=["system", "external_id"], name="source_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.external_id}"


class ImportMapping(models.Model):
    """Which of our columns a source system's columns are, saved under a name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=60, unique=True)
    columns = models.JSONField(_("columns"), default=dict)

    class Meta:
        verbose_name = _("import mapping")
        verbose_name_plural = _("import mappings")

    def __str__(self) -> str:
        return self.name
