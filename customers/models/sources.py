"""Source systems, and the rules by which one of their values becomes the customer's."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from clm.core.lifecycle import RulesState, state_trigger
from clm.core.models import Record
from customers.single_view.lifecycle import RulesLifecycle


class SourceSystem(models.Model):
    """
    A system that tells of customers, by the code under which its records come.

    How far it is trusted, field by field, stands in the survivorship rules: a rank decides
    values, so it needs a second person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("source system")
        verbose_name_plural = _("source systems")
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.name


class SurvivorshipRules(RulesLifecycle, Record):
    """
    One version of the rules; the highest number in force counts.

    `policies`: field -> policy (`trusted`, `recent`, `longest`, `manual`).
    `ranks`: system -> field or `*` -> rank, 1 being the most trusted.
    """

    number = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    note = models.CharField(_("what changes and why"), max_length=300, blank=True)
    policies = models.JSONField(_("policies"), default=dict)
    ranks = models.JSONField(_("ranks"), default=dict)

    class Meta:
        verbose_name = _("survivorship rules")
        verbose_name_plural = _("survivorship rules")
        ordering = ["-number"]
        triggers = [state_trigger(RulesLifecycle, initial={RulesState.DRAFT})]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}"
