"""The people who work on cases: how much of the week they have for them, and when they are away."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.models import Record


class CaseTeam(Record):
    """How the team gets its cases; there is one row, and none is the same as all switched off."""

    one = models.BooleanField(default=True, unique=True, editable=False)
    shares_out = models.BooleanField(_("new cases are shared out"), default=False)

    class Meta:
        verbose_name = _("case team")
        verbose_name_plural = _("case teams")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class CaseWorker(Record):
    """What is known of somebody as a case worker; who has no row has the usual week."""

    USUAL_HOURS = 20

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_worker",
        verbose_name=_("user"),
    )  # fmt: skip
    hours_a_week = models.PositiveSmallIntegerField(
        _("hours a week for cases"), default=USUAL_HOURS,
        validators=[MinValueValidator(0), MaxValueValidator(60)],
    )  # fmt: skip
    away_until = models.DateField(_("away until"), null=True, blank=True)

    class Meta:
        verbose_name = _("case worker")
        verbose_name_plural = _("case workers")

    def __str__(self) -> str:
        return str(self.user)
