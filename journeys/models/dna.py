"""What a bank is known by, and what it shares with others; both can be placed on maps."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.models import Record


class BankValue(Record):
    """A value of the bank's own DNA: what proves it, where customers meet it, how well it shows."""

    name = models.CharField(_("value"), max_length=120, unique=True)
    evidence = models.TextField(
        _("evidence"), max_length=2000, blank=True, help_text=_("What shows that it is true")
    )
    touchpoints = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("where it shows"),
        default=list,
        blank=True,
        help_text=_("Touchpoints, one a line or with commas between"),
    )
    score = models.PositiveSmallIntegerField(
        _("how well it shows, 0 to 5"), default=0, validators=[MaxValueValidator(5)]
    )
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("value of the bank")
        verbose_name_plural = _("values of the bank")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__lte=5),
                name="journeys_bank_value_score",
                violation_error_message=_("A score lies between 0 and 5."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SharedSolution(Record):
    """Something that the bank's community of banks provides for all of them."""

    name = models.CharField(_("shared solution"), max_length=120, unique=True)
    provider = models.CharField(
        _("provider"), max_length=120, help_text=_("The data centre or joint company behind it")
    )
    solves = models.TextField(_("what it solves"), max_length=2000, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("shared solution")
        verbose_name_plural = _("shared solutions")

    def __str__(self) -> str:
        return self.name
