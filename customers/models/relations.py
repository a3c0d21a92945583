"""Who is what to whom: ownership, offices, powers, family."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from customers.models.party import Customer


class RelationKind(models.TextChoices):
    OWNERSHIP = "ownership", _("Ownership")
    DIRECTOR = "director", _("Director")
    SIGNATORY = "signatory", _("Signatory")
    POWER_OF_ATTORNEY = "power_of_attorney", _("Power of attorney")
    SPOUSE = "spouse", _("Spouse")
    GUARDIAN = "guardian", _("Guardian")
    HOUSEHOLD = "household", _("Household")
    NOMINEE = "nominee", _("Nominee")


#: Kinds that read the same from either end.
MUTUAL = frozenset({RelationKind.SPOUSE, RelationKind.HOUSEHOLD})
#: Kinds between two persons, and kinds whose other end is an organisation.
BETWEEN_PERSONS = frozenset({RelationKind.SPOUSE, RelationKind.GUARDIAN, RelationKind.HOUSEHOLD})
OF_ORGANISATIONS = frozenset({RelationKind.OWNERSHIP, RelationKind.DIRECTOR})


class Relation(models.Model):
    """
    `customer` is, in the period, `kind` to `other`: owns a share of it, is its director, is
    guardian of it, holds as nominee for it, …

    The period is half open: `valid_to` is the first day on which it no longer holds, so that a
    share that changes hands on a day is never counted twice. Shares are percents.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=RelationKind.choices)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="relations")
    other = models.ForeignKey(Customer, models.PROTECT, related_name="relations_to")
    share = models.DecimalField(
        _("share of capital"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    votes = models.DecimalField(
        _("share of votes"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.CheckConstraint(
                name="relation_of_two",
                condition=~Q(customer=F("other")),
                violation_error_message=_("Nobody is related to themselves."),
            ),
            models.CheckConstraint(
                name="relation_percentages",
                condition=(Q(share__isnull=True) | Q(share__gte=0, share__lte=100))
                & (Q(votes__isnull=True) | Q(votes__gte=0, votes__lte=100)),
                violation_error_message=_("A share is between 0 and 100 per cent."),
            ),
            models.CheckConstraint(
                name="relation_shares_are_ownership",
                condition=(Q(kind="ownership") & (Q(share__isnull=False) | Q(votes__isnull=False)))
                | (~Q(kind="ownership") & Q(share__isnull=True, votes__isnull=True)),
                violation_error_message=_("An owner has a share, and nobody else has."),
            ),
            models.CheckConstraint(
                name="relation_period",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("A relation cannot end before it begins."),
            ),
            models.UniqueConstraint(
                fields=["kind", "customer", "other"],
                condition=Q(valid_to__isnull=True),
                name="relation_once",
                violation_error_message=_("This relation is recorded already."),
            ),
        ]
        indexes = [
            models.Index(fields=["other", "kind"], name="relation_to"),
            models.Index(fields=["customer", "kind"], name="relation_from"),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.get_kind_display()}, {self.other}"
