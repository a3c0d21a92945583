"""Suspicious-activity reports, who else may read one, and the chain of what happened to them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from clm.core.lifecycle import state_trigger
from clm.core.models import Record
from clm.core.models.events import append_only
from customers.models import Customer
from kyc.models.cases import Case
from kyc.models.monitoring import Alert
from kyc.suspicion.lifecycle import ReportLifecycle, ReportState

_SENT = [ReportState.PENDING, ReportState.APPROVED, ReportState.FILED]


class SuspicionReport(ReportLifecycle, Record):
    """
    A report to the authority about one customer.

    `document` is the XML as it was sent for approval (encrypted), `digest` its SHA-256: what the
    second person sees is what is filed. The customer is the record it was written about; one that
    is merged into another keeps its reports, and they are read through the other.
    """

    class Kind(models.TextChoices):
        STR = "STR", _("Suspicious transactions")
        SAR = "SAR", _("Suspicious activity")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", verbose_name=_("customer")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("case")
    )
    alert = models.ForeignKey(
        Alert, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("alert")
    )
    kind = models.CharField(_("kind of report"), max_length=3, choices=Kind.choices)
    reason = models.TextField(_("reason for the suspicion"), blank=True)
    action = models.TextField(_("what the bank has done"), blank=True)
    indicators = ArrayField(
        models.CharField(max_length=20), verbose_name=_("indicators"), default=list, blank=True
    )
    transactions = ArrayField(
        models.UUIDField(), verbose_name=_("transactions"), default=list, blank=True
    )
    rates = models.JSONField(_("exchange rates"), default=dict, blank=True)  # {"EUR": "7.46"}
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("asked by"),
    )  # fmt: skip
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("approved by"),
    )  # fmt: skip
    document = models.TextField(editable=False, blank=True)
    digest = models.BinaryField(max_length=32, null=True, editable=False)
    receipt = models.CharField(_("receipt number"), max_length=60, blank=True)
    filed_at = models.DateTimeField(_("filed at"), null=True, blank=True)
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)

    class Meta:
        verbose_name = _("suspicious-activity report")
        verbose_name_plural = _("suspicious-activity reports")
        permissions = [
            ("read_granted_suspicionreport", _("Can read reports opened to them one by one")),
            ("grant_suspicionreport", _("Can open a report to an auditor")),
        ]
        constraints = [
            models.CheckConstraint(
                name="report_second_person",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("proposed_by")) & ~Q(approved_by=F("written_by"))),
            ),
            models.CheckConstraint(
                name="report_sent_as_it_stands",
                condition=~Q(state__in=_SENT) | Q(proposed_by__isnull=False, digest__isnull=False),
            ),
            models.CheckConstraint(
                name="report_approved_by_somebody",
                condition=~Q(state__in=[ReportState.APPROVED, ReportState.FILED])
                | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="report_filed_with_receipt",
                condition=~Q(state=ReportState.FILED)
                | (Q(filed_at__isnull=False) & ~Q(receipt="")),
            ),
        ]
        indexes = [models.Index(fields=["customer"], name="report_of_customer")]
        triggers = [
            state_trigger(ReportLifecycle, initial={ReportState.DRAFT}),
            # What a second person was shown stays; erasure alone empties it.
            pgtrigger.Protect(
                name="stays_as_sent",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'DRAFT' AND NEW.state <> 'DRAFT' AND NEW.reason <> ''"
                    " AND (NEW.kind, NEW.reason, NEW.action, NEW.indicators, NEW.transactions,"
                    " NEW.rates, NEW.digest, NEW.written_by_id, NEW.proposed_by_id)"
                    " IS DISTINCT FROM (OLD.kind, OLD.reason, OLD.action, OLD.indicators,"
                    " OLD.transactions, OLD.rates, OLD.digest, OLD.written_by_id,"
                    " OLD.proposed_by_id)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people call it: the end of its id."""
        return f"SR-{self.pk.hex[-6:].upper()}"

    @property
    def in_draft(self) -> bool:
        return bool(self.state == ReportState.DRAFT)


class SuspicionGrant(models.Model):
    """One report opened to one reader from outside compliance, by a compliance officer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(SuspicionReport, models.PROTECT, related_name="grants")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reader")
    )
    reason = models.CharField(_("reason"), max_length=300)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(_("given at"))
    until = models.DateField(_("until"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("access to a report")
        verbose_name_plural = _("accesses to reports")
        constraints = [
            models.CheckConstraint(
                name="grant_to_somebody_else", condition=~Q(reader=F("given_by"))
            ),
            models.UniqueConstraint(
                fields=["report", "reader"],
                condition=Q(withdrawn_at__isnull=True),
                name="grant_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader} {self.until}"


class SuspicionEntry(models.Model):
    """
    What happened to a report, and who looked at it: one chain over all reports.

    Chained by the same hash as the event log, in a table that nothing of the log's readers knows.
    One chain, so that a report taken away as a whole leaves a gap.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sequence = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    report = models.ForeignKey(SuspicionReport, models.PROTECT, related_name="entries")
    action = models.CharField(_("action"), max_length=80)
    source = models.CharField(_("from state"), max_length=50, blank=True)
    target = models.CharField(_("to state"), max_length=50, blank=True)
    payload = models.JSONField(_("facts"), default=dict)
    words_mac = models.BinaryField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("entry about a report")
        verbose_name_plural = _("entries about reports")
        triggers = [append_only("suspicion_entry_append_only")]

    def __str__(self) -> str:
        return f"#{self.sequence} {self.action}"


class SuspicionWords(models.Model):
    """What people wrote with an entry; erasure empties it, and the chain stays valid."""

    entry = models.OneToOneField(
        SuspicionEntry, models.PROTECT, primary_key=True, related_name="words"
    )
    key = models.BinaryField()
    content = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("words about a report")
        verbose_name_plural = _("words about reports")

    def __str__(self) -> str:
        return str(self.entry_id)
