"""Transaction monitoring: versions of rules, alerts, replays, and who is due to be looked at."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.ids import uuid7
from clm.core.lifecycle import RulesState, state_trigger
from clm.core.models import Job, Record
from customers.models import Customer
from kyc.alert_lifecycle import AlertLifecycle, AlertState, RuleLifecycle
from kyc.models.cases import Case


class MonitoringRule(RuleLifecycle, Record):
    """
    One version of a rule's parameters; the one in force counts, and it never changes.

    `parameters` are those that the rule of this `kind` declares (`kyc.monitoring`). A version that
    is switched off finds nothing: a rule is switched off like it is changed, by two people.
    """

    kind = models.CharField(_("rule"), max_length=40)
    number = models.PositiveIntegerField(_("version"), editable=False)
    note = models.CharField(_("what changes and why"), max_length=300, blank=True)
    switched_on = models.BooleanField(_("switched on"), default=True)
    parameters = models.JSONField(_("parameters"))
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)

    class Meta:
        verbose_name = _("monitoring rule")
        verbose_name_plural = _("monitoring rules")
        ordering = ["kind", "-number"]
        permissions = [
            ("approve_monitoringrule", _("Can put a monitoring rule in force")),
            ("retire_monitoringrule", _("Can retire a monitoring rule")),
            ("run_monitoring", _("Can run transaction monitoring")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="monitoring_rule_once"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state=RulesState.IN_FORCE),
                name="monitoring_rule_one_in_force",
            ),
        ]
        triggers = [
            # The first versions come with the platform, in force.
            state_trigger(RuleLifecycle, initial={RulesState.DRAFT, RulesState.IN_FORCE}),
            pgtrigger.Protect(
                name="first_alone_begins_in_force",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.number > 1 AND NEW.state <> 'DRAFT'"),
            ),
            pgtrigger.Protect(
                name="parameters_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "kind", "number", "parameters", "switched_on", "note"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


@tracked(table="kyc_alert", silent=["state", "state_since", "case"])
class Alert(AlertLifecycle, Record):
    """
    A behaviour that a rule found; the same behaviour is one alert, which grows.

    `key` is the transaction with which it became known: no second alert of the customer and the
    rule can begin with it.
    """

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", verbose_name=_("customer")
    )
    rule = models.ForeignKey(
        MonitoringRule, models.PROTECT, related_name="alerts", verbose_name=_("rule")
    )
    kind = models.CharField(_("kind"), max_length=40, editable=False)
    key = models.UUIDField(editable=False)
    score = models.PositiveSmallIntegerField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list)  # [{"code", "points", "facts"}]
    facts = models.JSONField(_("facts"), default=dict)
    transactions = ArrayField(models.UUIDField(), verbose_name=_("transactions"))
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="alerts", verbose_name=_("case")
    )
    # Dismissed before on some of the same transactions.
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("transaction alert")
        verbose_name_plural = _("transaction alerts")
        permissions = [
            ("escalate_alert", _("Can open a case on an alert")),
            ("dismiss_alert", _("Can dismiss an alert")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "key"], name="alert_once"),
            models.CheckConstraint(
                name="alert_in_its_case",
                condition=~Q(state=AlertState.CASE) | Q(case__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["-score", "-id"], name="alert_open", condition=Q(state="OPEN")),
            models.Index(fields=["customer", "kind", "last_on"], name="alert_of_customer"),
        ]
        triggers = [state_trigger(AlertLifecycle, initial={AlertState.OPEN})]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people call it: the end of its id."""
        return f"TM-{self.pk.hex[-6:].upper()}"


class MonitoringDue(models.Model):
    """
    A customer with transactions that monitoring has not seen, and the earliest day of them.

    Written by a trigger on the table of transactions, so whatever way they come in (a file, the
    API, one that had waited) they are here; gone with the step that looked at them.
    """

    customer = models.OneToOneField(Customer, models.DO_NOTHING, primary_key=True, related_name="+")
    since = models.DateField(_("since"))

    class Meta:
        verbose_name = _("customer to be monitored")
        verbose_name_plural = _("customers to be monitored")

    def __str__(self) -> str:
        return str(self.since)


class RuleReplay(models.Model):
    """A version tried on history: what it would have found, beside the version in force."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.ForeignKey(MonitoringRule, models.PROTECT, related_name="replays")
    beside = models.ForeignKey(MonitoringRule, models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    done_at = models.DateTimeField(_("done at"), null=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    customers = models.PositiveIntegerField(_("customers"), default=0)
    transactions = models.PositiveBigIntegerField(_("transactions"), default=0)
    found = models.PositiveIntegerField(_("found"), default=0)
    cases = models.PositiveIntegerField(_("cases"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    gone = models.PositiveIntegerField(_("gone"), default=0)
    concerned = models.PositiveIntegerField(_("customers concerned"), default=0)
    months = models.JSONField(_("by month"), default=dict)  # {"2026-01": [found, in force]}

    class Meta:
        verbose_name = _("replay of a rule")
        verbose_name_plural = _("replays of rules")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.rule}, {self.since} – {self.until}"


class ReplayExample(models.Model):
    """One of the strongest behaviours that a replay found."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    replay = models.ForeignKey(RuleReplay, models.CASCADE, related_name="examples")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"))
    facts = models.JSONField(_("facts"), default=dict)
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    is_new = models.BooleanField(_("new"))

    class Meta:
        verbose_name = _("example of a replay")
        verbose_name_plural = _("examples of replays")
        ordering = ["-score", "-last_on", "id"]

    def __str__(self) -> str:
        return f"{self.first_on} – {self.last_on}"
