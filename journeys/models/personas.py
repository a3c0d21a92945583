"""For whom a map is drawn."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.models import Record


class Persona(Record):
    """
    A kind of customer as people imagine them, with the empathy map; nobody real.

    Belongs to no single map, so that several maps tell of the same person.
    """

    name = models.CharField(_("name"), max_length=120)
    life_phase = models.CharField(
        _("life phase"),
        max_length=120,
        blank=True,
        help_text=_("Such as “first home” or “pension in sight”"),
    )
    description = models.TextField(_("description"), max_length=2000, blank=True)
    goals = models.TextField(_("goals"), max_length=2000, blank=True)
    reassures = models.TextField(_("what reassures"), max_length=2000, blank=True)
    worries = models.TextField(_("what worries"), max_length=2000, blank=True)
    creates_value = models.TextField(_("what creates value"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("personas")

    def __str__(self) -> str:
        return self.name
