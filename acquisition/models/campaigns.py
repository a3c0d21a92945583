"""Campaigns: what they are to reach, and what they cost."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.models import Record


class Channel(models.TextChoices):
    WEB = "web", _("Web site")
    BRANCH = "branch", _("Branch")
    PHONE = "phone", _("Telephone")
    EMAIL = "email", _("E-mail")
    SOCIAL = "social", _("Social media")
    PARTNER = "partner", _("Partner")
    REFERRAL = "referral", _("Referral")
    EVENT = "event", _("Event")


class CostKind(models.TextChoices):
    MEDIA = "media", _("Media")
    PRODUCTION = "production", _("Production")
    AGENCY = "agency", _("Agency")
    EVENT = "event", _("Event")
    INCENTIVE = "incentive", _("Incentive")
    OTHER = "other", _("Other cost")


@tracked(table="acquisition_campaign")
class Campaign(Record):
    """A push to an audience on one channel, over a period, with money and targets."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    audience = models.CharField(
        _("audience"), max_length=300, blank=True, help_text=_("Whom it is to reach, in words.")
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    budget = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(_("currency"), max_length=3, default="DKK")
    target_leads = models.PositiveIntegerField(_("leads wanted"), null=True, blank=True)
    target_customers = models.PositiveIntegerField(_("customers wanted"), null=True, blank=True)
    target_cost = models.DecimalField(
        _("highest cost per customer"), max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_start",
                violation_error_message=_("A campaign cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(budget__gte=0),
                name="campaign_budget_not_negative",
                violation_error_message=_("A budget cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(target_cost__isnull=True) | Q(target_cost__gt=0),
                name="campaign_target_cost_positive",
                violation_error_message=_("The cost aimed at lies above zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignCost(Record):
    """
    Money that a campaign has cost, in the campaign's currency.

    An entry never changes: a wrong one is taken back by another with the amount reversed.
    """

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="costs", verbose_name=_("campaign")
    )
    spent_on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=12, choices=CostKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reference = models.CharField(
        _("reference"), max_length=60, blank=True,
        help_text=_("The invoice's number, say: one reference counts once a campaign."),
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=Decimal(0)),
                name="campaign_cost_not_nothing",
                violation_error_message=_("A cost of nothing is none."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "reference"],
                condition=~Q(reference=""),
                name="campaign_cost_reference_once",
                violation_error_message=_("This reference is entered for the campaign already."),
            ),
        ]
        indexes = [models.Index(fields=["campaign", "spent_on"], name="cost_of_campaign")]
        triggers = [pgtrigger.Protect(name="cost_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
