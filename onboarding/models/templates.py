"""What is asked of each kind of customer."""

import hashlib

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clm.core.canonical import canonical
from clm.core.history import tracked
from clm.core.lifecycle import RulesState, state_trigger
from clm.core.models import Record
from onboarding.blueprint import worded
from onboarding.kinds import TemplateKind
from onboarding.template_lifecycle import TemplateLifecycle


@tracked(table="onboarding_applicationtemplate", silent=["state"])
class ApplicationTemplate(TemplateLifecycle, Record):
    """
    What is asked of one kind of customer: steps -> tasks -> fields, as data; one version a kind is
    in force.

    What was in force once is never edited and never goes: applications stand on it. The shape of
    `data` is told in :mod:`onboarding.blueprint`. `simulation` is what its last trial on past
    applications found, with the digest of the content it was about.
    """

    class Origin(models.TextChoices):
        OWN = "own", _("Written by the bank")
        SHIPPED = "shipped", _("Came with the platform")

    kind = models.CharField(_("kind"), max_length=32, choices=TemplateKind.choices)
    number = models.PositiveIntegerField(_("version"))
    name = models.JSONField(_("name"))
    note = models.CharField(_("what changes and why"), max_length=300, blank=True)
    data = models.JSONField(_("content"))
    simulation = models.JSONField(_("trial"), default=dict, blank=True, editable=False)
    origin = models.CharField(
        _("origin"), max_length=7, choices=Origin.choices, default=Origin.OWN, editable=False
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("application template")
        verbose_name_plural = _("application templates")
        ordering = ["kind", "-number"]
        permissions = [
            ("approve_applicationtemplate", _("Can put an application template in force"))
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="template_number_once_a_kind"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state=RulesState.IN_FORCE),
                name="template_one_in_force",
            ),
            models.CheckConstraint(
                name="template_in_force_since",
                condition=Q(state__in=[RulesState.DRAFT, RulesState.PENDING])
                | Q(valid_from__isnull=False),
            ),
        ]
        triggers = [
            state_trigger(
                TemplateLifecycle,
                initial={RulesState.DRAFT, RulesState.IN_FORCE, RulesState.RETIRED},
            ),
            # What the bank writes itself takes the whole way, past a second person.
            pgtrigger.Protect(
                name="own_begins_as_draft",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.origin = 'own' AND NEW.state <> 'DRAFT'"),
            ),
            pgtrigger.Protect(
                name="template_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('PENDING', 'IN_FORCE', 'RETIRED') AND (OLD.kind, OLD.number,"
                    " OLD.name, OLD.data, OLD.simulation, OLD.origin)"
                    " IS DISTINCT FROM (NEW.kind, NEW.number, NEW.name, NEW.data,"
                    " NEW.simulation, NEW.origin)"
                ),
            ),
            pgtrigger.Protect(
                name="template_never_goes",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state IN ('IN_FORCE', 'RETIRED')"),
            ),
        ]

    def __str__(self) -> str:
        return f"{worded(self.name)} · {self.number}"

    @property
    def digest(self) -> str:
        """Stands for the content; another content has another."""
        return hashlib.sha256(canonical({"name": self.name, "data": self.data})).hexdigest()
