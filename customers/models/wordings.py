"""The wordings that customers are asked by when they consent, version by version."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import RulesState, state_trigger
from clm.core.models import Record
from customers.consent.lifecycle import WordingLifecycle
from customers.models.consent import Purpose


class ConsentWording(WordingLifecycle, Record):
    """
    One version of what a customer agrees to for one purpose, in Danish and in English.

    What was in force once never changes and never goes: consents point at it (GDPR art. 7(1)).
    `in_force_from` is the instant of the approval, `in_force_until` that of the next version's.
    """

    class Origin(models.TextChoices):
        OWN = "own", _("Written by the bank")
        SHIPPED = "shipped", _("Came with the platform")
        BEFORE = "before", _("Used before the platform")

    purpose = models.CharField(_("purpose"), max_length=14, choices=Purpose.choices)
    number = models.PositiveIntegerField(_("version"), editable=False)
    code = models.CharField(_("name"), max_length=40, editable=False)
    text_da = models.TextField(_("text in Danish"), max_length=4000)
    text_en = models.TextField(_("text in English"), max_length=4000)
    note = models.CharField(_("what changes and why"), max_length=300, blank=True)
    origin = models.CharField(
        _("origin"), max_length=7, choices=Origin.choices, default=Origin.OWN, editable=False
    )
    in_force_from = models.DateTimeField(_("in force from"), null=True, editable=False)
    in_force_until = models.DateTimeField(_("in force until"), null=True, editable=False)

    class Meta:
        verbose_name = _("wording of a consent")
        verbose_name_plural = _("wordings of consents")
        ordering = ["purpose", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "number"], name="wording_version_once"),
            models.UniqueConstraint(fields=["purpose", "code"], name="wording_code_once"),
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(state=RulesState.IN_FORCE),
                name="wording_one_in_force",
            ),
            models.CheckConstraint(
                name="wording_period",
                condition=Q(in_force_until__isnull=True)
                | Q(in_force_until__gte=F("in_force_from")),
            ),
            models.CheckConstraint(
                name="wording_in_force_since",
                condition=Q(state__in=[RulesState.DRAFT, RulesState.PENDING])
                | Q(in_force_from__isnull=False),
            ),
            models.CheckConstraint(
                name="wording_retired_at",
                condition=~Q(state=RulesState.RETIRED) | Q(in_force_until__isnull=False),
            ),
        ]
        triggers = [
            state_trigger(
                WordingLifecycle,
                initial={RulesState.DRAFT, RulesState.IN_FORCE, RulesState.RETIRED},
            ),
            # What the bank writes itself takes the whole way, past a second person.
            pgtrigger.Protect(
                name="own_begins_as_draft",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.origin = 'own' AND NEW.state <> 'DRAFT'"),
            ),
            pgtrigger.Protect(
                name="wording_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('IN_FORCE', 'RETIRED') AND (OLD.purpose, OLD.number, OLD.code,"
                    " OLD.text_da, OLD.text_en, OLD.note, OLD.origin, OLD.in_force_from)"
                    " IS DISTINCT FROM (NEW.purpose, NEW.number, NEW.code, NEW.text_da,"
                    " NEW.text_en, NEW.note, NEW.origin, NEW.in_force_from)"
                    " OR OLD.in_force_until IS NOT NULL"
                    " AND NEW.in_force_until IS DISTINCT FROM OLD.in_force_until"
                ),
            ),
            pgtrigger.Protect(
                name="wording_never_goes",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state IN ('IN_FORCE', 'RETIRED')"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.code}"

    def text_in(self, language: str) -> str:
        """The words as they are shown in `da` or `en`."""
        return self.text_da if language == "da" else self.text_en
