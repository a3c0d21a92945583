"""Leads past their time, erased together: asked for by one, released by another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from acquisition.lifecycle import ErasureState, LeadErasureLifecycle
from clm.core.lifecycle import state_trigger
from clm.core.models import Record


class LeadErasure(LeadErasureLifecycle, Record):
    """The leads without a sign of life since a day, and what became of their erasure."""

    state_since = models.DateTimeField(_("in this state since"), editable=False)
    quiet_since = models.DateField(_("last contact before"))
    years = models.PositiveSmallIntegerField(_("kept for years"))
    law = models.CharField(_("rule"), max_length=200)
    expected = models.PositiveIntegerField(_("leads when asked"))
    erased = models.PositiveIntegerField(_("leads erased"), default=0, editable=False)
    job = models.OneToOneField(
        "core.Job", models.PROTECT, related_name="+", null=True, editable=False
    )
    certificate = models.CharField(max_length=80, blank=True, editable=False)
    # Of the ids in their order: who has a list of leads can show that it is this one.
    digest = models.CharField(_("digest of the ids"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("erasure of leads")
        verbose_name_plural = _("erasures of leads")
        triggers = [state_trigger(LeadErasureLifecycle, initial={ErasureState.DRAFT})]

    def __str__(self) -> str:
        return str(_("Leads last heard of before %(day)s") % {"day": self.quiet_since})
