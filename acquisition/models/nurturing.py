"""What follows by itself on a lead: the steps of its campaign, and what it is offered."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from acquisition.models.campaigns import Campaign
from acquisition.models.leads import Lead
from clm.core.models import Record

#: By what a lead can be reached: nothing else is known of them.
STEP_CHANNELS = [("email", _("E-mail")), ("sms", _("Text message")), ("phone", _("Telephone"))]


def _in_danish() -> bool:
    return (get_language() or "").startswith("da")


class NurtureStep(Record):
    """One step of a campaign's plan for its leads: after how long, by what, and what is said."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="steps", verbose_name=_("campaign")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    after_days = models.PositiveSmallIntegerField(
        _("business days after the one before"), validators=[MaxValueValidator(365)]
    )
    channel = models.CharField(_("channel"), max_length=8, choices=STEP_CHANNELS)
    title = models.CharField(_("title"), max_length=120)
    text_da = models.TextField(_("text in Danish"), max_length=2000, blank=True)
    text_en = models.TextField(_("text in English"), max_length=2000, blank=True)
    is_used = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("nurturing step")
        verbose_name_plural = _("nurturing steps")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "position"],
                name="nurture_position_once",
                violation_error_message=_("There is a step in this place already."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def text_in(self, language: str) -> str:
        return self.text_da if language == "da" else self.text_en


class StepOutcome(models.TextChoices):
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Left out")


class LeadStep(Record):
    """A step of the plan that is due for one lead; the next one is made when it is done."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="steps")
    step = models.ForeignKey(NurtureStep, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("due at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=StepOutcome.choices, blank=True, editable=False
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )

    class Meta:
        verbose_name = _("step of a lead")
        verbose_name_plural = _("steps of leads")
        constraints = [models.UniqueConstraint(fields=["lead", "step"], name="lead_step_once")]
        indexes = [
            models.Index(fields=["due_at"], name="lead_step_due", condition=Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return str(self.step)


class Incentive(Record):
    """What a campaign offers who becomes a customer: a product on better terms, a welcome gift."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="incentives", verbose_name=_("campaign")
    )
    name_da = models.CharField(_("name in Danish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    text_da = models.TextField(_("text in Danish"), max_length=1000)
    text_en = models.TextField(_("text in English"), max_length=1000)
    product = models.ForeignKey(
        "customers.Product", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("product"),
    )  # fmt: skip
    cost = models.DecimalField(
        _("cost to the bank"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    is_used = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("offer of a campaign")
        verbose_name_plural = _("offers of campaigns")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="incentive_period",
                violation_error_message=_("An offer cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=0),
                name="incentive_cost",
                violation_error_message=_("A cost cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_da if _in_danish() else self.name_en

    def text_in(self, language: str) -> str:
        return self.text_da if language == "da" else self.text_en


class LeadOffer(Record):
    """An offer of the campaign made to one lead, and by what; it goes with them into the bank."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="offers")
    incentive = models.ForeignKey(Incentive, models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=8, choices=STEP_CHANNELS, blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("offer to a lead")
        verbose_name_plural = _("offers to leads")
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "incentive"],
                name="lead_offered_once",
                violation_error_message=_("This was offered to the lead already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.incentive)
