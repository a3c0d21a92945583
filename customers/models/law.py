"""Law sets: which law is in force where and from when, with its rules as data."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7


class LawSet(models.Model):
    """
    One version of one law, as `customers.law` reads it. A version never changes and never goes:
    what was decided under it can be decided again. A new wording is a new version.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(_("code"), max_length=40)
    number = models.PositiveIntegerField(_("version"))
    name_da = models.CharField(_("name in Danish"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"))
    in_force_from = models.DateField(_("in force from"))
    in_force_to = models.DateField(_("in force until"), null=True, blank=True)
    rules = models.JSONField(_("rules"))
    loaded_at = models.DateTimeField(_("loaded at"))

    class Meta:
        verbose_name = _("law set")
        verbose_name_plural = _("law sets")
        ordering = ["code", "number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="law_set_version_once"),
            models.CheckConstraint(
                name="law_set_period",
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gt=F("in_force_from")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="version_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        name = self.name_da if (get_language() or "").startswith("da") else self.name_en
        return f"{name}, {self.number}"
